// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dozo.jobs.NewJob;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationOrderTest {

    private static String refusal(Map<String, ?> fields) {
        FailureException e = assertThrows(FailureException.class, () -> MigrationOrder.read(fields));
        assertEquals(Failure.INVALID_RECORD, e.failure());
        return String.valueOf(e.getMessage());
    }

    @Test
    void aListOfStudiesNeedsNoMoreAndNamesEachOnce() {
        MigrationOrder order = MigrationOrder.read(Map.of("source", "OLD", "studies", List.of("1.2", "1.3", "1.2")));
        assertEquals(
                new MigrationOrder("OLD", List.of("1.2", "1.3"), Optional.empty(), "", 2, 0, 0, "", 0, NewJob.BULK, ""),
                order);
    }

    @Test
    void aSweepNamesTwoDatesAndPerhapsAModality() {
        MigrationOrder order = MigrationOrder.read(Map.of(
                "source", "OLD", "from", "2019-01-31", "to", "2019-02-01", "modality", "CT", "studiesPerHour", 60));
        assertEquals(
                Optional.of(new MigrationOrder.Sweep(LocalDate.of(2019, 1, 31), LocalDate.of(2019, 2, 1))),
                order.sweep());
        assertEquals("CT", order.modality());
        assertEquals(60, order.studiesPerHour());
    }

    @Test
    void itIsEitherAListOrASweep() {
        assertTrue(refusal(Map.of("source", "OLD")).contains("either"));
        assertTrue(refusal(Map.of("source", "OLD", "studies", List.of("1.2"), "from", "2019-01-31", "to", "2019-02-01"))
                .contains("either"));
        assertTrue(refusal(Map.of("source", "OLD", "from", "2019-01-31")).contains("\"to\""));
    }

    @Test
    void fieldsThatThereAreNotAreNamedWithThoseThatThereAre() {
        String refusal = refusal(Map.of("source", "OLD", "studies", List.of("1.2"), "speed", 3));
        assertTrue(refusal.contains("\"speed\"") && refusal.contains("studiesPerHour"), refusal);
    }

    @ParameterizedTest
    @CsvSource({
        "from, 2019-02-30",
        "to, 2018-12-31",
        "to, 2319-01-01",
        "modality, ct",
        "hours, 22-6",
        "hours, 22:00-22:00",
    })
    void whatNoSourceCouldAnswerIsRefusedByName(String field, String value) {
        Map<String, Object> fields = new HashMap<>(Map.of("source", "OLD", "from", "2019-01-31", "to", "2019-02-01"));
        fields.put(field, value);
        String refusal = refusal(fields);
        assertTrue(refusal.contains(field), refusal);
    }

    @Test
    void numbersHaveTheirRangeSaid() {
        for (Map.Entry<String, Integer> each : Map.of(
                        "studiesAtOnce",
                        17,
                        "studiesPerHour",
                        -1,
                        "objectsPerSecond",
                        100_001,
                        "priority",
                        10,
                        "matchLimit",
                        1)
                .entrySet()) {
            String refusal =
                    refusal(Map.of("source", "OLD", "studies", List.of("1.2"), each.getKey(), each.getValue()));
            assertTrue(refusal.contains(each.getKey()) && refusal.contains(" to "), refusal);
        }
    }

    @Test
    void aStudyThatIsNoUidIsRefused() {
        assertTrue(refusal(Map.of("source", "OLD", "studies", List.of("1.2", "1.2*")))
                .contains("\"studies\""));
    }
}
