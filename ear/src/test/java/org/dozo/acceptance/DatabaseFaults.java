// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/** What happens to the database and its standby. */
final class DatabaseFaults {

    /** Longer than a node may be silent, and than a statement may be without an answer. */
    private static final Duration FREEZE = Duration.ofSeconds(25);

    /** Longer than the driver waits for an answer, twice. */
    private static final Duration UNREACHABLE = Duration.ofSeconds(40);

    private static final Duration TAKEN = Duration.ofSeconds(30);

    /** How long commits wait for a standby that is away, and how long their waits are cancelled. */
    private static final Duration WITHOUT_STANDBY = Duration.ofSeconds(10);

    private static final Duration WITHOUT_DATABASE = Duration.ofSeconds(10);

    /** What is under way in the moment of a fault may still be acknowledged. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(2);

    private DatabaseFaults() {}

    /**
     * Kills the primary, has the standby take over, and makes a new standby; the recovery is the longest time without an acknowledged
     * object.
     */
    static void lose(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        DozoNode cluster = rehearsal.cluster();
        long lost = System.nanoTime();
        cluster.dozo("database", "kill", "primary").orFail();
        cluster.dozo("database", "promote").orFail();
        rehearsal.load().awaitStored(20);
        rehearsal.recovered(rehearsal.load().longestSilenceSince(lost));
        cluster.dozo("database", "rebuild").orFail();
    }

    /** The primary answers nobody for a while; the recovery is from its next answer to the next acknowledged object. */
    static void freeze(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        List<ProcessHandle> primary = rehearsal.cluster().pair().processes();
        signal(primary, "STOP");
        long thawed;
        try {
            Thread.sleep(FREEZE);
        } finally {
            thawed = System.nanoTime();
            signal(primary, "CONT");
        }
        rehearsal.recoveredSince(thawed);
    }

    private static void signal(List<ProcessHandle> processes, String signal) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        Shell.run(command.toArray(String[]::new)).orFail();
    }

    /** The primary is stopped and started in good order; the recovery is from then to the next acknowledged object. */
    static void restart(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        rehearsal.cluster().dozo("database", "stop", "primary").orFail();
        rehearsal.cluster().dozo("database", "start", "primary").orFail();
        rehearsal.recoveredSince(System.nanoTime());
    }

    /**
     * What nodes and database say to each other is dropped for a while; the recovery is from then until all nodes are ready, and an
     * object is acknowledged.
     */
    static void beUnreachable(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        long lost = System.nanoTime();
        try (Cut cut = Cut.ofDatabase(rehearsal.cluster())) {
            for (int node = 1; node <= rehearsal.cluster().nodes(); node++) {
                rehearsal.awaitUnready(node);
            }
            Thread.sleep(UNREACHABLE.minusNanos(System.nanoTime() - lost));
            cut.assertBit();
            assertNothingStoredSince(rehearsal, lost);
        }
        rehearsal.allRecoveredSince(System.nanoTime());
    }

    /**
     * The database has no connection left for a while, and ends those that the nodes have; the recovery is from its next connection
     * until all nodes are ready, and an object is acknowledged.
     */
    static void takeConnections(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        DozoNode cluster = rehearsal.cluster();
        try (Connection administrator = cluster.pair().administer();
                var statement = administrator.createStatement()) {
            statement.execute("ALTER DATABASE dozo CONNECTION LIMIT 0");
            long taken;
            try {
                DatabasePair.endConnectionsOfNodes(administrator);
                taken = System.nanoTime();
                Thread.sleep(TAKEN);
                if (DatabasePair.endConnectionsOfNodes(administrator) > 0) {
                    throw new AssertionError("A node got a connection while there were none: nothing was rehearsed");
                }
                assertNothingStoredSince(rehearsal, taken);
            } finally {
                statement.execute("ALTER DATABASE dozo CONNECTION LIMIT -1");
            }
        }
        rehearsal.allRecoveredSince(System.nanoTime());
    }

    /**
     * The standby is away, and commits wait; then their waits are cancelled, so that PostgreSQL keeps them on the primary only; nothing
     * is acknowledged. It is started; the recovery is from the order to the next acknowledged object. The same once more, but now the
     * primary is lost, and the standby, without what it never got, takes over: the recovery is from that order.
     */
    static void loseStandby(Rehearsal rehearsal) throws Exception {
        DozoNode cluster = rehearsal.cluster();
        beWithoutStandby(rehearsal);
        long ordered = System.nanoTime();
        cluster.dozo("database", "start", "standby").orFail();
        rehearsal.recoveredSince(ordered);
        beWithoutStandby(rehearsal);
        cluster.dozo("database", "kill", "primary").orFail();
        cluster.dozo("database", "start", "standby").orFail();
        ordered = System.nanoTime();
        cluster.dozo("database", "promote").orFail();
        rehearsal.recoveredSince(ordered);
        cluster.dozo("database", "rebuild").orFail();
    }

    private static void beWithoutStandby(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        rehearsal.cluster().dozo("database", "stop", "standby").orFail();
        long without = System.nanoTime();
        int known = rehearsal.load().refusals().size();
        Thread.sleep(WITHOUT_STANDBY);
        assertNothingStoredSince(rehearsal, without);
        int cancelled = 0;
        long end = System.nanoTime() + WITHOUT_STANDBY.toNanos();
        while (System.nanoTime() < end) {
            cancelled += (int) rehearsal
                    .cluster()
                    .count("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
            Thread.sleep(100);
        }
        if (cancelled < rehearsal.cluster().nodes()) {
            throw new AssertionError("Only " + cancelled + " commits waited for the standby: nothing was rehearsed");
        }
        assertNothingStoredSince(rehearsal, without);
        var refusals = rehearsal.load().refusals();
        refusals.subList(known, refusals.size()).forEach(status -> {
            if (status.code() != 0xA700) {
                throw new AssertionError("Answered " + status + " without the standby, not A700");
            }
        });
        System.out.println(cancelled + " waits for the standby were cancelled; " + (refusals.size() - known)
                + " objects answered A700");
    }

    /**
     * Kills the primary and has the standby take over; then the old primary is started, and takes writes as it did before, while every
     * node must connect anew and one starts. Nothing may be written to it. The recovery is the longest time without an acknowledged
     * object while both run.
     */
    static void returnOldPrimary(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        DozoNode cluster = rehearsal.cluster();
        int port = (int) cluster.count("SELECT inet_server_port()");
        cluster.dozo("database", "kill", "primary").orFail();
        cluster.dozo("database", "promote").orFail();
        rehearsal.load().awaitStored(20);
        Path mark = cluster.pair().oldPrimary().resolve("was-primary");
        Files.delete(mark);
        long returned = System.nanoTime();
        cluster.dozo("database", "start", "standby").orFail();
        try (Connection old = cluster.pair().connect(port)) {
            long before = written(old);
            int node = rehearsal.anyNode();
            cluster.kill9(node);
            cluster.pair().endConnectionsOfNodes();
            cluster.start(node);
            cluster.pair().endConnectionsOfNodes();
            rehearsal.load().awaitStored(200);
            long after = written(old);
            if (after != before) {
                throw new AssertionError(after - before + " rows were written to the old primary");
            }
            rehearsal.recovered(rehearsal.load().longestSilenceSince(returned));
        }
        cluster.dozo("database", "stop", "standby").orFail();
        Files.createFile(mark);
        cluster.dozo("database", "rebuild").orFail();
    }

    /** Rows of any table, inserted, changed or deleted since the database was started. */
    private static long written(Connection connection) throws Exception {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_stat_clear_snapshot(),"
                        + " (SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables)")) {
            row.next();
            return row.getLong(2);
        }
    }

    /**
     * The nodes are started while the database refuses everybody: they wait, not ready; the recovery is from the moment at which it
     * takes connections until all nodes are ready, and an object is acknowledged.
     */
    static void beDownAtStart(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        DozoNode cluster = rehearsal.cluster();
        NodeFaults.kill(cluster, node -> true);
        FutureTask<DozoNode> start;
        try (Cut cut = Cut.refusingDatabase(cluster)) {
            start = Rehearsal.meanwhile(cluster::up);
            for (int node = 1; node <= cluster.nodes(); node++) {
                rehearsal.awaitAnswerUnready(node);
            }
            Thread.sleep(WITHOUT_DATABASE);
            cut.assertBit();
        }
        rehearsal.allRecoveredSince(System.nanoTime());
        start.get();
    }

    /**
     * The volume of the primary's write-ahead log is full: the primary ends itself, and nothing is acknowledged. It gets room and is
     * started; the recovery is from that order to the next acknowledged object.
     */
    static void fillLog(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        DozoNode cluster = rehearsal.cluster();
        try (LogVolume log = LogVolume.of(cluster)) {
            rehearsal.load().awaitStored(20);
            Path ballast = log.fill();
            Await.until(
                    "the primary ends itself",
                    Rehearsal.PATIENCE,
                    () -> !cluster.pair().isPrimaryRunning());
            long gone = System.nanoTime();
            Thread.sleep(WITHOUT_DATABASE);
            assertNothingStoredSince(rehearsal, gone);
            Files.delete(ballast);
            long ordered = System.nanoTime();
            cluster.dozo("database", "start", "primary").orFail();
            rehearsal.recoveredSince(ordered);
        }
    }

    private static void assertNothingStoredSince(Rehearsal rehearsal, long nanos) {
        if (rehearsal.load().isStoredAfter(nanos + UNDER_WAY.toNanos())) {
            throw new AssertionError("Objects were acknowledged meanwhile");
        }
    }
}
