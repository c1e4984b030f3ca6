// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.util.function.IntPredicate;

/** What happens to nodes. The recovery is the slowest of many new associations in the 5 s after, unless said otherwise. */
final class NodeFaults {

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

    private static void kill(DozoNode cluster, IntPredicate which) throws Exception {
        for (int node = 1; node <= cluster.nodes(); node++) {
            if (which.test(node)) {
                cluster.signal(node, "KILL");
            }
        }
    }
}
