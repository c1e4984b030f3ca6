// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dozo.jobs.Window;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/** A rule as named fields, the same in JSON and in YAML: texts, whole numbers, truth values, lists of texts and texts by name. */
public final class RuleFields {

    private static final List<String> NAMES = List.of(
            "name",
            "when",
            "condition",
            "destinations",
            "priority",
            "enabled",
            "delay",
            "quiet",
            "note",
            "window",
            "coercion",
            "transferSyntaxes");
    private static final Map<String, Integer> PRIORITIES = Map.of("stat", 9, "high", 7, "routine", 5, "bulk", 1);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}) *(s|min|h|d)");

    private RuleFields() {}

    /** In a fixed order. */
    public static Map<String, Object> of(Rule rule) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", rule.name());
        fields.put("when", rule.when().word());
        fields.put("condition", rule.condition().toString());
        fields.put("destinations", rule.destinations());
        fields.put("priority", rule.priority());
        fields.put("enabled", rule.enabled());
        fields.put("delay", text(rule.delay()));
        fields.put("quiet", text(rule.quiet()));
        fields.put("note", rule.note());
        fields.put("window", rule.handling().window().map(Window::toString).orElse(""));
        fields.put("coercion", rule.handling().coercion().values());
        fields.put("transferSyntaxes", rule.handling().transferSyntaxes());
        return fields;
    }

    /**
     * May be left out: when (instance), priority (5), enabled (true), delay (0 s), quiet (60 s), note, window (at any time), coercion and transferSyntaxes (none).
     *
     * @throws FailureException {@link Failure#INVALID_RECORD} naming the field, the limit and what it may be
     */
    public static Rule read(Map<String, ?> fields) {
        for (String field : fields.keySet()) {
            if (!NAMES.contains(field)) {
                throw invalid("has no field \"" + field + "\"; its fields are " + String.join(", ", NAMES));
            }
        }
        return new Rule(
                text(fields, "name", null),
                Trigger.of(text(fields, "when", Trigger.INSTANCE.word())),
                Condition.parse(text(fields, "condition", null)),
                texts(fields, "destinations"),
                priority(fields.get("priority")),
                truth(fields, "enabled"),
                duration(fields, "delay", Duration.ZERO),
                duration(fields, "quiet", Rule.USUAL_QUIET),
                text(fields, "note", ""),
                new Handling(
                        window(text(fields, "window", "")),
                        Coercion.parse(textsByName(fields, "coercion")),
                        fields.containsKey("transferSyntaxes") ? texts(fields, "transferSyntaxes") : List.of()));
    }

    private static String text(Map<String, ?> fields, String field, @Nullable String fallback) {
        Object value = fields.containsKey(field) ? fields.get(field) : fallback;
        if (value instanceof String text) {
            return text;
        }
        throw invalid("needs the text \"" + field + "\"; put quotes around it");
    }

    /** Empty for an empty text. */
    static Optional<Window> window(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(Window.parse(text));
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    Failure.INVALID_RECORD, "A rule needs for \"window\" a part of the day: " + e.getMessage(), e);
        }
    }

    private static List<String> texts(Map<String, ?> fields, String field) {
        if (!(fields.get(field) instanceof List<?> list)) {
            throw invalid("needs a list of texts for \"" + field + "\"");
        }
        List<String> texts = new ArrayList<>();
        for (Object value : list) {
            if (!(value instanceof String text)) {
                throw invalid("needs texts in \"" + field + "\"; put quotes around those that look like numbers");
            }
            texts.add(text);
        }
        return texts;
    }

    private static Map<String, String> textsByName(Map<String, ?> fields, String field) {
        Object value = fields.containsKey(field) ? fields.get(field) : Map.of();
        if (!(value instanceof Map<?, ?> map)) {
            throw invalid("needs texts by name for \"" + field + "\"");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        map.forEach((name, each) -> {
            if (!(each instanceof String text)) {
                throw invalid("needs a text for \"" + name + "\" in \"" + field
                        + "\"; put quotes around those that look like numbers, and \"\" to empty it");
            }
            texts.put(String.valueOf(name), text);
        });
        return texts;
    }

    private static boolean truth(Map<String, ?> fields, String field) {
        if (!fields.containsKey(field)) {
            return true;
        }
        if (fields.get(field) instanceof Boolean truth) {
            return truth;
        }
        throw invalid("needs true or false for \"" + field + "\"");
    }

    private static int priority(@Nullable Object value) {
        Integer priority = switch (value) {
            case null -> Rule.ROUTINE;
            case Integer number -> number;
            case String word -> PRIORITIES.get(word.toLowerCase(Locale.ROOT));
            default -> null;
        };
        if (priority == null) {
            throw invalid("needs a number from 0 to 9 for \"priority\", or stat (9), high (7), routine (5), bulk (1)");
        }
        return priority;
    }

    /** Whole seconds, or a text such as {@code 5 min}. */
    private static Duration duration(Map<String, ?> fields, String field, Duration fallback) {
        Object value = fields.get(field);
        if (value == null && !fields.containsKey(field)) {
            return fallback;
        }
        if (value instanceof Integer seconds) {
            return Duration.ofSeconds(seconds);
        }
        Matcher matcher = DURATION.matcher(value instanceof String text ? text.strip() : "");
        if (!matcher.matches()) {
            throw invalid("needs a duration such as 30 s, 5 min, 2 h or 7 d for \"" + field + "\"");
        }
        TimeUnit unit = switch (matcher.group(2)) {
            case "s" -> TimeUnit.SECONDS;
            case "min" -> TimeUnit.MINUTES;
            case "h" -> TimeUnit.HOURS;
            default -> TimeUnit.DAYS;
        };
        return Duration.of(Long.parseLong(matcher.group(1)), unit.toChronoUnit());
    }

    private static String text(Duration duration) {
        return duration.toSeconds() + " s";
    }

    private static FailureException invalid(String fault) {
        return new FailureException(Failure.INVALID_RECORD, "A rule " + fault);
    }
}
