// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The release before this one and this one side by side, on two nodes: F1, F2. */
class UpgradeIT {

    private static final int SENDERS = 2;
    private static final int SLICE = 32 * 1024;
    private static final Duration NOTICED = Duration.ofSeconds(10);
    private static final String NO_HISTORY = "there is no release before this one here";

    private static DozoNode cluster;
    private static Shell.Result previous;

    /** On the release before this one, with its schema; where the history is cut off, on this one. */
    @BeforeAll
    static void start() throws Exception {
        previous = DozoNode.previousRelease();
        cluster = DozoNode.create("upgrade").nodes(2).set("dicom.drain", "3 s");
        if (!previous.output().contains(NO_HISTORY)) {
            List<String> lines = previous.orFail().output().lines().toList();
            cluster.startedBy(Path.of(lines.getLast()));
        }
        cluster.up();
    }

    @AfterAll
    static void end() throws IOException {
        cluster.close();
    }

    @Test
    void twoReleasesWorkSideBySideOnTheNextSchema() throws Exception {
        Assumptions.assumeTrue(previous.exit() == 0, previous.output());
        long seed = System.nanoTime();
        RollingUpgrade upgrade = new RollingUpgrade(cluster, SENDERS, SLICE, seed);
        try (upgrade) {
            upgrade.migrate();
            expandFurther();
            assertEquals("", upgrade.storeAndFind(1), "the release before this one on the schema of the next");
            for (int node = 1; node <= cluster.nodes(); node++) {
                upgrade.replace(node).orFail();
            }
        }
        Checker.check(cluster)
                .report(
                        "upgrade",
                        upgrade.load().stored() + " stored, "
                                + upgrade.storescu().stored() + " by storescu, "
                                + upgrade.readers().answered() + " read",
                        cluster.nodes(),
                        0,
                        longest(upgrade.silences()),
                        seed)
                .assertClean();
        assertEquals(List.of(), upgrade.readers().wrong());
        assertTrue(upgrade.wasMixed(), "never two releases at a time: " + upgrade.versions());
        assertNotEquals(
                upgrade.versions().getFirst().getFirst(),
                upgrade.versions().getLast().getFirst());
        assertTrue(upgrade.storescu().stored() > 0, "storescu stored nothing");
        assertTrue(longest(upgrade.silences()).compareTo(NOTICED) <= 0, "stored: " + upgrade.silences());
        assertTrue(longest(upgrade.readSilences()).compareTo(NOTICED) <= 0, "read: " + upgrade.readSilences());
    }

    /** What a release to come may do to the schema: a table, a column of a table that is written to, a migration of a high number. */
    private static void expandFurther() throws SQLException, IOException {
        try (Connection connection = cluster.database();
                Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '5s'");
            statement.execute("ALTER TABLE instance ADD COLUMN of_a_release_to_come text");
            statement.execute("ALTER TABLE study ADD COLUMN of_a_release_to_come integer DEFAULT 0");
            statement.execute("CREATE TABLE of_a_release_to_come (id bigint PRIMARY KEY)");
            statement.execute(
                    "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                            + " execution_time, success) SELECT max(installed_rank) + 1, '9999', 'of a release to come', 'SQL',"
                            + " 'V9999', 'test', 0, true FROM flyway_schema_history");
        }
    }

    @Test
    void aReleaseThatNeverGetsReadyIsPutBackAndNothingIsLost() throws Exception {
        long seed = System.nanoTime();
        List<String> before = cluster.versions();
        RollingUpgrade upgrade = new RollingUpgrade(cluster, SENDERS, SLICE, seed);
        Shell.Result result;
        try (upgrade) {
            cluster.set("no.such.setting", "1").writeSettings();
            result = upgrade.replace(2);
        } finally {
            cluster.unset("no.such.setting").writeSettings();
        }
        assertEquals(1, result.exit(), result.output());
        assertTrue(result.output().contains("no.such.setting"), result.output());
        assertTrue(result.output().contains("node2 is back on " + before.getLast() + " and ready"), result.output());
        assertEquals(before, cluster.versions());
        assertTrue(cluster.isNode(2, "READY"), "node2 is not ready");
        Checker.check(cluster)
                .report("upgradePutBack", SENDERS + " senders", 1, 0, longest(upgrade.silences()), seed)
                .assertClean();
        assertEquals(List.of(), upgrade.readers().wrong());
    }

    private static Duration longest(List<Duration> durations) {
        return durations.stream().max(Duration::compareTo).orElseThrow();
    }
}
