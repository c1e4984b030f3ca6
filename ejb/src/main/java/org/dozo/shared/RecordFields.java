// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads an operator's record from named fields, the same in JSON and in YAML, and says what is wrong with it. */
public final class RecordFields {

    private final String noun;
    private final Map<String, ?> fields;

    /**
     * @param noun what a record is called at the beginning of a sentence, such as {@code A migration}
     * @param names the fields that there are
     * @throws FailureException {@link Failure#INVALID_RECORD} naming a field that there is not
     */
    public RecordFields(String noun, Map<String, ?> fields, List<String> names) {
        this.noun = noun;
        this.fields = fields;
        for (String field : fields.keySet()) {
            if (!names.contains(field)) {
                throw invalid("has no field \"" + field + "\"; its fields are " + String.join(", ", names));
            }
        }
    }

    public boolean has(String field) {
        return fields.containsKey(field);
    }

    public String text(String field) {
        if (fields.get(field) instanceof String text) {
            return text;
        }
        throw invalid("needs the text \"" + field + "\"; put quotes around it");
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

    public int number(String field, int fallback, int min, int max) {
        if (!has(field)) {
            return fallback;
        }
        if (fields.get(field) instanceof Integer number && number >= min && number <= max) {
            return number;
        }
        throw invalid("needs a whole number from " + min + " to " + max + " for \"" + field + "\"");
    }

    public boolean truth(String field, boolean fallback) {
        if (!has(field)) {
            return fallback;
        }
        if (fields.get(field) instanceof Boolean truth) {
            return truth;
        }
        throw invalid("needs true or false for \"" + field + "\"");
    }

    /** @param fault the rest of a sentence that begins with the noun */
    public FailureException invalid(String fault) {
        return new FailureException(Failure.INVALID_RECORD, noun + " " + fault);
    }
}
