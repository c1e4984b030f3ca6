// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.jobs.Window;
import org.dozo.settings.ConfigurationFile;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules as rows, in the book, and in the configuration file. */
class RulesIT {

    private TestDatabase test;
    private PeerRegistry peers;
    private RuleBook book;
    private RuleRegistry rules;
    private ConfigurationFile file;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        Database database = test.database();
        peers = new PeerRegistry(database);
        book = new RuleBook(database);
        rules = new RuleRegistry(database, book);
        file = new ConfigurationFile(database, peers, List.of(new RuleSection(book)));
        for (String title : List.of("PACS2", "WS1", "AI")) {
            peers.put(new KnownPeer(title, "127.0.0.1", 104, false, Set.of(), ""));
        }
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static Rule rule(String name, String condition, String... destinations) {
        return RuleFields.read(Map.of("name", name, "condition", condition, "destinations", List.of(destinations)));
    }

    private static final Rule FULL = new Rule(
            "ER to AI 救急",
            Trigger.SERIES,
            Condition.parse("modality in (CT, MR) and stationName ~ \"^ER\" and not rejected"),
            List.of("WS1", "AI"),
            9,
            false,
            Duration.ofMinutes(5),
            Duration.ofSeconds(20),
            "asked for by \"neuro\"\n2nd line",
            new Handling(
                    Optional.of(Window.parse("22:00-06:00")),
                    Coercion.parse(Map.of("patientName", "救急=\"a\": b", "institutionName", "", "patientID", "007")),
                    List.of("1.2.840.10008.1.2", "1.2.840.10008.1.2.1")));

    @Test
    void rulesAreAddedReplacedAndDeleted() throws SQLException {
        rules.add(FULL);
        assertEquals(List.of(FULL), rules.list());
        assertEquals(Optional.of(FULL), rules.get(FULL.name()));
        Rule other = rule(FULL.name(), "stat", "PACS2", "AI", "WS1");
        rules.put(other);
        assertEquals(List.of("PACS2", "AI", "WS1"), rules.list().getFirst().destinations(), "in their order");
        assertEquals(List.of(other), rules.list());
        assertTrue(rules.delete(FULL.name()));
        assertFalse(rules.delete(FULL.name()));
        assertEquals(Optional.empty(), rules.get("no\0ne"));
        assertEquals(0, test.number("SELECT count(*) FROM forward_rule_destination"));
    }

    @Test
    void anUnchangedRuleKeepsItsVersion() throws SQLException {
        rules.put(rule("a", "stat", "AI"));
        rules.put(rule("a", "STAT", "AI"));
        assertEquals(1, test.number("SELECT version FROM forward_rule"));
        rules.put(rule("a", "stat", "WS1"));
        assertEquals(2, test.number("SELECT version FROM forward_rule"));
    }

    @Test
    void aNameIsTakenOnce() throws SQLException {
        rules.add(rule("a", "stat", "AI"));
        FailureException refused = assertThrows(FailureException.class, () -> rules.add(rule("a", "all", "AI")));
        assertEquals(Failure.CONFLICT, refused.failure());
        assertEquals("stat", rules.list().getFirst().condition().toString());
    }

    @Test
    void unknownDestinationsAreNamedAndNothingIsKept() throws SQLException {
        FailureException refused =
                assertThrows(FailureException.class, () -> rules.put(rule("a", "stat", "AI", "NO1", "WS1", "NO2")));
        assertEquals(Failure.INVALID_RECORD, refused.failure());
        assertTrue(String.valueOf(refused.getMessage()).contains("NO1, NO2"), refused.getMessage());
        assertEquals(List.of(), rules.list());
    }

    @Test
    void aPeerThatARuleSendsToIsNotRemoved() throws SQLException {
        rules.put(rule("a", "stat", "AI"));
        FailureException refused = assertThrows(FailureException.class, () -> peers.delete("AI"));
        assertEquals(Failure.CONFLICT, refused.failure());
        assertTrue(peers.get("AI").isPresent());
        assertTrue(peers.delete("WS1"));
        rules.delete("a");
        assertTrue(peers.delete("AI"));
    }

    @Test
    void theBookHoldsTheEnabledOnesAndSeesAChangeHereAtOnce() throws SQLException {
        assertEquals(List.of(), book.rules());
        Rule on = rule("on", "stat", "AI");
        rules.put(on);
        rules.put(RuleFields.read(
                Map.of("name", "off", "condition", "all", "destinations", List.of("AI"), "enabled", false)));
        assertEquals(List.of(on), book.rules());
        rules.delete("on");
        assertEquals(List.of(), book.rules());
    }

    @Test
    void theBookSeesAChangeMadeElsewhereInTime() throws Exception {
        RuleBook elsewhere = new RuleBook(test.database());
        assertEquals(List.of(), elsewhere.rules());
        rules.put(rule("a", "stat", "AI"));
        long start = System.nanoTime();
        org.dozo.shared.Await.until("the rule is seen", () -> elsewhere.rules().size() == 1);
        long seconds = (System.nanoTime() - start) / 1_000_000_000;
        assertTrue(seconds <= RuleBook.SECONDS_UNTIL_SEEN + 2, seconds + " s");
    }

    @Test
    void notToKnowTheRulesIsNotToHaveNone() {
        org.postgresql.ds.PGSimpleDataSource nowhere = new org.postgresql.ds.PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://localhost:1/none");
        RuleBook blind = new RuleBook(new Database(nowhere), Duration.ofSeconds(3), Duration.ofSeconds(10));
        FailureException refused = assertThrows(FailureException.class, blind::rules);
        assertEquals(Failure.DATABASE_UNAVAILABLE, refused.failure());
    }

    @Test
    void aRuleThatCanNotBeReadStopsTheBookAndSaysWhich() throws SQLException {
        rules.put(rule("a", "stat", "AI"));
        test.execute("UPDATE forward_rule SET condition = 'of the next release'");
        book.forget();
        assertThrows(FailureException.class, book::rules);
        FailureException refused = assertThrows(FailureException.class, rules::list);
        assertTrue(String.valueOf(refused.getMessage()).contains("\"a\""), refused.getMessage());
        assertTrue(rules.delete("a"));
        assertEquals(List.of(), book.rules());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name         | -a                 | name
            name         |                    | name
            name         | a/b                | name
            when         | always             | use instance, series, study, commitment or manual
            condition    | modalty = CT       | did you mean modality?
            priority     | urgent             | 0 to 9
            priority     | 10                 | priority
            enabled      | yes                | true or false
            delay        | soon               | a duration such as 30 s
            delay        | 31 d               | at most 30 d
            quiet        | 0 s                | from 1 s
            quiet        | 2 d                | from 1 s
            window       | 22-06              | a window such as 22:00-06:00
            coercion     | none               | texts by name
            transferSyntaxes | 1.2.3          | a list of texts
            colour       | red                | has no field "colour"
            destinations | AI                 | a list of texts
            """)
    void aFieldThatIsNotRightIsNamed(String field, String value, String part) {
        java.util.HashMap<String, Object> fields = new java.util.HashMap<>(RuleFields.of(rule("a", "stat", "AI")));
        fields.put(field, value == null ? "" : value.matches("\\d+") ? (Object) Integer.valueOf(value) : value);
        FailureException refused = assertThrows(FailureException.class, () -> RuleFields.read(fields));
        assertEquals(Failure.INVALID_RECORD, refused.failure());
        assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
    }

    @Test
    void anOptionThatIsNotRightIsNamed() {
        java.util.HashMap<String, Object> fields = new java.util.HashMap<>(RuleFields.of(rule("a", "stat", "AI")));
        fields.put("transferSyntaxes", List.of("1.2.840.10008.1.2", "1.2.3"));
        FailureException syntax = assertThrows(FailureException.class, () -> RuleFields.read(fields));
        assertTrue(String.valueOf(syntax.getMessage()).contains("\"1.2.3\""), syntax.getMessage());
        fields.put("transferSyntaxes", List.of());
        fields.put("coercion", Map.of("patientID", 7));
        FailureException coercion = assertThrows(FailureException.class, () -> RuleFields.read(fields));
        assertTrue(String.valueOf(coercion.getMessage()).contains("a text for \"patientID\""), coercion.getMessage());
    }

    @Test
    void whatIsExportedIsImportedTheSame() throws SQLException {
        rules.put(FULL);
        rules.put(rule("yes", "patientName = \"a: #b\"", "PACS2"));
        List<Rule> before = rules.list();
        String exported = file.export();
        assertTrue(file.compare(exported).isEmpty());
        rules.delete(FULL.name());
        rules.delete("yes");
        for (String title : List.of("PACS2", "WS1", "AI")) {
            peers.delete(title);
        }
        assertEquals(5, file.apply(exported).lines().size(), "peers that the rules need come first");
        assertEquals(before, rules.list());
        assertEquals(exported, file.export());
        assertEquals(before.stream().filter(Rule::enabled).toList(), book.rules());
    }

    @Test
    void theFileTakesRulesAndTheirPeersAwayTogetherAndLeavesRulesAloneThatItDoesNotHave() throws SQLException {
        rules.put(rule("a", "stat", "AI"));
        String others = """
                version: 1
                peers: [{aeTitle: PACS2, host: h, port: 104}]
                """;
        assertEquals(
                Failure.CONFLICT,
                assertThrows(FailureException.class, () -> file.apply(others)).failure());
        assertEquals(3, peers.list().size(), "all or nothing");
        List<String> lines = file.apply(others + "rules: []\n").lines();
        assertTrue(
                lines.stream().anyMatch(line -> line.startsWith("- rule a {") && line.contains("condition=stat,")),
                lines.toString());
        assertEquals(List.of(), rules.list());
        assertEquals(1, peers.list().size());
    }

    @Test
    void theDifferenceNamesTheFieldsOfARule() throws SQLException {
        rules.put(rule("a", "stat", "AI"));
        String changed = file.export().replace("condition: stat", "condition: stat or rejected");
        assertEquals(
                List.of("~ rule a condition: stat -> stat or rejected"),
                file.compare(changed).lines());
        String unknown = file.export().replace("- AI\n", "- NOBODY\n");
        FailureException refused = assertThrows(FailureException.class, () -> file.compare(unknown));
        assertTrue(String.valueOf(refused.getMessage()).contains("NOBODY"), refused.getMessage());
    }
}
