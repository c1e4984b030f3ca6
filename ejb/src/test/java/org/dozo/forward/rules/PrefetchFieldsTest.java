// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.Test;

class PrefetchFieldsTest {

    private static Map<String, Object> fields(Object priors) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("name", "a");
        fields.put("condition", "modality = CT");
        fields.put("destinations", List.of("WS1"));
        fields.put("priors", priors);
        return fields;
    }

    private static void assertRefused(Map<String, Object> fields, String... words) {
        FailureException refused = assertThrows(FailureException.class, () -> PrefetchFields.read(fields));
        assertEquals(Failure.INVALID_RECORD, refused.failure());
        for (String word : words) {
            assertTrue(String.valueOf(refused.getMessage()).contains(word), refused.getMessage());
        }
    }

    @Test
    void whatIsWrittenReadsBack() {
        PrefetchRule rule = new PrefetchRule(
                "a",
                Condition.parse("stat"),
                new PriorsWanted(List.of("ct", "MR"), true, 24, 20),
                List.of("B"),
                9,
                false);
        assertEquals(List.of("CT", "MR"), rule.priors().modalities());
        assertEquals(rule, PrefetchFields.read(PrefetchFields.of(rule)));
        assertEquals("20 CT, MR, same body part, 24 months", rule.priors().inWords());
    }

    @Test
    void whatIsLeftOutIsUsual() {
        Map<String, Object> fields = fields(Map.of());
        fields.remove("priors");
        PrefetchRule rule = PrefetchFields.read(fields);
        assertEquals(new PriorsWanted(List.of(), false, 0, 3), rule.priors());
        assertEquals(5, rule.priority());
        assertTrue(rule.enabled());
    }

    @Test
    void aWrongTagIsRefusedByPosition() {
        Map<String, Object> fields = fields(Map.of());
        fields.put("condition", "stat or modalty = CT");
        assertRefused(fields, "character 9", "modalty");
        fields.put("condition", "(0008,006) = CT");
        assertRefused(fields, "character");
    }

    @Test
    void everyLimitIsNamed() {
        assertRefused(fields(Map.of("count", 0)), "priors.count", "1 to 20");
        assertRefused(fields(Map.of("count", 21)), "priors.count", "1 to 20");
        assertRefused(fields(Map.of("count", "3")), "whole number", "\"count\"");
        assertRefused(fields(Map.of("maxAgeMonths", -1)), "priors.maxAgeMonths", "1200");
        assertRefused(fields(Map.of("maxAgeMonths", 1201)), "priors.maxAgeMonths", "1200");
        assertRefused(fields(Map.of("modalities", List.of("CT", "ct"))), "priors.modalities", "twice");
        assertRefused(fields(Map.of("modalities", List.of("CT;"))), "priors.modalities");
        assertRefused(fields(Map.of("modalities", List.of(""))), "priors.modalities");
        assertRefused(fields(Map.of("modalities", Collections.nCopies(33, "CT"))), "at most 32");
        assertRefused(fields(Map.of("modalities", "CT")), "list of texts");
        assertRefused(fields(Map.of("sameBodyPart", "yes")), "true or false", "sameBodyPart");
        assertRefused(fields(Map.of("age", 3)), "no field \"age\" in \"priors\"", "maxAgeMonths");
        assertRefused(fields(Arrays.asList(1)), "a mapping of modalities", "for \"priors\"");
        Map<String, Object> fields = fields(Map.of());
        fields.put("when", "study");
        assertRefused(fields, "no field \"when\"");
        fields.remove("when");
        for (String name : List.of("test", "run")) {
            fields.put("name", name);
            assertRefused(fields, "name", "address");
        }
    }
}
