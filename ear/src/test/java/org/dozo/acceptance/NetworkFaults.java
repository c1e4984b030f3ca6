// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.time.Duration;

/** What happens between senders, nodes and the database. */
final class NetworkFaults {

    /** Longer than any node may be silent. */
    private static final Duration LONG = Duration.ofSeconds(40);

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
        rehearsal.awaitTogether();
    }

    /**
     * One of the nodes loses its network for 5 s and has it back for 5 s, for a minute; the recovery is the slowest of many new
     * associations in that minute.
     */
    static void flap(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        int node = rehearsal.anyNode();
        for (int times = 0; times < 6; times++) {
            try (Cut cut = Cut.of(rehearsal.cluster(), node)) {
                rehearsal.recovered(rehearsal.slowestAssociation(System.nanoTime()));
                cut.assertBit();
            }
            rehearsal.recovered(rehearsal.slowestAssociation(System.nanoTime()));
        }
        rehearsal.load().awaitStored(20);
        rehearsal.awaitTogether();
    }

    /** For a while packets get lost; the recovery is the longest time without an acknowledged object. */
    static void losePackets(Rehearsal rehearsal) throws Exception {
        bear(rehearsal, Cut.lossy(rehearsal.cluster()));
    }

    /** For a while one of the nodes hears the others, but they don't hear it; the recovery as before. */
    static void hearOneWay(Rehearsal rehearsal) throws Exception {
        bear(rehearsal, Cut.oneWay(rehearsal.cluster(), rehearsal.anyNode()));
    }

    /** For a while no node hears another; the recovery as before. */
    static void split(Rehearsal rehearsal) throws Exception {
        bear(rehearsal, Cut.apart(rehearsal.cluster()));
    }

    private static void bear(Rehearsal rehearsal, Cut cutNow) throws Exception {
        long begun = System.nanoTime();
        try (Cut cut = cutNow) {
            Thread.sleep(LONG);
            cut.assertBit();
        }
        rehearsal.load().awaitStored(50);
        rehearsal.recovered(rehearsal.load().longestSilenceSince(begun));
        rehearsal.awaitTogether();
    }
}
