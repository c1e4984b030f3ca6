// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of the matching table at the query service. */
class MatchingTableIT {

    private static StoredObjects stored;

    @BeforeAll
    static void store() throws SQLException, IOException {
        stored = StoredObjects.ofTheTable();
    }

    @AfterAll
    static void close() {
        stored.close();
    }

    static List<MatchingTable.Case> cases() {
        return MatchingTable.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyRuleFindsWhatItShould(MatchingTable.Case rule) throws IOException {
        StudyQuery query = new StudyQuery(
                rule.level(),
                rule.identifier(),
                rule.fuzzy(),
                rule.combinedDateTime(),
                rule.timezoneAdjustment(),
                false,
                Page.ALL);
        if (!rule.failure().isEmpty()) {
            FailureException failure = assertThrows(FailureException.class, () -> stored.find(query));
            assertEquals(rule.failure(), failure.failure().name());
            assertThrows(FailureException.class, () -> stored.queries.unsupportedKeys(query));
            return;
        }
        List<String> found = StoredObjects.ids(stored.find(query), rule.level());
        assertEquals(rule.expected(), new TreeSet<>(found));
        assertEquals(rule.expected().size(), found.size(), "given twice");
        assertEquals(
                rule.unsupportedKey(), !stored.queries.unsupportedKeys(query).isEmpty());
    }

    @Test
    void theTableIsAsLargeAsPromised() {
        assertTrue(cases().size() >= 120);
        assertEquals(10, MatchingTable.objects().size());
    }
}
