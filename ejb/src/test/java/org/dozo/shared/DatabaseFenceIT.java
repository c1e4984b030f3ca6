// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** A primary and its standby, which is promoted; then the old primary runs as well, writable, and is the first in the URL. */
class DatabaseFenceIT {

    private static final int ROWS = 20;

    /** Microseconds since 1970 at which the one other connection last asked for something. */
    private static final String BACKENDS_LAST_QUERY = """
            SELECT (extract(epoch FROM query_start) * 1000000)::bigint FROM pg_stat_activity
            WHERE usename = 'dozo' AND pid <> pg_backend_pid()""";

    private static final String OTHERS =
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'dozo' AND pid <> pg_backend_pid()";

    @TempDir
    private Path directory;

    private PostgresMember old;
    private PostgresMember promoted;
    private final List<PostgresMember> members = new ArrayList<>();
    private final List<Pool> pools = new ArrayList<>();

    @BeforeEach
    void startPair() throws Exception {
        assumeTrue(PostgresMember.programs().isPresent(), "needs Debian's postgresql");
        old = create("old");
        promoted = started(old.standby(directory.resolve("promoted")));
    }

    private PostgresMember create(String name) throws Exception {
        PostgresMember member =
                started(PostgresMember.create(PostgresMember.programs().orElseThrow(), directory.resolve(name)));
        member.execute("CREATE TABLE note (at timestamptz DEFAULT clock_timestamp())");
        return member;
    }

    private PostgresMember started(PostgresMember member) {
        members.add(member);
        return member;
    }

    @AfterEach
    void end() throws Exception {
        pools.forEach(Pool::close);
        for (PostgresMember member : members) {
            member.end();
        }
    }

    private DatabaseFence fence() {
        return new DatabaseFence(directory.resolve("database.history"));
    }

    private DataSource pool(DataSource source) {
        Pool pool = new Pool(source);
        pools.add(pool);
        return pool.asDataSource();
    }

    private Database database(DatabaseFence fence, PostgresMember... members) {
        return new Database(fenced(fence, PostgresMember.source(members)));
    }

    private DataSource fenced(DatabaseFence fence, PGSimpleDataSource source) {
        return new FencedDataSource(
                pool(source), new OtherHosts(source.getUrl(), source.getUser(), source.getPassword()), fence);
    }

    private static void write(Database database) throws SQLException {
        database.transaction(
                connection -> connection.createStatement().executeUpdate("INSERT INTO note DEFAULT VALUES"));
    }

    private static long notes(PostgresMember member) throws SQLException {
        return member.number("SELECT count(*) FROM note");
    }

    /** The fence's node loses the primary, finds the promoted one, and the old one is started again. */
    private void returnOldPrimary(DatabaseFence fence) throws Exception {
        old.stop();
        promoted.promote();
        write(database(fence, old, promoted));
        old.start();
    }

    @Test
    void anOldPrimaryThatRunsAgainGetsNoRow() throws Exception {
        DatabaseFence fence = fence();
        write(database(fence, old, promoted));
        returnOldPrimary(fence);

        for (int row = 0; row < ROWS; row++) {
            // Each with connections of its own, so that the driver chooses anew.
            write(database(fence, old, promoted));
        }

        assertEquals(2 + ROWS, notes(promoted));
        assertEquals(1, notes(old));
        write(new Database(pool(PostgresMember.source(old, promoted))));
        assertEquals(2, notes(old), "the old primary takes rows, without the fence");
    }

    @Test
    void withoutAnotherHostTheWriterIsToldWhy() throws Exception {
        DatabaseFence fence = fence();
        returnOldPrimary(fence);

        SQLException refused = assertThrows(RefusedDatabaseException.class, () -> write(database(fence, old)));

        assertEquals(Failure.DATABASE_UNAVAILABLE, Failure.of(refused));
        for (String word : List.of(old.toString(), "timeline 1", "timeline 2", "database.history")) {
            assertTrue(refused.getMessage().contains(word), refused.getMessage());
        }
        assertEquals(0, notes(old));
    }

    @Test
    void aPooledConnectionToWhatWasThePrimaryIsUsedNoMore() throws Exception {
        DatabaseFence fence = fence();
        Database pooled = database(fence, old, promoted);
        write(pooled);
        promoted.promote();
        write(pooled);
        assertEquals(2, notes(old), "nobody has met the new timeline yet");

        write(database(fence, promoted));
        write(pooled);

        assertEquals(2, notes(old));
        assertEquals(3, notes(promoted), "one before the promotion, two after it");
    }

    @Test
    void aConnectionThatIsRefusedDoesNotComeBackIntoThePool() throws Exception {
        DatabaseFence fence = fence();
        Database pooled = database(fence, old);
        write(pooled);
        promoted.promote();
        write(database(fence, promoted));

        assertThrows(RefusedDatabaseException.class, () -> write(pooled));

        Await.until("no connection of Dozo", () -> old.number(OTHERS) == 0);
    }

    @Test
    void anOldPrimaryThatHangsIsNotWaitedForLong() throws Exception {
        DatabaseFence fence = fence();
        Database pooled = database(fence, old, promoted);
        long backend = pooled.<Long, SQLException>read(connection -> {
            var row = connection.createStatement().executeQuery("SELECT pg_backend_pid()");
            row.next();
            return row.getLong(1);
        });
        promoted.promote();
        write(database(fence, promoted));
        signal("STOP", backend);
        try {
            long begun = System.nanoTime();
            write(pooled);
            // Its socket would wait for 30 s.
            assertTrue(System.nanoTime() - begun < Duration.ofSeconds(15).toNanos());
        } finally {
            signal("CONT", backend);
        }
        assertEquals(2, notes(promoted));
    }

    private static void signal(String name, long process) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process))
                        .start()
                        .waitFor());
    }

    @Test
    void aRestartedNodeKnowsItFromItsFile() throws Exception {
        returnOldPrimary(fence());

        DatabaseFence restarted = fence();
        assertThrows(RefusedDatabaseException.class, () -> write(database(restarted, old)));
        write(database(restarted, old, promoted));

        assertEquals(0, notes(old));
    }

    @Test
    void aNodeThatWasAwayAsksTheOtherHosts() throws Exception {
        promoted.promote();
        DatabaseFence fence = fence();

        write(database(fence, old, promoted));

        assertEquals(0, notes(old));
        assertEquals(1, notes(promoted));
        assertThrows(RefusedDatabaseException.class, () -> write(database(fence, old)));
    }

    @Test
    void anotherDatabaseIsRefusedUntilTheOperatorDeletesTheFile() throws Exception {
        write(database(fence(), old));
        PostgresMember other = create("other");
        assertThrows(RefusedDatabaseException.class, () -> write(database(fence(), other)));

        Files.delete(directory.resolve("database.history"));
        write(database(fence(), other));

        assertEquals(1, notes(other));
    }

    @Test
    void aStandbyIsNoDatabaseToWorkWith() throws Exception {
        var any = PostgresMember.source(promoted);
        any.setTargetServerType("any");

        SQLException refused = assertThrows(
                RefusedDatabaseException.class,
                () -> fenced(fence(), any).getConnection().close());

        assertTrue(refused.getMessage().contains("is a standby"), refused.getMessage());
    }

    @Test
    void aConnectionIsAskedOnce() throws Exception {
        DataSource fenced = fenced(fence(), PostgresMember.source(old));
        fenced.getConnection().close();
        Await.until("one connection of Dozo", () -> old.number(OTHERS) == 1);
        long before = old.number(BACKENDS_LAST_QUERY);
        for (int time = 0; time < 100; time++) {
            fenced.getConnection().close();
        }
        assertEquals(before, old.number(BACKENDS_LAST_QUERY));
    }
}
