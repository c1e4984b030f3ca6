// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.dozo.shared.Await;
import org.dozo.shared.Database;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObjectLedgerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private TestDatabase test;
    private ObjectLedger ledger;
    private InstanceIndex index;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        test.execute("INSERT INTO volume (name, marker) VALUES ('main', gen_random_uuid()), ('b', gen_random_uuid())");
        ledger = new ObjectLedger(test.database());
        index = new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static NewInstance newcomer(String content) {
        return Newcomers.of(Newcomers.dataset("P", "1.1", "1.2", "1.3"), content);
    }

    private void awaitQuestion() throws Exception {
        Await.until(
                "somebody waits",
                PATIENCE,
                () -> test.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") > 0);
    }

    private boolean askWhileOpen(NewInstance newcomer, boolean commit) throws Exception {
        try (Connection connection = test.unpooled().getConnection()) {
            connection.setAutoCommit(false);
            index.record(connection, newcomer);
            CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return ledger.isRecorded(newcomer.object().name(), PATIENCE);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitQuestion();
            assertFalse(answer.isDone());
            if (commit) {
                connection.commit();
            } else {
                connection.rollback();
            }
            return answer.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void theQuestionWaitsForTheTransactionThatIsStillOpen() throws Exception {
        assertFalse(askWhileOpen(newcomer("a"), false));
        assertTrue(askWhileOpen(newcomer("a"), true));
    }

    @Test
    void itWaitsForAnAlternateToo() throws Exception {
        new Database(test.unpooled()).transaction(connection -> index.record(connection, newcomer("a")));
        assertTrue(askWhileOpen(newcomer("b"), true));
        assertFalse(askWhileOpen(newcomer("c"), false));
    }

    @Test
    void patienceEnds() throws Exception {
        NewInstance newcomer = newcomer("a");
        try (Connection connection = test.unpooled().getConnection()) {
            connection.setAutoCommit(false);
            index.record(connection, newcomer);
            SQLException unknown = assertThrows(
                    SQLException.class,
                    () -> ledger.isRecorded(newcomer.object().name(), Duration.ofMillis(50)));
            assertEquals("55P03", unknown.getSQLState());
            connection.rollback();
        }
    }

    @Test
    void theLedgerKnowsWhichVolumesHaveACopy() throws Exception {
        NewInstance newcomer = newcomer("a");
        new Database(test.unpooled()).transaction(connection -> index.record(connection, newcomer));
        assertTrue(ledger.isRecorded(newcomer.object().name(), (short) 1));
        assertFalse(ledger.isRecorded(newcomer.object().name(), (short) 2));
        assertFalse(ledger.isRecorded("unknown", (short) 1));
    }

    @Test
    void onlyANodeThatWasGivenUpAndIsNotBackIsLost() throws Exception {
        assertFalse(ledger.isLost("node1"));
        test.execute("INSERT INTO node (name, incarnation) VALUES ('node1', gen_random_uuid())");
        for (String state : new String[] {"NOT_READY", "READY", "DRAINING", "STOPPED"}) {
            test.execute("UPDATE node SET state = '" + state + "'");
            assertFalse(ledger.isLost("node1"), state);
        }
        test.execute("UPDATE node SET state = 'LOST'");
        assertTrue(ledger.isLost("node1"));
        assertFalse(ledger.isLost("node2"));
    }
}
