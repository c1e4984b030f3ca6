// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code ./dozo drill}: rehearses a loss on a cluster of its own, and keeps what came of it: a line on the screen, and a file for
 * {@code /api/drills}.
 *
 * <p>Arguments: a {@link Name}, rounds (of forwarding: minutes that a destination hangs), senders, and the directory of the records; of an
 * upgrade, the built checkout or the EAR of the release that it begins with. Exit 1: a promise was not kept.
 */
final class Drill {

    private static final int NODES = 3;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int PIXEL_BYTES = 512 * 1024;

    private static final Set<Name> NEEDS_STANDBY =
            Set.of(Name.DATABASE_LOSS, Name.STANDBY_LOSS, Name.OLD_PRIMARY, Name.SOAK);

    private Drill() {}

    /**
     * What can happen, and the promise: how long senders may notice; of a load how long they may wait; of forwards how long they may take
     * when they can go.
     */
    @SuppressWarnings("ImmutableEnumChecker") // The faults are methods, which keep nothing.
    enum Name {
        NODE_LOSS(3, NodeFaults::lose),
        NODE_FREEZE(15, NodeFaults::freeze),
        NODES_LOSS(5, NodeFaults::loseAllButOne),
        TOTAL_LOSS(60, NodeFaults::loseAll),
        RECOVERY_KILL(5, NodeFaults::loseInRecovery),
        STARTS(30, NodeFaults::startAllAtOnce),
        OUT_OF_MEMORY(5, NodeFaults::exhaustMemory),
        DATABASE_LOSS(15, DatabaseFaults::lose),
        DATABASE_FREEZE(30, DatabaseFaults::freeze),
        DATABASE_RESTART(5, DatabaseFaults::restart),
        DATABASE_UNREACHABLE(30, DatabaseFaults::beUnreachable),
        DATABASE_CONNECTIONS(15, DatabaseFaults::takeConnections),
        DATABASE_COLD(30, DatabaseFaults::beDownAtStart),
        OLD_PRIMARY(15, DatabaseFaults::returnOldPrimary),
        LOG_FULL(15, DatabaseFaults::fillLog),
        STANDBY_LOSS(15, DatabaseFaults::loseStandby),
        VOLUME_LOSS(15, VolumeFaults::lose),
        PARTITION(15, NetworkFaults::cutNodeOff),
        SPLIT(15, NetworkFaults::split),
        ONE_WAY(15, NetworkFaults::hearOneWay),
        PACKET_LOSS(15, NetworkFaults::losePackets),
        FLAPPING(15, NetworkFaults::flap),
        BALANCER_LOSS(10, NetworkFaults::loseBalancer),
        SOAK(15, Name::oneOfASoak),
        LOAD(1),
        UPGRADE(3),
        FORWARDING(300);

        /** What a soak takes by chance: what one of a cluster can be missing without anybody's noticing for long. */
        private static final List<Name> OF_A_SOAK =
                List.of(NODE_LOSS, NODE_FREEZE, DATABASE_LOSS, VOLUME_LOSS, PARTITION);

        private final Duration promise;
        private final Optional<Fault> fault;

        Name(int seconds) {
            promise = Duration.ofSeconds(seconds);
            fault = Optional.empty();
        }

        Name(int seconds, Fault fault) {
            promise = Duration.ofSeconds(seconds);
            this.fault = Optional.of(fault);
        }

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        private Fault fault() {
            return fault.orElseThrow(() -> new AssertionError(word() + " has no single fault"));
        }

        private static void oneOfASoak(Rehearsal rehearsal) throws Exception {
            OF_A_SOAK.get(rehearsal.chance(OF_A_SOAK.size())).fault().happen(rehearsal);
        }
    }

    /**
     * What came of it under load.
     *
     * @param recoveries sorted
     * @param more of the record, as JSON fields with a comma after each
     * @param kept whether all but time was as promised
     */
    private record Run(int rounds, List<Duration> recoveries, int stored, String more, boolean kept) {}

    public static void main(String[] arguments) throws Exception {
        Name name = Name.valueOf(arguments[0].toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        int rounds = Integer.parseInt(arguments[1]);
        int senders = Integer.parseInt(arguments[2]);
        long seed = System.nanoTime();
        Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        boolean passed;
        try (DozoNode cluster =
                DozoNode.create("drill").nodes(NODES).volumes("left", "right").set("node.rehearsal", "5 s")) {
            if (name == Name.LOAD) {
                cluster.set("storage.min-copies", "2");
            }
            if (name == Name.UPGRADE) {
                begin(cluster, Path.of(arguments[4]));
            }
            cluster.up();
            if (NEEDS_STANDBY.contains(name) && !cluster.pair().isPaired()) {
                System.err.println("There is no standby to take over: apt-get install postgresql");
                System.exit(2);
            }
            long begun = System.nanoTime();
            Run run = switch (name) {
                case UPGRADE -> upgrade(cluster, senders, seed);
                case LOAD -> hold(cluster, Duration.ofMinutes(rounds), senders, seed);
                case FORWARDING -> forward(cluster, Duration.ofMinutes(rounds), senders, seed);
                default -> lose(cluster, name, rounds, senders, seed);
            };
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            Verdict verdict = Checker.check(cluster);
            passed = run.kept && verdict.isClean() && run.recoveries.getLast().compareTo(name.promise) <= 0;
            keep(Path.of(arguments[3]), name, began, """
                    {"name":"%s","at":"%s","nodes":%d,"rounds":%d,"senders":%d,"seconds":%d,"stored":%d,\
                    "recoveryMillis":{"p50":%d,"p95":%d,"most":%d,"promised":%d},%s\
                    "acknowledged":%d,"lost":%d,"duplicated":%d,"torn":%d,"phantom":%d,"orphaned":%d,"seed":%d,"passed":%b}
                    """.formatted(
                            name.word(),
                            began,
                            NODES,
                            run.rounds,
                            senders,
                            took.toSeconds(),
                            run.stored,
                            percentile(run.recoveries, 50).toMillis(),
                            percentile(run.recoveries, 95).toMillis(),
                            run.recoveries.getLast().toMillis(),
                            name.promise.toMillis(),
                            run.more,
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

    private static Run lose(DozoNode cluster, Name name, int rounds, int senders, long seed) throws Exception {
        try (Rehearsal rehearsal = new Rehearsal(cluster, senders, PIXEL_BYTES, seed)) {
            for (int round = 0; round < rounds; round++) {
                long next = System.nanoTime() + MINUTE.toNanos();
                name.fault().happen(rehearsal);
                if (name == Name.SOAK) {
                    Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
                }
            }
            rehearsal.load().finish();
            List<Duration> recoveries = rehearsal.recoveries().stream().sorted().toList();
            return new Run(rounds, recoveries, rehearsal.load().stored(), "", true);
        }
    }

    /** Nothing is lost; every object is kept twice, and 99 of 100 are answered in time. */
    private static Run hold(DozoNode cluster, Duration time, int senders, long seed) throws Exception {
        try (Load load = Load.start(cluster, senders, PIXEL_BYTES, seed)) {
            Thread.sleep(time);
            load.finish();
            List<Duration> waits = load.waits();
            String more = "\"refused\":%d,\"broken\":%d,\"perSecond\":%d,"
                    .formatted(load.refused(), load.broken(), load.stored() / time.toSeconds());
            List<Duration> most = waits.subList(0, Math.max(1, waits.size() - waits.size() / 100));
            return new Run((int) time.toMinutes(), most, load.stored(), more, load.refused() + load.broken() == 0);
        }
    }

    /** A destination that hangs, a node that dies for good, a journal that is gone: what was to be forwarded is, to the last object. */
    private static Run forward(DozoNode cluster, Duration hang, int senders, long seed) throws Exception {
        try (ForwardingRehearsal rehearsal = new ForwardingRehearsal(cluster, senders, seed)) {
            rehearsal.begin();
            rehearsal.hang(hang);
            rehearsal.loseNode();
            rehearsal.loseJournal();
            List<Duration> recoveries = rehearsal.recoveries().stream().sorted().toList();
            return new Run(recoveries.size(), recoveries, rehearsal.stored(), rehearsal.fields(), rehearsal.isKept());
        }
    }

    /** With an EAR alone there is no schema of its time: then it begins on this checkout's. */
    private static void begin(DozoNode cluster, Path old) throws Exception {
        if (Files.isDirectory(old)) {
            cluster.startedBy(old);
        } else {
            cluster.running(old);
        }
    }

    /** One node after the other, until one does not pass; in between one gets a release that can't, and must be put back. */
    private static Run upgrade(DozoNode cluster, int senders, long seed) throws Exception {
        RollingUpgrade upgrade = new RollingUpgrade(cluster, senders, PIXEL_BYTES, seed);
        String stopped = "";
        boolean putBack = false;
        try (upgrade) {
            upgrade.begin();
            System.out.println("The nodes run " + upgrade.versions().getLast());
            upgrade.migrate();
            for (int node = 1; node <= NODES && stopped.isEmpty(); node++) {
                Shell.Result result = upgrade.replace(node);
                System.out.print(result.output());
                stopped = result.exit() == 0 ? "" : "node" + node;
                System.out.println("The nodes run " + upgrade.versions().getLast());
                if (node == 1 && stopped.isEmpty()) {
                    System.out.println("Now a release that never gets ready:");
                    putBack = upgrade.replaceInVain(2);
                }
            }
        }
        List<String> seen = List.copyOf(upgrade.seen());
        List<String> wrong = upgrade.readers().wrong();
        List<String> failed = upgrade.readers().failed();
        List<String> unreadable = ReadBack.faults(cluster);
        boolean mixed =
                upgrade.versions().stream().anyMatch(some -> Set.copyOf(some).size() > 1);
        Stream.of(wrong, failed, unreadable).flatMap(List::stream).limit(20).forEach(System.err::println);
        String more = """
                "from":"%s","to":"%s","stopped":"%s","putBack":%b,"nodeSeconds":%s,"refused":%d,"broken":%d,"storescu":%d,"storescuRepeated":%d,\
                "read":%d,"readRefused":%d,"readFailed":%d,"readWrong":%d,"readMillis":%d,"unreadable":%d,\
                """.formatted(
                        seen.getFirst(),
                        seen.getLast(),
                        stopped,
                        putBack,
                        upgrade.seconds(),
                        upgrade.load().refused(),
                        upgrade.load().broken(),
                        upgrade.storescu().stored(),
                        upgrade.storescu().repeated(),
                        upgrade.readers().answered(),
                        upgrade.readers().refused(),
                        failed.size(),
                        wrong.size(),
                        longest(upgrade.readSilences()).toMillis(),
                        unreadable.size());
        List<Duration> silences = upgrade.silences().stream().sorted().toList();
        boolean kept = stopped.isEmpty() && putBack && mixed;
        kept &= wrong.isEmpty() && failed.isEmpty() && unreadable.isEmpty();
        return new Run(NODES, silences, upgrade.load().stored(), more, kept);
    }

    private static Duration longest(List<Duration> durations) {
        return durations.stream().max(Duration::compareTo).orElseThrow();
    }

    /** Of sorted ones: the least that is not less than so many percent of them. */
    static Duration percentile(List<Duration> sorted, int percent) {
        return sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1));
    }

    private static void keep(Path directory, Name name, Instant began, String record) throws Exception {
        Files.createDirectories(directory);
        String file = began.toString().replace(":", "") + "-" + name.word() + ".json";
        Path whole = Files.writeString(directory.resolve(file + ".new"), record);
        Files.move(whole, directory.resolve(file));
    }
}
