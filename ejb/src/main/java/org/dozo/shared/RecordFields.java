// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an operator's record from named fields, the same in JSON and in YAML, and says what is wrong with it. */
public final class RecordFields {

    private final String noun;
    private final String where;
    private final Map<String, ?> fields;

    /**
     * @param noun what a record is called at the beginning of a sentence, such as {@code A migration}
     * @param names the fields that there are
     * @throws FailureException {@link Failure#INVALID_RECORD} naming a field that there is not
     */
    public RecordFields(String noun, Map<String, ?> fields, List<String> names) {
        this(noun, "", fields, names);
    }

    private RecordFields(String noun, String where, Map<String, ?> fields, List<String> names) {
        this.noun = noun;
        this.where = where;
        this.fields = fields;
        for (String field : fields.keySet()) {
            if (!names.contains(field)) {
                throw invalid("has no field " + named(field) + "; its fields are " + String.join(", ", names));
            }
        }
    }

    public boolean has(String field) {
        return fields.containsKey(field);
    }

    /** As it was read. */
    public @Nullable Object value(String field) {
        return fields.get(field);
    }

    public String text(String field) {
        if (fields.get(field) instanceof String text) {
            return text;
        }
        throw invalid("needs the text " + named(field) + "; put quotes around it");
    }

    public String text(String field, String fallback) {
        return has(field) ? text(field) : fallback;
    }

    /** None if it is left out. */
    public List<String> texts(String field) {
        if (!has(field)) {
            return List.of();
        }
        if (!(fields.get(field) instanceof List<?> list)) {
            throw invalid("needs a list of texts for " + named(field));
        }
        List<String> texts = new ArrayList<>();
        for (Object value : list) {
            if (!(value instanceof String text)) {
                throw invalid("needs texts in " + named(field) + "; put quotes around those that look like numbers");
            }
            texts.add(text);
        }
        return texts;
    }

    /** In the order of the record; none if it is left out. */
    public Map<String, String> textsByName(String field) {
        Map<String, String> texts = new LinkedHashMap<>();
        mapping(field, "texts by name").forEach((name, each) -> {
            if (!(each instanceof String text)) {
                throw invalid("needs a text for \"" + name + "\" in " + named(field)
                        + "; put quotes around those that look like numbers, and \"\" to empty it");
            }
            texts.put(name, text);
        });
        return texts;
    }

    /**
     * A record within this one, empty if it is left out.
     *
     * @param names the fields that it has
     */
    public RecordFields inner(String field, List<String> names) {
        return new RecordFields(
                noun,
                " in \"" + field + "\"" + where,
                mapping(field, "a mapping of " + String.join(", ", names)),
                names);
    }

    private Map<String, Object> mapping(String field, String wanted) {
        if (!has(field)) {
            return Map.of();
        }
        if (!(fields.get(field) instanceof Map<?, ?> raw)) {
            throw invalid("needs " + wanted + " for " + named(field));
        }
        Map<String, Object> mapping = new LinkedHashMap<>();
        raw.forEach((name, value) -> mapping.put(String.valueOf(name), value));
        return mapping;
    }

    public int number(String field, int fallback, int min, int max) {
        int number = number(field, fallback);
        if (has(field) && (number < min || number > max)) {
            throw invalid("needs a whole number from " + min + " to " + max + " for " + named(field));
        }
        return number;
    }

    public int number(String field, int fallback) {
        if (!has(field)) {
            return fallback;
        }
        if (fields.get(field) instanceof Integer number) {
            return number;
        }
        throw invalid("needs a whole number for " + named(field));
    }

    public boolean truth(String field, boolean fallback) {
        if (!has(field)) {
            return fallback;
        }
        if (fields.get(field) instanceof Boolean truth) {
            return truth;
        }
        throw invalid("needs true or false for " + named(field));
    }

    private String named(String field) {
        return "\"" + field + "\"" + where;
    }

    /** @param fault the rest of a sentence that begins with the noun */
    public FailureException invalid(String fault) {
        return new FailureException(Failure.INVALID_RECORD, noun + " " + fault);
    }
}
