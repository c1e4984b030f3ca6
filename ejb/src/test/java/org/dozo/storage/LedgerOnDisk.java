// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Stands in for the database: a directory with a file a volume and a file a committed object. Survives a killed process. */
final class LedgerOnDisk implements VolumeRegistry, CopyLedger {

    private final Path directory;
    volatile boolean answers = true;
    final Set<String> lostNodes = ConcurrentHashMap.newKeySet();

    LedgerOnDisk(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<Registration> find(String volumeName) throws SQLException {
        requireAnswer();
        Path file = directory.resolve("volume-" + volumeName);
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String[] fields = Files.readString(file).split(" ");
            return Optional.of(new Registration(Short.parseShort(fields[0]), UUID.fromString(fields[1])));
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    @Override
    public Registration register(String volumeName, UUID marker) throws SQLException {
        requireAnswer();
        synchronized (this) {
            try {
                if (find(volumeName).isEmpty()) {
                    write("volume-" + volumeName, (files("volume-").size() + 1) + " " + marker);
                }
            } catch (IOException e) {
                throw new SQLException(e);
            }
        }
        return find(volumeName).orElseThrow();
    }

    /** The commit: all of an object's copies, or none. */
    void commit(String objectName, List<StoredCopy> copies) throws IOException {
        write(
                "object-" + objectName,
                String.join(
                        "\n",
                        copies.stream()
                                .map(copy -> copy.volumeId() + " " + copy.path())
                                .toList()));
    }

    @Override
    public boolean isRecorded(String objectName, short volumeId) throws IOException {
        if (!answers) {
            throw new IOException("the ledger does not answer");
        }
        Path file = directory.resolve("object-" + objectName);
        return Files.exists(file)
                && Files.readAllLines(file).stream().anyMatch(line -> line.startsWith(volumeId + " "));
    }

    @Override
    public boolean isLost(String node) {
        return lostNodes.contains(node);
    }

    /** Paths of all committed copies, relative to their volumes. */
    List<String> committedPaths() throws IOException {
        return files("object-").stream()
                .flatMap(LedgerOnDisk::lines)
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .sorted()
                .toList();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> files(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }

    private void write(String name, String text) throws IOException {
        Path draft = Files.writeString(directory.resolve("draft-" + UUID.randomUUID()), text);
        Files.move(draft, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private void requireAnswer() throws SQLException {
        if (!answers) {
            throw new SQLException("the database does not answer");
        }
    }
}
