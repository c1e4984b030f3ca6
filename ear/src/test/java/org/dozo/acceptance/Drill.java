// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * {@code ./dozo drill}: rehearses a loss on a cluster of its own, and keeps what came of it: a line on the screen, and a file for
 * {@code /api/drills}.
 *
 * <p>Arguments: a {@link Name}, rounds, senders, and the directory of the records. Exit 1: a promise was not kept.
 */
final class Drill {

    private static final int NODES = 3;
    private static final int PIXEL_BYTES = 512 * 1024;

    private Drill() {}

    /** What can be lost, and the promise: how long senders may notice. */
    enum Name {
        NODE_LOSS(Duration.ofSeconds(3)),
        DATABASE_LOSS(Duration.ofSeconds(15)),
        VOLUME_LOSS(Duration.ofSeconds(15)),
        PARTITION(Duration.ofSeconds(15));

        private final Duration promise;

        Name(Duration promise) {
            this.promise = promise;
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        private void happen(Rehearsal rehearsal) throws Exception {
            switch (this) {
                case NODE_LOSS -> rehearsal.loseNode();
                case DATABASE_LOSS -> rehearsal.loseDatabase();
                case VOLUME_LOSS -> rehearsal.loseVolume();
                case PARTITION -> rehearsal.cutNodeOff();
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Name name = Name.valueOf(arguments[0].toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        int rounds = Integer.parseInt(arguments[1]);
        int senders = Integer.parseInt(arguments[2]);
        long seed = System.nanoTime();
        Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        boolean passed;
        try (DozoNode cluster =
                DozoNode.create("drill").nodes(NODES).volumes("left", "right").set("node.rehearsal", "5 s")) {
            cluster.up();
            if (name == Name.DATABASE_LOSS && !cluster.isPaired()) {
                System.err.println("There is no standby to take over: apt-get install postgresql");
                System.exit(2);
            }
            List<Duration> recoveries;
            int held;
            long begun = System.nanoTime();
            try (Rehearsal rehearsal = new Rehearsal(cluster, senders, PIXEL_BYTES, seed)) {
                for (int round = 0; round < rounds; round++) {
                    name.happen(rehearsal);
                }
                recoveries = rehearsal.recoveries().stream().sorted().toList();
                rehearsal.load().finish();
                held = rehearsal.load().stored();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            Verdict verdict = Checker.check(cluster);
            passed = verdict.isClean() && recoveries.getLast().compareTo(name.promise) <= 0;
            keep(Path.of(arguments[3]), name, began, """
                    {"name":"%s","at":"%s","nodes":%d,"rounds":%d,"senders":%d,"seconds":%d,"stored":%d,\
                    "recoveryMillis":{"p50":%d,"p95":%d,"most":%d,"promised":%d},\
                    "acknowledged":%d,"lost":%d,"duplicated":%d,"torn":%d,"phantom":%d,"orphaned":%d,"seed":%d,"passed":%b}
                    """.formatted(
                            name.word(),
                            began,
                            NODES,
                            rounds,
                            senders,
                            took.toSeconds(),
                            held,
                            percentile(recoveries, 50).toMillis(),
                            percentile(recoveries, 95).toMillis(),
                            recoveries.getLast().toMillis(),
                            name.promise.toMillis(),
                            verdict.acknowledged(),
                            verdict.lost().size(),
                            verdict.duplicates().size(),
                            verdict.torn().size(),
                            verdict.phantoms().size(),
                            verdict.orphans().size(),
                            seed,
                            passed));
            if (!verdict.isClean()) {
                System.err.println(verdict);
            }
        }
        System.exit(passed ? 0 : 1);
    }

    /** Of sorted ones: the least that is not less than so many percent of them. */
    private static Duration percentile(List<Duration> sorted, int percent) {
        return sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1));
    }

    private static void keep(Path directory, Name name, Instant began, String record) throws Exception {
        Files.createDirectories(directory);
        String file = began.toString().replace(":", "") + "-" + name.word() + ".json";
        Path whole = Files.writeString(directory.resolve(file + ".new"), record);
        Files.move(whole, directory.resolve(file));
    }
}
