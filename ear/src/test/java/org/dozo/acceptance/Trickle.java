// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Small objects that arrive at a steady pace, each of a study of its own and on an association of its own; and how long it takes from the
 * acknowledgement of each until a peer has its file whole.
 */
final class Trickle {

    private static final Duration PACE = Duration.ofMillis(200);
    private static final int PIXEL_BYTES = 32 * 1024;
    private static final long LOOK_NANOS = 2_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DozoNode cluster;
    private final String title;
    private final String root;
    private final Path received;
    private int sent;

    /**
     * @param title calling AE title
     * @param root of all UIDs
     * @param received where the peer keeps what it gets, by SOP Instance UID, as DCMTK's {@code storescp -uf} does
     */
    Trickle(DozoNode cluster, String title, String root, Path received) {
        this.cluster = cluster;
        this.title = title;
        this.root = root;
        this.received = received;
    }

    /**
     * Lets objects arrive for so long, and waits for the last of them.
     *
     * @return the time that each took, sorted; of what has not come after a minute the time until then
     */
    List<Duration> run(Duration length) throws InterruptedException, ExecutionException {
        Map<Path, Long> awaited = new ConcurrentHashMap<>();
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> sending = thread.submit(() -> send(length, awaited));
            List<Duration> took = watch(sending, awaited);
            sending.get();
            return took.stream().sorted().toList();
        }
    }

    private void send(Duration length, Map<Path, Long> awaited) {
        long start = System.nanoTime();
        long objects = length.dividedBy(PACE);
        try (Modality modality = new Modality(cluster, title)) {
            for (int i = 0; i < objects; i++) {
                LockSupport.parkNanos(start + i * PACE.toNanos() - System.nanoTime());
                String study = root + "." + ++sent;
                String instance = study + ".1.1";
                modality.send(TestObject.ct(study, study + ".1", instance, PIXEL_BYTES));
                awaited.put(received.resolve("CT." + instance), System.nanoTime());
                modality.hangUp();
            }
        }
    }

    private static List<Duration> watch(Future<?> sending, Map<Path, Long> awaited) {
        List<Duration> took = new ArrayList<>();
        long deadline = Long.MAX_VALUE;
        while (true) {
            boolean over = sending.isDone();
            awaited.forEach((file, acknowledged) -> {
                if (isWhole(file)) {
                    took.add(Duration.ofNanos(System.nanoTime() - acknowledged));
                    awaited.remove(file);
                }
            });
            if (over && awaited.isEmpty()) {
                return took;
            }
            deadline = over ? Math.min(deadline, System.nanoTime() + PATIENCE.toNanos()) : deadline;
            if (System.nanoTime() > deadline) {
                System.err.println("Not delivered a minute after the last was sent: " + awaited.size());
                awaited.values().forEach(since -> took.add(Duration.ofNanos(System.nanoTime() - since)));
                return took;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static boolean isWhole(Path file) {
        try {
            return Files.size(file) > PIXEL_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    /** Acknowledged in all runs. */
    int sent() {
        return sent;
    }
}
