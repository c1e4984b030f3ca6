// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.dozo.dicom.DimseStatus;

/**
 * Senders that send CT slices until they are told to stop. Each sends a slice again, on a new association, until it is
 * acknowledged, as a modality does.
 */
final class Load implements AutoCloseable {

    private final DozoNode node;
    private final int pixelBytes;
    private final Duration pause;
    private final int perAssociation;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final List<DimseStatus> refusals = java.util.Collections.synchronizedList(new ArrayList<>());
    private final Moments storedMoments = new Moments();
    private final Queue<Duration> waits = new ConcurrentLinkedQueue<>();
    private volatile Optional<TestObject> newest = Optional.empty();
    private volatile boolean running = true;

    private Load(DozoNode node, int pixelBytes, Duration pause, int perAssociation) {
        this.node = node;
        this.pixelBytes = pixelBytes;
        this.pause = pause;
        this.perAssociation = perAssociation;
    }

    /** As fast as they are answered, each on one association for as long as it lasts. */
    static Load start(DozoNode node, int senders, int pixelBytes, long seed) {
        return start(node, senders, pixelBytes, Duration.ZERO, Integer.MAX_VALUE, seed);
    }

    /**
     * @param pause of each sender after each slice
     * @param perAssociation slices, then the next association
     */
    static Load start(DozoNode node, int senders, int pixelBytes, Duration pause, int perAssociation, long seed) {
        Load load = new Load(node, pixelBytes, pause, perAssociation);
        for (int sender = 0; sender < senders; sender++) {
            String study = "2.25.%d.%d".formatted(seed, sender + 1);
            load.threads.execute(() -> load.send(study));
        }
        return load;
    }

    private void send(String study) {
        int next = 1;
        while (running) {
            try (Sender sender = Sender.open(node)) {
                for (int left = perAssociation; running && left > 0; left--) {
                    TestObject slice = TestObject.ct(study, study + ".1", study + ".1." + next, pixelBytes);
                    long begun = System.nanoTime();
                    DimseStatus status = sender.store(slice);
                    if (status.isDone()) {
                        waits.add(Duration.ofNanos(System.nanoTime() - begun));
                        storedMoments.add();
                        stored.incrementAndGet();
                        newest = Optional.of(slice);
                        next++;
                        LockSupport.parkNanos(pause.toNanos());
                    } else {
                        refused.incrementAndGet();
                        refusals.add(status);
                        LockSupport.parkNanos(50_000_000);
                    }
                }
            } catch (IOException e) {
                broken.incrementAndGet();
                LockSupport.parkNanos(100_000_000);
            }
        }
    }

    int stored() {
        return stored.get();
    }

    /** One of the last that were acknowledged. */
    Optional<TestObject> newest() {
        return newest;
    }

    /** From the first byte of each acknowledged slice to its answer, sorted. */
    List<Duration> waits() {
        return waits.stream().sorted().toList();
    }

    int refused() {
        return refused.get();
    }

    /** Associations that were rejected or cut; each was opened again. */
    int broken() {
        return broken.get();
    }

    /** Whether anything was acknowledged after that moment of {@link System#nanoTime}. */
    boolean isStoredAfter(long nanos) {
        return storedMoments.isAnyAfter(nanos);
    }

    /** How long after that moment of {@link System#nanoTime} the next object was acknowledged. */
    Duration firstStoredAfter(long nanos) {
        return storedMoments.firstAfter(nanos);
    }

    /** The longest time without an acknowledgement from that moment of {@link System#nanoTime} on. */
    Duration longestSilenceSince(long nanos) {
        return storedMoments.longestSilenceSince(nanos);
    }

    /** Answers other than success, in their order. */
    List<DimseStatus> refusals() {
        synchronized (refusals) {
            return List.copyOf(refusals);
        }
    }

    void awaitStored(int more) throws Exception {
        int from = stored.get();
        Await.until(
                more + " more objects stored (" + refused + " refused, " + broken + " associations broken)",
                Duration.ofSeconds(60),
                () -> stored.get() >= from + more);
    }

    /** Every sender finishes the object at hand. */
    void finish() {
        running = false;
        threads.shutdown();
        try {
            if (threads.awaitTermination(90, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        throw new AssertionError("The senders did not end");
    }

    @Override
    public void close() {
        finish();
    }
}
