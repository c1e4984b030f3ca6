// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** Faults of a cluster, one after the other under load, and how long senders noticed each. */
final class Rehearsal implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration WATCH = Duration.ofSeconds(5);

    private final DozoNode cluster;
    private final Load load;
    private final Random random;
    private final List<Duration> recoveries = new ArrayList<>();

    Rehearsal(DozoNode cluster, int senders, int pixelBytes, long seed) {
        this.cluster = cluster;
        load = Load.start(cluster, senders, pixelBytes, seed);
        random = new Random(seed);
    }

    DozoNode cluster() {
        return cluster;
    }

    Load load() {
        return load;
    }

    /** One of each fault at least; what it is, the fault says. */
    List<Duration> recoveries() {
        return List.copyOf(recoveries);
    }

    void recovered(Duration after) {
        recoveries.add(after);
    }

    /** The next object is acknowledged, and it was so long after that moment of {@link System#nanoTime}. */
    void recoveredSince(long nanos) throws Exception {
        load.awaitStored(20);
        recovered(load.firstStoredAfter(nanos));
    }

    /** As {@link #recoveredSince}, and every node is ready. */
    void allRecoveredSince(long nanos) throws Exception {
        for (int node = 1; node <= cluster.nodes(); node++) {
            awaitReady(node);
        }
        recovered(Duration.ofNanos(System.nanoTime() - nanos));
        recoveredSince(nanos);
    }

    /** One of so many, by the seed. */
    int chance(int of) {
        return random.nextInt(of);
    }

    int anyNode() {
        return 1 + chance(cluster.nodes());
    }

    /** When whatever is to happen next comes by surprise. */
    void awaitSomeMoment() throws Exception {
        load.awaitStored(20 + chance(100));
    }

    void awaitReady(int node) throws Exception {
        Await.until("node" + node + " is ready", PATIENCE, () -> cluster.saysReady(node));
    }

    void awaitUnready(int node) throws Exception {
        Await.until("node" + node + " is not ready", WATCH, () -> !cluster.saysReady(node));
    }

    /** It runs, and says itself that it is not ready. */
    void awaitAnswerUnready(int node) throws Exception {
        Await.until("node" + node + " answers, not ready", PATIENCE, () -> cluster.saysUnready(node));
    }

    void awaitState(int node, String state) throws Exception {
        Await.until("node" + node + " is " + state, PATIENCE, () -> cluster.isNode(node, state));
    }

    /** Every node is ready, and hears every other. */
    void awaitTogether() throws Exception {
        for (int node = 1; node <= cluster.nodes(); node++) {
            awaitState(node, "READY");
        }
        awaitInTouch();
    }

    void awaitInTouch() throws Exception {
        Await.until("all nodes hear each other", PATIENCE, cluster::isInTouch);
    }

    /** Of many in the 5 s after a loss: from the first try to the answered C-ECHO. */
    Duration slowestAssociation(long lost) throws IOException {
        Duration slowest = Duration.ZERO;
        while (System.nanoTime() - lost < WATCH.toNanos()) {
            Duration took = association();
            slowest = took.compareTo(slowest) > 0 ? took : slowest;
        }
        return slowest;
    }

    /** Begun on a thread of its own. */
    static <T> FutureTask<T> meanwhile(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("meanwhile").start(task);
        return task;
    }

    private Duration association() {
        long begun = System.nanoTime();
        while (true) {
            try (Sender sender = Sender.open(cluster)) {
                if (sender.echo().isDone()) {
                    return Duration.ofNanos(System.nanoTime() - begun);
                }
            } catch (IOException e) {
                if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                    throw new AssertionError("No new association within " + PATIENCE, e);
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    @Override
    public void close() {
        load.close();
    }
}
