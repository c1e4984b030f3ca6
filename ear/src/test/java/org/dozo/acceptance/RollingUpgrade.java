// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The nodes of a cluster get this checkout's release, one after the other, while others send and read. */
final class RollingUpgrade implements AutoCloseable {

    /** As a modality takes time for a slice: the machine is needed for nodes that start. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final int SERIES = 100;
    private static final String UNKNOWN = "no.such.setting";

    private final DozoNode cluster;
    private final String study;
    private final Load load;
    private final DcmtkSender storescu;
    private final Readers readers;
    private final List<Duration> silences = new ArrayList<>();
    private final List<Duration> readSilences = new ArrayList<>();
    private final List<Long> seconds = new ArrayList<>();
    private final List<List<String>> versions = new ArrayList<>();
    private int probes;

    RollingUpgrade(DozoNode cluster, int senders, int pixelBytes, long seed) throws IOException {
        this.cluster = cluster;
        study = "2.25." + seed + ".77";
        load = Load.start(cluster, senders, pixelBytes, PAUSE, SERIES, seed);
        storescu = DcmtkSender.start(cluster, pixelBytes, seed);
        readers = Readers.start(cluster, load);
    }

    /** Everyone stores and reads; the nodes run what they ran before. */
    void begin() throws Exception {
        awaitWork();
        versions.add(cluster.versions());
    }

    private void awaitWork() throws Exception {
        load.awaitStored(50);
        readers.awaitAnswered();
    }

    /** Expands the schema, and further than this release needs; the nodes of the old release go on. */
    void migrate() throws Exception {
        long from = System.nanoTime();
        cluster.dozo("migrate").orFail();
        expandFurther();
        note(from);
    }

    /** What a release to come may do to the schema: a table, a column of a table that is written to, a migration of a high number. */
    private void expandFurther() throws SQLException, IOException {
        try (Connection connection = cluster.database();
                Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '5s'");
            statement.execute("ALTER TABLE instance ADD COLUMN of_a_release_to_come text");
            statement.execute("ALTER TABLE study ADD COLUMN of_a_release_to_come integer DEFAULT 0");
            statement.execute("CREATE TABLE of_a_release_to_come (id bigint PRIMARY KEY)");
            statement.execute(
                    "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                            + " execution_time, success) SELECT max(installed_rank) + 1, '9999', 'of a release to come', 'SQL',"
                            + " 'V9999', 'drill', 0, true FROM flyway_schema_history");
        }
    }

    /** A release that never gets ready: whether the node is back on what it ran before, and said so. */
    boolean replaceInVain(int member) throws Exception {
        long from = System.nanoTime();
        List<String> before = cluster.versions();
        Shell.Result result;
        cluster.set(UNKNOWN, "1").writeSettings();
        try {
            result = cluster.dozo("node", "upgrade", "" + member);
        } finally {
            cluster.unset(UNKNOWN).writeSettings();
        }
        System.out.print(result.output());
        note(from);
        return result.exit() == 1
                && result.output().contains(UNKNOWN)
                && result.output().contains("node" + member + " is back on " + before.get(member - 1) + " and ready")
                && before.equals(versions.getLast())
                && cluster.isNode(member, "READY");
    }

    /** Replaces a node, unless it does not pass: then it is back on what it ran before, and the answer says why. */
    Shell.Result replace(int member) throws Exception {
        long from = System.nanoTime();
        Shell.Result result = cluster.dozo("node", "upgrade", "" + member);
        if (result.exit() == 0) {
            String fault = storeAndFind(member);
            if (!fault.isEmpty()) {
                cluster.dozo("node", "rollback", "" + member).orFail();
                result = new Shell.Result(1, fault + "; node" + member + " is back on what it ran before");
            }
        }
        note(from);
        seconds.add(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from));
        return result;
    }

    private void note(long from) throws Exception {
        awaitWork();
        silences.add(load.longestSilenceSince(from));
        readSilences.add(readers.longestSilenceSince(from));
        versions.add(cluster.versions());
    }

    /** What is stored at a node is found and read at every node, and the other way round; what was wrong, empty if nothing. */
    String storeAndFind(int member) throws IOException, InterruptedException {
        for (int other = 1; other <= cluster.nodes(); other++) {
            String fault = storeAndFind(member, other) + (other == member ? "" : storeAndFind(other, member));
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return "";
    }

    private String storeAndFind(int writer, int reader) throws IOException, InterruptedException {
        Uids uids = Uids.of(study + ".1." + ++probes);
        try (Sender sender = Sender.open(cluster, writer)) {
            if (!sender.echo().isDone()) {
                return "node" + writer + " does not answer C-ECHO";
            }
            TestObject slice = TestObject.ct(uids.study(), uids.series(), uids.instance(), 1024);
            if (!sender.store(slice).isDone()) {
                return "node" + writer + " does not store";
            }
        }
        Web web = new Web(cluster, reader);
        if (!web.get(uids.seriesPath() + "/instances?SOPInstanceUID=" + uids.instance())
                .body()
                .contains("\"" + uids.instance() + "\"")) {
            return "node" + reader + " does not find what node" + writer + " stored";
        }
        int status = web.get(uids.path()).statusCode();
        return status == 200 ? "" : "node" + reader + " answers " + status + " for what node" + writer + " stored";
    }

    /** Of the migration and each replacement: the longest time without an acknowledged object. */
    List<Duration> silences() {
        return List.copyOf(silences);
    }

    /** Of the same: the longest that a reader waited. */
    List<Duration> readSilences() {
        return List.copyOf(readSilences);
    }

    /** Of each replacement: from the command to the objects stored after it. */
    List<Long> seconds() {
        return List.copyOf(seconds);
    }

    /** The nodes' versions: at first, after the migration, and after each replacement. */
    List<List<String>> versions() {
        return List.copyOf(versions);
    }

    /** All of them, in the order in which they came. */
    Set<String> seen() {
        Set<String> seen = new LinkedHashSet<>();
        versions.forEach(seen::addAll);
        return seen;
    }

    Load load() {
        return load;
    }

    DcmtkSender storescu() {
        return storescu;
    }

    Readers readers() {
        return readers;
    }

    @Override
    public void close() {
        readers.close();
        storescu.close();
        load.close();
    }
}
