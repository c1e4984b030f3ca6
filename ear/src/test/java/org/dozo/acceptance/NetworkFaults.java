// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.time.Duration;

/** What happens between senders, nodes and the database. */
final class NetworkFaults {

    private NetworkFaults() {}

    /** Kills the balancer by surprise, and starts it again; the recovery is from the order to start to the next acknowledged object. */
    static void loseBalancer(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        rehearsal.cluster().killBalancer();
        long lost = System.nanoTime();
        Thread.sleep(Duration.ofSeconds(2));
        if (rehearsal.load().isStoredAfter(lost + Duration.ofSeconds(1).toNanos())) {
            throw new AssertionError("Objects are stored without the balancer: nothing was rehearsed");
        }
        long ordered = System.nanoTime();
        rehearsal.cluster().up();
        rehearsal.recoveredSince(ordered);
    }

    /**
     * Cuts one of the nodes off from the database and from the other nodes, but not from the balancer, until the others have given it
     * up; then lets it back in. The recovery is the slowest of many new associations in the 5 s after.
     */
    static void cutNodeOff(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        int node = rehearsal.anyNode();
        long lost = System.nanoTime();
        try (Cut cut = Cut.of(rehearsal.cluster(), node)) {
            rehearsal.recovered(rehearsal.slowestAssociation(lost));
            rehearsal.awaitState(node, "LOST");
            rehearsal.load().awaitStored(20);
            cut.assertBit();
        }
        rehearsal.awaitState(node, "READY");
        rehearsal.awaitInTouch();
    }
}
