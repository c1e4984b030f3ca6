// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/** A destination as named fields, the same in JSON and in YAML: texts. */
public final class DestinationFields {

    private static final List<String> NAMES = List.of("name", "kind", "address", "secret", "note");

    private DestinationFields() {}

    /** In a fixed order. */
    public static Map<String, Object> of(NamedDestination destination) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", destination.name());
        fields.put("kind", destination.kind().word());
        fields.put("address", destination.address());
        fields.put("secret", destination.secret());
        fields.put("note", destination.note());
        return fields;
    }

    /**
     * May be left out: secret, note.
     *
     * @throws FailureException {@link Failure#INVALID_RECORD} naming the field and what it may be
     */
    public static NamedDestination read(Map<String, ?> fields) {
        for (String field : fields.keySet()) {
            if (!NAMES.contains(field)) {
                throw invalid("has no field \"" + field + "\"; its fields are " + String.join(", ", NAMES));
            }
        }
        return new NamedDestination(
                text(fields, "name", null),
                DestinationKind.of(text(fields, "kind", null)),
                text(fields, "address", null),
                text(fields, "secret", ""),
                text(fields, "note", ""));
    }

    private static String text(Map<String, ?> fields, String field, @Nullable String fallback) {
        Object value = fields.containsKey(field) ? fields.get(field) : fallback;
        if (value instanceof String text) {
            return text;
        }
        throw invalid("needs the text \"" + field + "\"; put quotes around it");
    }

    private static FailureException invalid(String fault) {
        return new FailureException(Failure.INVALID_RECORD, "A destination " + fault);
    }
}
