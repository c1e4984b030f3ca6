// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A2: halted by Byteman at named points of the write path, with two volumes, under load, and started again each time. */
class WritePathKillIT {

    /** A place in a method; the node halts when it is passed for the {@code hit}th time since its start. */
    private record Point(String name, String type, String method, String place, int hit) {}

    /**
     * In the order in which an object passes them. Only the first object of each of the three series goes through {@code record}: hence
     * its second hit.
     */
    private static final List<Point> POINTS = List.of(
            new Point("one copy created", "org.dozo.storage.StagedCopy", "create", "AT EXIT", 25),
            new Point("one copy durable", "org.dozo.storage.StagedCopy", "makeDurable", "AT EXIT", 25),
            new Point("kept, no row yet", "org.dozo.index.InstanceIndex", "recordAtOnce", "AT ENTRY", 25),
            new Point(
                    "first of its series: rows not committed", "org.dozo.index.InstanceIndex", "record", "AT EXIT", 2),
            new Point("committed, not told", "org.dozo.index.InstanceIndex", "recordAtOnce", "AT EXIT", 25),
            new Point("committed, not settled", "org.dozo.storage.ObjectStorage", "settle", "AT ENTRY", 25),
            new Point("settled, not answered", "org.dozo.ingest.StoreService", "store", "AT EXIT", 25));

    @Test
    void aNodeHaltedAnywhereInTheWritePathKeepsAllItAcknowledged() throws Exception {
        long seed = System.nanoTime();
        try (DozoNode node = DozoNode.create("points")) {
            node.volumes("a", "b").set("storage.min-copies", "2");
            Outages outages;
            try (Load load = startWithFirstPoint(node, seed)) {
                outages = new Outages(load);
                for (int point = 0; point < POINTS.size(); point++) {
                    String name = POINTS.get(point).name();
                    Path mark = mark(node, point);
                    Await.until("the halt at: " + name, Duration.ofSeconds(60), () -> hasHalted(node, mark));
                    outages.died();
                    if (point + 1 < POINTS.size()) {
                        startWithNextPoint(node, point + 1, outages);
                    } else {
                        Byteman.disarm(node);
                        node.up();
                        outages.ready();
                    }
                }
                load.awaitStored(50);
            }
            assertFalse(node.sent().acknowledged().isEmpty());
            Checker.check(node)
                    .report(
                            "writePathKill",
                            "3 senders, ready in " + outages.slowestReady().toMillis() + " ms",
                            outages.count(),
                            0,
                            outages.slowestStore(),
                            seed)
                    .assertClean();
        }
    }

    /**
     * The senders are at work before {@code ./dozo up} has looked: the armed halt may come first, and the start then has rightly
     * failed. Any other failure is one.
     */
    private static void startWithNextPoint(DozoNode node, int point, Outages outages) throws Exception {
        arm(node, point);
        Shell.Result start = node.tryUp();
        if (start.exit() == 0) {
            outages.ready();
        } else if (!hasHalted(node, mark(node, point))) {
            throw new AssertionError("./dozo up failed:\n" + start.output() + "\n" + node.logTail());
        }
    }

    /** Whether it was the armed halt: the rule leaves a mark before it. */
    private static boolean hasHalted(DozoNode node, Path mark) throws IOException {
        return Files.exists(mark) && !node.isRunning();
    }

    private static Path mark(DozoNode node, int point) {
        return node.data().resolve("halted-" + point);
    }

    private static Load startWithFirstPoint(DozoNode node, long seed) throws Exception {
        arm(node, 0);
        node.up();
        return Load.start(node, 3, 8 * 1024, seed);
    }

    private static void arm(DozoNode node, int point) throws IOException {
        Point halt = POINTS.get(point);
        new Byteman(node, """
                RULE halt
                CLASS %s
                METHOD %s
                %s
                BIND mark = new java.io.File("%s")
                IF incrementCounter("hits") == %d
                DO mark.createNewFile(); java.lang.Runtime.getRuntime().halt(137)
                ENDRULE
                """.formatted(halt.type(), halt.method(), halt.place(), mark(node, point), halt.hit())).arm();
    }
}
