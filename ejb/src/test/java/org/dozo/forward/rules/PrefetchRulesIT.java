// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.settings.ConfigurationFile;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Notices;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prefetch rules as rows, in the book, and in the configuration file. */
class PrefetchRulesIT {

    private static final PrefetchRule FULL = new PrefetchRule(
            "ER priors 救急",
            Condition.parse("modality in (CT, MR) and stationName ~ \"^ER\""),
            new PriorsWanted(List.of("CT", "MR"), true, 60, 5),
            List.of("WS1", "AI"),
            7,
            true);

    private TestDatabase test;
    private PeerRegistry peers;
    private PrefetchBook book;
    private PrefetchRegistry rules;
    private ConfigurationFile file;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        Database database = test.database();
        peers = new PeerRegistry(database, Notices.NONE);
        book = new PrefetchBook(database, Notices.NONE);
        rules = new PrefetchRegistry(database, book);
        file = new ConfigurationFile(
                database,
                peers,
                List.of(new PrefetchSection(book), new RuleSection(new RuleBook(database, Notices.NONE))));
        for (String title : List.of("WS1", "AI")) {
            peers.put(new KnownPeer(title, "127.0.0.1", 104, false, Set.of(), ""));
        }
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static PrefetchRule rule(String name, String... destinations) {
        return PrefetchFields.read(Map.of("name", name, "condition", "all", "destinations", List.of(destinations)));
    }

    @Test
    void rulesAreAddedReplacedAndDeletedAndTheBookHasThoseThatAreEnabled() throws SQLException {
        rules.add(FULL);
        assertEquals(List.of(FULL), rules.list());
        assertEquals(List.of(FULL), book.rules());
        assertEquals(
                Failure.CONFLICT,
                assertThrows(FailureException.class, () -> rules.add(FULL)).failure());
        rules.put(FULL);
        assertEquals(1, test.number("SELECT version FROM prefetch_rule"));
        PrefetchRule off = new PrefetchRule(
                FULL.name(),
                FULL.condition(),
                new PriorsWanted(List.of(), false, 0, 1),
                List.of("AI", "WS1"),
                5,
                false);
        rules.put(off);
        assertEquals(Optional.of(off), rules.get(FULL.name()));
        assertEquals(List.of(), book.rules());
        assertTrue(rules.delete(FULL.name()));
        assertFalse(rules.delete(FULL.name()));
        assertEquals(0, test.number("SELECT count(*) FROM prefetch_rule_destination"));
    }

    @Test
    void destinationsArePeersAndStaySo() throws SQLException {
        FailureException refused = assertThrows(FailureException.class, () -> rules.put(rule("a", "AI", "NO1")));
        assertEquals(Failure.INVALID_RECORD, refused.failure());
        assertTrue(String.valueOf(refused.getMessage()).contains("another kind: NO1"), refused.getMessage());
        assertEquals(List.of(), rules.list());
        rules.put(rule("a", "AI"));
        FailureException used = assertThrows(FailureException.class, () -> peers.delete("AI"));
        assertEquals(Failure.CONFLICT, used.failure());
        assertTrue(String.valueOf(used.getMessage()).contains("/api/prefetch"), used.getMessage());
    }

    @Test
    void aFileWithoutAnyIsReadToo() throws SQLException {
        assertEquals(List.of(), file.compare(file.export()).lines());
    }

    @Test
    void theFileHasThemAndPutsThemBack() throws SQLException {
        rules.put(FULL);
        rules.put(rule("second", "AI"));
        String yaml = file.export();
        assertEquals(List.of(), file.compare(yaml).lines());
        rules.delete(FULL.name());
        rules.put(rule("third", "AI"));
        assertEquals(
                Set.of("+ prefetch rule " + FULL.name(), "- prefetch rule third"),
                file.apply(yaml).lines().stream()
                        .map(line -> line.substring(0, line.indexOf(" {")))
                        .collect(Collectors.toSet()));
        assertEquals(List.of(FULL, rule("second", "AI")), rules.list());
        assertEquals(2, book.rules().size());
        FailureException refused =
                assertThrows(FailureException.class, () -> file.apply(yaml.replace("count: 5", "count: 21")));
        assertTrue(String.valueOf(refused.getMessage()).contains("priors.count"), refused.getMessage());
    }
}
