// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * DCMTK's {@code storescu} as a modality: sends ten slices on an association, again until all of them were acknowledged, then the next
 * ten, until it is told to stop.
 */
final class DcmtkSender implements AutoCloseable {

    private static final int AT_ONCE = 10;
    private static final long PAUSE_NANOS = 500_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final DozoNode node;
    private final String study;
    private final int pixelBytes;
    private final Path directory;
    private final Thread thread = Thread.ofVirtual().unstarted(this::send);
    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();
    private volatile boolean running = true;
    private volatile String failure = "";

    private DcmtkSender(DozoNode node, String study, int pixelBytes, Path directory) {
        this.node = node;
        this.study = study;
        this.pixelBytes = pixelBytes;
        this.directory = directory;
    }

    static DcmtkSender start(DozoNode node, int pixelBytes, long seed) throws IOException {
        Path directory = Files.createDirectories(node.data().resolve("storescu"));
        DcmtkSender sender = new DcmtkSender(node, "2.25." + seed + ".99", pixelBytes, directory);
        sender.thread.start();
        return sender;
    }

    private void send() {
        try {
            for (int next = 1; running; next += AT_ONCE) {
                sendUntilAcknowledged(next);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            failure = e.toString();
        }
    }

    private void sendUntilAcknowledged(int first) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "storescu", "-xe", "-to", "5", "-td", "30", "-aec", "DOZO", "127.0.0.1", "" + node.dicomPort()));
        List<TestObject> slices = new ArrayList<>();
        for (int number = first; number < first + AT_ONCE; number++) {
            TestObject slice = TestObject.ct(study, study + ".1", study + ".1." + number, pixelBytes);
            Path file = directory.resolve("slice" + (number - first) + ".dcm");
            command.add(Files.write(file, Web.file(slice)).toString());
            node.sent().attempt(slice.sopInstanceUid());
            slices.add(slice);
        }
        while (Shell.run(Path.of(""), Map.of(), PATIENCE, command).exit() != 0) {
            repeated.incrementAndGet();
            LockSupport.parkNanos(PAUSE_NANOS);
            if (!running) {
                return;
            }
        }
        for (TestObject slice : slices) {
            node.sent().acknowledge(slice.sopInstanceUid(), digest(slice));
        }
        stored.addAndGet(AT_ONCE);
    }

    private static String digest(TestObject object) throws IOException {
        MessageDigest digest = SentObjects.sha256();
        try (InputStream in = new DigestInputStream(object.dataSet().open(), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    int stored() {
        return stored.get();
    }

    /** How often ten slices had to be sent again. */
    int repeated() {
        return repeated.get();
    }

    @Override
    public void close() {
        running = false;
        try {
            if (!thread.join(PATIENCE) || !failure.isEmpty()) {
                throw new AssertionError("storescu did not end well: " + failure);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while storescu ends", e);
        }
    }
}
