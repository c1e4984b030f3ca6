// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.dozo.shared.DurableFile;

/** The file that says which volume a directory is. Written once, when the volume is initialised. */
record VolumeMarker(String name, UUID uuid, String created) {

    static final String FILE = ".dozo-volume";

    static VolumeMarker fresh(String name) {
        return new VolumeMarker(name, UUID.randomUUID(), Instant.now().toString());
    }

    /**
     * The marker of a volume's directory; empty if there is none.
     *
     * @throws IOException if it cannot be read or is not a marker
     */
    static Optional<VolumeMarker> read(Path root) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(root.resolve(FILE))));
            return Optional.of(new VolumeMarker(
                    properties.getProperty("name", ""),
                    UUID.fromString(properties.getProperty("uuid", "")),
                    properties.getProperty("created", "")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new NotAMarkerException(root.resolve(FILE));
        }
    }

    /**
     * Makes the marker durable, whole or not at all, and returns the one that counts: another node may have been first.
     */
    VolumeMarker write(Path root) throws IOException {
        Path draft = root.resolve(FILE + "." + uuid);
        byte[] text =
                "name=%s%nuuid=%s%ncreated=%s%n".formatted(name, uuid, created).getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        try {
            Files.createLink(root.resolve(FILE), draft);
            return this;
        } catch (FileAlreadyExistsException e) {
            return read(root).orElseThrow(() -> new IOException("The marker in " + root + " vanished", e));
        } finally {
            Files.delete(draft);
            DurableFile.forceDirectory(root);
        }
    }

    /** The file has the marker's name but not its content. */
    static final class NotAMarkerException extends IOException {
        NotAMarkerException(Path file) {
            super(file + " is not a marker of a Dozo volume");
        }
    }
}
