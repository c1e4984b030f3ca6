// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

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
        RuleFields.refuseUnknown(fields, NAMES, "");
        return new PrefetchRule(
                RuleFields.text(fields, "name", null),
                Condition.parse(RuleFields.text(fields, "condition", null)),
                priors(fields.containsKey("priors") ? fields.get("priors") : Map.of()),
                RuleFields.texts(fields, "destinations"),
                RuleFields.priority(fields.get("priority")),
                RuleFields.truth(fields, "enabled", true));
    }

    private static PriorsWanted priors(Object value) {
        if (!(value instanceof Map<?, ?> raw)) {
            throw RuleFields.invalid("needs a mapping for \"priors\", of " + String.join(", ", PRIORS));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        raw.forEach((name, field) -> fields.put(String.valueOf(name), field));
        RuleFields.refuseUnknown(fields, PRIORS, " in \"priors\"");
        return new PriorsWanted(
                fields.containsKey("modalities") ? RuleFields.texts(fields, "modalities") : List.of(),
                RuleFields.truth(fields, "sameBodyPart", false),
                number(fields, "maxAgeMonths", 0),
                number(fields, "count", PriorsWanted.USUAL_COUNT));
    }

    private static int number(Map<String, ?> fields, String field, int fallback) {
        if (!fields.containsKey(field)) {
            return fallback;
        }
        if (fields.get(field) instanceof Integer number) {
            return number;
        }
        throw RuleFields.invalid("needs a whole number for \"" + field + "\" in \"priors\"");
    }
}
