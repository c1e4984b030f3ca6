// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabaseIT {

    private static TestDatabase test;

    @BeforeAll
    static void open() throws SQLException {
        test = TestDatabase.empty();
        test.execute("CREATE TABLE note (text text UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    }

    @AfterAll
    static void close() {
        test.close();
    }

    @AfterEach
    void forget() throws SQLException {
        test.execute("TRUNCATE note");
    }

    private static String insert(Connection connection, String text) throws SQLException {
        connection.createStatement().execute("INSERT INTO note VALUES ('" + text + "')");
        return text;
    }

    private static long notes() throws SQLException {
        return test.number("SELECT count(*) FROM note");
    }

    @Test
    void whatIsDoneInATransactionIsCommitted() throws SQLException {
        assertEquals("a", test.database().transaction(connection -> insert(connection, "a")));
        assertEquals(1, notes());
    }

    @Test
    void anExceptionOfTheWorkRollsBackAndIsThrownOn() throws SQLException {
        Database database = test.database();
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> database.transaction(connection -> {
                    insert(connection, "b");
                    throw new IllegalStateException("no");
                }));
        assertEquals("no", thrown.getMessage());
        assertEquals(0, notes());
        // The connection that comes back from the pool is as new.
        assertEquals("c", database.transaction(connection -> insert(connection, "c")));
        assertEquals(1, notes());
    }

    @Test
    void aCommitThatTheServerRefusesIsRolledBackNotInDoubt() throws SQLException {
        Database database = test.database();
        SQLException refused = assertThrows(
                SQLException.class,
                () -> database.transaction(connection -> {
                    insert(connection, "twice");
                    return insert(connection, "twice");
                }));
        assertFalse(refused instanceof CommitInDoubtException, refused::toString);
        assertEquals(0, notes());
    }

    @Test
    void whatIsToBeDoneAfterwardsIsDoneOnceTheNotesAreThere() throws SQLException {
        Database database = test.database();
        List<String> seen = new ArrayList<>();
        database.transaction(connection -> {
            database.afterCommit(() -> seen.add("outer: " + notesNow()));
            // Another transaction on the same thread has its own afterwards.
            database.transaction(inner -> {
                database.afterCommit(() -> seen.add("inner: " + notesNow()));
                return insert(inner, "d");
            });
            return insert(connection, "e");
        });
        assertEquals(List.of("inner: 1", "outer: 2"), seen);
        database.afterCommit(() -> seen.add("at once"));
        assertEquals(3, seen.size());
    }

    private static long notesNow() {
        try {
            return notes();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsToBeDoneAfterwardsIsNotDoneIfNothingWasCommitted() {
        Database database = test.database();
        List<String> seen = new ArrayList<>();
        assertThrows(
                SQLException.class,
                () -> database.transaction(connection -> {
                    database.afterCommit(() -> seen.add("done"));
                    insert(connection, "twice");
                    return insert(connection, "twice");
                }));
        assertEquals(List.of(), seen);
    }

    @Test
    void noConnectionIsAnUnavailableDatabase() {
        org.postgresql.ds.PGSimpleDataSource nowhere = new org.postgresql.ds.PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://localhost:1/none?connectTimeout=2");
        SQLException thrown =
                assertThrows(SQLException.class, () -> new Database(nowhere).transaction(connection -> "never"));
        assertEquals(Failure.DATABASE_UNAVAILABLE, Failure.of(thrown));
    }

    @Test
    void aStatementThatIsCancelledIsAnUnavailableDatabaseAndNothingIsKept() {
        SQLException thrown = assertThrows(
                SQLException.class,
                () -> test.database().transaction(connection -> {
                    insert(connection, "slow");
                    connection.createStatement().execute("SET LOCAL statement_timeout = 50");
                    connection.createStatement().execute("SELECT pg_sleep(20)");
                    return "never";
                }));
        assertEquals(Failure.DATABASE_UNAVAILABLE, Failure.of(thrown));
    }

    /** Runs an insert that waits for a standby which does not exist, ends the wait by {@code ending}, and returns the outcome. */
    private static Throwable commitWithoutStandby(String ending) throws Exception {
        return commitWithoutStandby(
                ending, database -> database.transaction(connection -> insert(connection, "unreplicated")));
    }

    private interface Change {
        Object in(Database database) throws SQLException;
    }

    private static Throwable commitWithoutStandby(String ending, Change change) throws Exception {
        test.requireMissingStandby(true);
        try {
            CompletableFuture<Throwable> outcome = CompletableFuture.supplyAsync(() -> {
                try {
                    change.in(test.database());
                    return new AssertionError("success was said");
                } catch (SQLException e) {
                    return e;
                }
            });
            Await.until("a commit waits", () -> test.endWaitForStandby(ending));
            return outcome.get(20, TimeUnit.SECONDS);
        } finally {
            test.requireMissingStandby(false);
        }
    }

    @Test
    void aCommitWhoseWaitForTheStandbyWasCancelledIsNotSuccess() throws Exception {
        Throwable thrown = commitWithoutStandby("pg_cancel_backend");
        CommitInDoubtException doubt = assertInstanceOf(CommitInDoubtException.class, thrown);
        assertTrue(doubt.isUnreplicated(), doubt::toString);
        assertEquals(1, notes(), "PostgreSQL has committed here, which is why success would be so easy to say");
    }

    @Test
    void aConnectionThatIsCutDuringTheCommitLeavesItInDoubt() throws Exception {
        Throwable thrown = commitWithoutStandby("pg_terminate_backend");
        CommitInDoubtException doubt = assertInstanceOf(CommitInDoubtException.class, thrown);
        assertEquals(Failure.COMMIT_IN_DOUBT, Failure.of(doubt));
    }

    @Test
    void aConnectionThatIsCutBeforeTheCommitKeepsNothing() throws Exception {
        Database database = test.database();
        SQLException thrown = assertThrows(
                SQLException.class,
                () -> database.transaction(connection -> {
                    insert(connection, "cut");
                    long pid =
                            connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
                    test.number("SELECT count(pg_terminate_backend(" + pid + "))");
                    return insert(connection, "never");
                }));
        assertEquals(Failure.DATABASE_UNAVAILABLE, Failure.of(thrown));
        assertEquals(0, notes());
    }

    private static String insertAlone(Database database, String text) throws SQLException {
        return database.statement(
                "INSERT INTO note VALUES (?) RETURNING text", statement -> statement.setString(1, text), rows -> {
                    rows.next();
                    return rows.getString(1);
                });
    }

    @Test
    void aStatementOfItsOwnIsCommitted() throws SQLException {
        assertEquals("a", insertAlone(test.database(), "a"));
        assertEquals(1, notes());
    }

    @Test
    void aStatementOfItsOwnThatTheServerRefusesWhenItCommitsIsRolledBackNotInDoubt() throws SQLException {
        // The constraint is looked at when the transaction ends, after the row was returned.
        insertAlone(test.database(), "twice");
        SQLException refused = assertThrows(SQLException.class, () -> insertAlone(test.database(), "twice"));
        assertFalse(refused instanceof CommitInDoubtException, refused::toString);
        assertEquals("23505", refused.getSQLState());
        assertEquals(1, notes());
        assertEquals("next", insertAlone(test.database(), "next"));
    }

    @Test
    void aStatementOfItsOwnWhoseWaitForTheStandbyWasCancelledIsNotSuccess() throws Exception {
        Throwable thrown = commitWithoutStandby("pg_cancel_backend", database -> insertAlone(database, "unreplicated"));
        CommitInDoubtException doubt = assertInstanceOf(CommitInDoubtException.class, thrown);
        assertTrue(doubt.isUnreplicated(), doubt::toString);
        assertEquals(1, notes());
    }

    @Test
    void aConnectionThatIsCutWhileAStatementOfItsOwnCommitsLeavesItInDoubt() throws Exception {
        Throwable thrown =
                commitWithoutStandby("pg_terminate_backend", database -> insertAlone(database, "unreplicated"));
        assertInstanceOf(CommitInDoubtException.class, thrown);
    }
}
