// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.dozo.shared.Await;

/** A storage over volumes in a directory of the test, with short intervals. */
final class StorageRig implements AutoCloseable {

    static final byte[] HEAD = "preamble, DICM and group 2".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    final Path data;
    final LedgerOnDisk ledger;
    final SequencedMap<String, Path> locations = new LinkedHashMap<>();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    int minCopies = 1;
    long reserve;
    Duration interval = Duration.ofMillis(20);
    Duration hangAfter = Duration.ofSeconds(10);
    Duration recoveryInterval = Duration.ofHours(1);
    ObjectStorage storage;

    StorageRig(Path data, String... volumes) {
        this.data = data;
        this.ledger = new LedgerOnDisk(data.resolve("ledger"));
        for (String volume : volumes) {
            locations.put(volume, data.resolve("volumes").resolve(volume));
        }
    }

    StorageRig start() throws InterruptedException {
        storage = new ObjectStorage(settings(), ledger, ledger, meters);
        storage.start();
        return this;
    }

    StorageSettings settings() {
        return new StorageSettings(
                "node1",
                locations,
                minCopies,
                reserve,
                interval,
                Duration.ofMillis(100),
                hangAfter,
                recoveryInterval,
                64 << 10,
                true);
    }

    StorageRig restart() throws InterruptedException {
        storage.stop();
        meters = new SimpleMeterRegistry();
        return start();
    }

    @Override
    public void close() {
        if (storage != null) {
            storage.stop();
        }
    }

    static byte[] dataSet(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Stages bytes that a reading has looked at through large reads. */
    StagedObject<Integer> stage(byte[] dataSet) throws IOException {
        return storage.stage(HEAD, new ByteArrayInputStream(dataSet), in -> in.readAllBytes().length);
    }

    /** The whole path of an object, with its commit. */
    List<StoredCopy> store(byte[] dataSet) throws IOException {
        try (StagedObject<Integer> staged = stage(dataSet)) {
            List<StoredCopy> copies = storage.keep(staged);
            ledger.commit(staged.name(), copies);
            storage.settle(staged);
            return copies;
        }
    }

    byte[] read(StoredCopy copy) throws IOException {
        try (InputStream bytes = storage.open(copy).orElseThrow()) {
            return bytes.readAllBytes();
        }
    }

    VolumeState state(String volume) {
        return status(volume).state();
    }

    String detail(String volume) {
        return status(volume).detail();
    }

    private VolumeStatus status(String volume) {
        return storage.volumes().stream()
                .filter(each -> each.name().equals(volume))
                .findFirst()
                .orElseThrow();
    }

    void awaitState(String volume, VolumeState state) {
        await(() -> state(volume) == state, volume + " to be " + state + ", it is " + storage.volumes());
    }

    static void await(BooleanSupplier condition, String what) {
        try {
            Await.until(what, condition::getAsBoolean);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    Path root(String volume) {
        return locations.get(volume);
    }

    /** All regular files of a volume but its marker and drafts of it, relative to it. */
    List<String> files(String volume) {
        return files(root(volume));
    }

    static List<String> files(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(file -> !file.startsWith(VolumeMarker.FILE))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
