// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/** What happens to nodes. The recovery is the slowest of many new associations in the 5 s after, unless said otherwise. */
final class NodeFaults {

    private static final String TERM_BEGINS = "DOZO-NOD-004";
    private static final String IN_TOUCH = "DOZO-CLU-001";

    private NodeFaults() {}

    /** Kills one of the nodes by surprise, and starts it again. */
    static void lose(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        int node = rehearsal.anyNode();
        rehearsal.cluster().kill9(node);
        rehearsal.recovered(rehearsal.slowestAssociation(System.nanoTime()));
        rehearsal.load().awaitStored(20);
        rehearsal.cluster().start(node);
    }

    /** Has one of the nodes freeze until the others have given it up, and wakes it: what it still writes then comes too late. */
    static void freeze(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        DozoNode cluster = rehearsal.cluster();
        int node = rehearsal.anyNode();
        cluster.signal(node, "STOP");
        try {
            rehearsal.recovered(rehearsal.slowestAssociation(System.nanoTime()));
            rehearsal.awaitState(node, "LOST");
            rehearsal.load().awaitStored(20);
        } finally {
            cluster.signal(node, "CONT");
        }
        rehearsal.awaitState(node, "READY");
    }

    /** Kills all nodes but one by surprise, and starts them again. */
    static void loseAllButOne(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        int left = rehearsal.anyNode();
        kill(rehearsal.cluster(), node -> node != left);
        rehearsal.recovered(rehearsal.slowestAssociation(System.nanoTime()));
        rehearsal.load().awaitStored(20);
        rehearsal.cluster().up();
    }

    /** Kills all nodes by surprise, as when the power fails; the recovery is from the order to start to the next acknowledged object. */
    static void loseAll(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        kill(rehearsal.cluster(), node -> true);
        long ordered = System.nanoTime();
        rehearsal.cluster().up();
        rehearsal.recoveredSince(ordered);
    }

    static void kill(DozoNode cluster, IntPredicate which) throws Exception {
        for (int node = 1; node <= cluster.nodes(); node++) {
            if (which.test(node)) {
                cluster.signal(node, "KILL");
            }
        }
    }

    /**
     * Kills one of the nodes by surprise, and three times more while it starts, as soon as its term has begun or some time after; then it
     * may start.
     */
    static void loseInRecovery(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        DozoNode cluster = rehearsal.cluster();
        int node = rehearsal.anyNode();
        cluster.kill9(node);
        rehearsal.recovered(rehearsal.slowestAssociation(System.nanoTime()));
        for (int times = 0; times < 3; times++) {
            long terms = cluster.logged(node, TERM_BEGINS);
            FutureTask<Shell.Result> start = Rehearsal.meanwhile(() -> cluster.dozo("node", "start", "" + node));
            Await.until(
                    "node" + node + " begins its term",
                    Rehearsal.PATIENCE,
                    () -> cluster.logged(node, TERM_BEGINS) > terms);
            Thread.sleep(rehearsal.chance(1_500));
            cluster.signal(node, "KILL");
            start.get();
        }
        rehearsal.load().awaitStored(20);
        cluster.start(node);
    }

    /** All nodes are stopped in order and started at once; the recovery is from when all are ready until each hears every other. */
    static void startAllAtOnce(Rehearsal rehearsal) throws Exception {
        DozoNode cluster = rehearsal.cluster();
        long[] met = new long[cluster.nodes() + 1];
        for (int node = 1; node <= cluster.nodes(); node++) {
            cluster.stop(node);
            met[node] = cluster.logged(node, IN_TOUCH);
        }
        cluster.up();
        long ready = System.nanoTime();
        for (int node = 1; node <= cluster.nodes(); node++) {
            int each = node;
            Await.until(
                    "node" + each + " has met the others",
                    Rehearsal.PATIENCE,
                    () -> cluster.logged(each, IN_TOUCH) > met[each]);
        }
        rehearsal.awaitInTouch();
        rehearsal.recovered(Duration.ofNanos(System.nanoTime() - ready));
        rehearsal.load().awaitStored(20);
    }

    /**
     * One of the nodes uses up its memory: it ends itself within 5 s, since a node that limps on would be worse than one that is gone.
     * It is started again. A recovery is also how long it took to end.
     */
    static void exhaustMemory(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        DozoNode cluster = rehearsal.cluster();
        int node = rehearsal.anyNode();
        ProcessHandle process = ProcessHandle.of(cluster.pid(node)).orElseThrow();
        long begun = System.nanoTime();
        var ended = process.onExit().thenApply(gone -> Duration.ofNanos(System.nanoTime() - begun));
        Glutton.sendTo(process.pid());
        rehearsal.recovered(rehearsal.slowestAssociation(begun));
        rehearsal.recovered(ended.get(Rehearsal.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        rehearsal.load().awaitStored(20);
        cluster.start(node);
    }
}
