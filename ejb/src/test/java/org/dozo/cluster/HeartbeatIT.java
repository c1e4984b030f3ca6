// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.dozo.index.SchemaCheck;
import org.dozo.shared.CurrentTerm;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.NodeTerm;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real database, no threads: beats are given by hand. */
class HeartbeatIT {

    private static final Heartbeat.Report READY =
            new Heartbeat.Report(new NodeStatus("any", NodeState.READY, List.of()), 3, 2);

    private TestDatabase test;
    private Database database;
    private NodeRegistry registry;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        database = test.database();
        registry = new NodeRegistry(database);
    }

    @AfterEach
    void close() {
        test.close();
    }

    /** A process under a name. */
    private final class RunningNode implements AutoCloseable {
        final CurrentTerm term;
        final Heartbeat heartbeat;

        RunningNode(String name) {
            term = new CurrentTerm(new NodeTerm(name, NodeTerm.ENDED));
            heartbeat = new Heartbeat(registry, new SchemaCheck(database), term);
            assertTrue(heartbeat.register("1.0"));
        }

        @Override
        public void close() {
            heartbeat.end();
        }
    }

    private RegisteredNode node(String name) throws SQLException {
        return registry.list().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void requireTerm(NodeTerm term) throws SQLException {
        database.transaction(connection -> {
            try (var statement = connection.prepareStatement("SELECT require_term(?, ?)")) {
                statement.setString(1, term.node());
                statement.setLong(2, term.epoch());
                return statement.execute();
            }
        });
    }

    @Test
    void aNodeIsListedWithWhatItSaysAndStopsInOrder() throws Exception {
        try (RunningNode process = new RunningNode("node1")) {
            process.heartbeat.beat("1.0", READY);
            RegisteredNode node = node("node1");
            assertEquals("ready", node.word());
            assertEquals(process.term.get().epoch(), node.epoch());
            assertEquals(3, node.associations());
            assertEquals(2, node.jobs());
            assertEquals(List.of(), process.heartbeat.problems());
            requireTerm(process.term.get());
        }
        assertEquals("stopped", node("node1").word());
    }

    @Test
    void aSilentNodeIsGivenUpAndWhatItBeganIsRefused() throws Exception {
        try (RunningNode frozen = new RunningNode("node1")) {
            NodeTerm before = frozen.term.get();
            test.execute("UPDATE node SET heartbeat_at = heartbeat_at - interval '1 minute'");
            assertEquals(
                    List.of(), registry.giveUpSilent("node1", Heartbeat.LOST_AFTER), "a node does not judge itself");
            assertEquals(List.of("node1"), registry.giveUpSilent("node2", Heartbeat.LOST_AFTER));
            assertEquals(List.of(), registry.giveUpSilent("node3", Heartbeat.LOST_AFTER), "once is enough");
            assertEquals("lost", node("node1").word());
            SQLException refused = assertThrows(SQLException.class, () -> requireTerm(before));
            assertEquals(Failure.NODE_FENCED, Failure.of(refused));

            frozen.heartbeat.beat("1.0", READY);
            assertEquals(before.epoch() + 2, frozen.term.get().epoch());
            requireTerm(frozen.term.get());
            assertThrows(SQLException.class, () -> requireTerm(before));
        }
    }

    @Test
    void theNewestProcessOfANameHasItAndTheOlderOneTakesNoMoreWork() throws Exception {
        try (RunningNode older = new RunningNode("node1");
                RunningNode newer = new RunningNode("node1")) {
            older.heartbeat.beat("1.0", READY);
            assertEquals(NodeTerm.ENDED, older.term.get().epoch());
            assertTrue(older.heartbeat.problems().getFirst().contains("another node.name"));
            older.heartbeat.beat("1.0", READY);
            requireTerm(newer.term.get());
            assertThrows(SQLException.class, () -> requireTerm(older.term.get()));
        }
    }

    /** It gives out images, and is ready for that. */
    @Test
    void aBeatWaitsForNoStandby() throws Exception {
        try (RunningNode process = new RunningNode("node1")) {
            test.requireMissingStandby(true);
            try {
                CompletableFuture.runAsync(() -> process.heartbeat.beat("1.0", READY))
                        .get(20, TimeUnit.SECONDS);
                assertEquals("ready", node("node1").word());
            } finally {
                test.requireMissingStandby(false);
            }
        }
    }

    @Test
    void aDrainIsHeardWithTheNextBeatAndTakenBack() throws Exception {
        try (RunningNode process = new RunningNode("node1")) {
            registry.wishDrain("node1", true);
            process.heartbeat.beat("1.0", READY);
            assertTrue(process.heartbeat.isDrainWished());
            registry.wishDrain("node1", false);
            process.heartbeat.beat("1.0", READY);
            assertFalse(process.heartbeat.isDrainWished());
        }
        FailureException unknown = assertThrows(FailureException.class, () -> registry.wishDrain("node9", true));
        assertEquals(Failure.NOT_FOUND, unknown.failure());
    }

    @Test
    void onlyWhoIsGoneIsForgotten() throws Exception {
        RunningNode process = new RunningNode("node1");
        assertEquals(
                Failure.CONFLICT,
                assertThrows(FailureException.class, () -> registry.forget("node1"))
                        .failure());
        process.close();
        registry.forget("node1");
        assertEquals(List.of(), registry.list());
    }

    @Test
    void theTermOfAForgottenNodeNeverComesAgain() throws Exception {
        UUID process = UUID.randomUUID();
        NodeTerm before = new NodeTerm("node1", registry.register("node1", process, "1.0"));
        registry.stop(before);
        registry.forget("node1");
        long renewed = registry.renew("node1", process, "1.0").orElseThrow();
        assertTrue(renewed > before.epoch(), "nobody else has the name: it begins anew");
        registry.stop(new NodeTerm("node1", renewed));
        registry.forget("node1");
        NodeTerm after = new NodeTerm("node1", registry.register("node1", UUID.randomUUID(), "1.0"));
        assertTrue(after.epoch() > renewed);
        assertThrows(SQLException.class, () -> requireTerm(before));
        requireTerm(after);
        assertEquals(Optional.empty(), registry.renew("node1", process, "1.0"), "another process has the name");
    }

    @Test
    void aClockThatIsTwoSecondsWrongIsToldAndAnUncertainOneIsNot() {
        Instant sent = Instant.parse("2026-11-22T10:00:00Z");
        assertEquals(Optional.empty(), Heartbeat.skew(sent, Duration.ofMillis(20), sent.plusMillis(1900)));
        String behind = Heartbeat.skew(sent, Duration.ofMillis(20), sent.plusMillis(2100))
                .orElseThrow();
        assertTrue(behind.contains("behind"), behind);
        assertTrue(Heartbeat.skew(sent, Duration.ofMillis(20), sent.minusMillis(2100))
                .orElseThrow()
                .contains("ahead of"));
        assertEquals(Optional.empty(), Heartbeat.skew(sent, Duration.ofSeconds(4), sent.plusSeconds(5)));
    }
}
