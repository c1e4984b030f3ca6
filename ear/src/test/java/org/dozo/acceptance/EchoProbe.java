// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Somebody else, who notices when the node is slow or refuses him: a new association with an echo every 100 ms. */
final class EchoProbe implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = 100_000_000;

    private final DozoNode node;
    private final AtomicLong slowestNanos = new AtomicLong();
    private final AtomicInteger echoes = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final Thread thread;
    private volatile boolean running = true;

    private EchoProbe(DozoNode node) {
        this.node = node;
        this.thread = Thread.ofPlatform().name("echo-probe").start(this::run);
    }

    static EchoProbe start(DozoNode node) {
        return new EchoProbe(node);
    }

    private void run() {
        while (running) {
            long start = System.nanoTime();
            try (Sender sender = Sender.open(node)) {
                if (!sender.echo().isDone()) {
                    failures.incrementAndGet();
                }
            } catch (IOException e) {
                failures.incrementAndGet();
            }
            slowestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
            echoes.incrementAndGet();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** @throws AssertionError if an echo failed or took too long */
    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Duration slowest = Duration.ofNanos(slowestNanos.get());
        System.out.printf(
                "%-44s %d echoes, slowest %d ms, %d failed%n",
                "others meanwhile:", echoes.get(), slowest.toMillis(), failures.get());
        if (failures.get() > 0 || slowest.compareTo(LONGEST) > 0) {
            throw new AssertionError(failures + " of " + echoes + " echoes failed; the slowest took " + slowest);
        }
    }
}
