// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;

/** A fault done to volumes of a running node under load, and undone; then the checker's word. */
record VolumeIncident(DozoNode node, String name, Act fault, Act repair) {

    private static final Duration ALARM = Duration.ofSeconds(5);
    private static final Duration BACK = Duration.ofSeconds(20);
    private static final int OUT_OF_RESOURCES = 0xA700;

    /** What is done to a disk, and undone. */
    interface Act {
        void run() throws Exception;
    }

    private interface Meanwhile {
        void watch(Load load) throws Exception;
    }

    /** One volume gives one of these alarms; the others take the objects. */
    void goesOn(String volume, Set<String> alarms) throws Exception {
        run(load -> {
            Await.until(
                    volume + " is " + alarms,
                    ALARM,
                    () -> alarms.contains(node.volumeStates().get(volume)));
            load.awaitStored(30);
        });
    }

    /** So many volumes give an alarm, and too few are left. */
    void nothingIsAcknowledged(int volumesAway) throws Exception {
        run(load -> {
            Await.until(
                    "alarms",
                    ALARM.plusSeconds(5),
                    () -> node.volumeStates().values().stream()
                                    .filter(state -> !state.equals("online"))
                                    .count()
                            >= volumesAway);
            int before = load.stored();
            int refusedBefore = load.refused();
            Await.until("refusals", Duration.ofSeconds(10), () -> load.refused() >= refusedBefore + 10);
            assertTrue(load.stored() <= before + 2, "only what was already durable is acknowledged");
            Await.until("not ready", ALARM, () -> !node.isReady());
        });
    }

    private void run(Meanwhile meanwhile) throws Exception {
        long seed = System.nanoTime();
        Duration recovery;
        int refused;
        try (Load load = Load.start(node, 2, 4096, seed)) {
            load.awaitStored(30);
            fault.run();
            try {
                meanwhile.watch(load);
            } finally {
                repair.run();
            }
            recovery = awaitAllOnline();
            load.awaitStored(30);
            load.finish();
            refused = load.refused();
            load.refusals().forEach(answer -> assertEquals(OUT_OF_RESOURCES, answer.code(), answer.comment()));
        }
        Checker.check(node)
                .report("volume " + name, "2 senders, " + refused + " refused", 1, 0, recovery, seed)
                .assertClean();
    }

    private Duration awaitAllOnline() throws Exception {
        long start = System.nanoTime();
        Await.until(
                "all volumes online",
                BACK,
                () -> node.volumeStates().values().stream().allMatch("online"::equals));
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
