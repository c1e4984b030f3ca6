// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A1 on one node: killed in the middle of the load, started again. */
@ExtendWith(SharedNode.class)
class KillUnderLoadIT {

    private static final int ROUNDS = 3;
    private static final int SENDERS = 4;

    @Test
    void aNodeKilledUnderLoadKeepsAllItAcknowledged(DozoNode node) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Outages outages;
        int held;
        try (Load load = Load.start(node, SENDERS, 32 * 1024, seed)) {
            outages = new Outages(load);
            for (int round = 0; round < ROUNDS; round++) {
                load.awaitStored(20 + random.nextInt(200));
                node.kill9();
                outages.died();
                node.up();
                outages.ready();
                load.awaitStored(1);
            }
            load.awaitStored(50);
            load.finish();
            held = load.stored();
        }
        Checker.check(node)
                .report(
                        "killUnderLoad",
                        held + " objects, " + SENDERS + " senders, ready in "
                                + outages.slowestReady().toMillis() + " ms",
                        ROUNDS,
                        0,
                        outages.slowestStore(),
                        seed)
                .assertClean();
    }
}
