// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.RecordFields;

/** A prefetch rule as named fields, the same in JSON and in YAML; {@code priors} is a mapping of its own. */
public final class PrefetchFields {

    private static final List<String> NAMES =
            List.of("name", "condition", "priors", "destinations", "priority", "enabled");
    private static final List<String> PRIORS = List.of("modalities", "sameBodyPart", "maxAgeMonths", "count");

    private PrefetchFields() {}

    /** In a fixed order. */
    public static Map<String, Object> of(PrefetchRule rule) {
        PriorsWanted wanted = rule.priors();
        Map<String, Object> priors = new LinkedHashMap<>();
        priors.put("modalities", wanted.modalities());
        priors.put("sameBodyPart", wanted.sameBodyPart());
        priors.put("maxAgeMonths", wanted.maxAgeMonths());
        priors.put("count", wanted.count());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", rule.name());
        fields.put("condition", rule.condition().toString());
        fields.put("priors", priors);
        fields.put("destinations", rule.destinations());
        fields.put("priority", rule.priority());
        fields.put("enabled", rule.enabled());
        return fields;
    }

    /**
     * May be left out: priority (5), enabled (true), and of the priors modalities (any), sameBodyPart (false), maxAgeMonths (0, any age),
     * count (3), or all of them.
     *
     * @throws FailureException {@link Failure#INVALID_RECORD} naming the field, the limit and what it may be
     */
    public static PrefetchRule read(Map<String, ?> fields) {
        RecordFields record = new RecordFields("A rule", fields, NAMES);
        RecordFields priors = record.inner("priors", PRIORS);
        return new PrefetchRule(
                record.text("name"),
                Condition.parse(record.text("condition")),
                new PriorsWanted(
                        priors.texts("modalities"),
                        priors.truth("sameBodyPart", false),
                        priors.number("maxAgeMonths", 0),
                        priors.number("count", PriorsWanted.USUAL_COUNT)),
                record.texts("destinations"),
                RuleFields.priority(record),
                record.truth("enabled", true));
    }
}
