// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.time.Duration;
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
        Duration slowest = Duration.ZERO;
        int held;
        try (Load load = Load.start(node, SENDERS, 32 * 1024, seed)) {
            for (int round = 0; round < ROUNDS; round++) {
                load.awaitStored(20 + random.nextInt(200));
                node.kill9();
                long start = System.nanoTime();
                node.up();
                load.awaitStored(1);
                Duration recovery = Duration.ofNanos(System.nanoTime() - start);
                slowest = recovery.compareTo(slowest) > 0 ? recovery : slowest;
            }
            load.awaitStored(50);
            load.finish();
            held = load.stored();
        }
        Checker.check(node)
                .report("killUnderLoad", held + " objects, " + SENDERS + " senders", ROUNDS, 0, slowest, seed)
                .assertClean();
    }
}
