// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.RecordFields;

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
        RecordFields record = new RecordFields("A destination", fields, NAMES);
        return new NamedDestination(
                record.text("name"),
                DestinationKind.of(record.text("kind")),
                record.text("address"),
                record.text("secret", ""),
                record.text("note", ""));
    }
}
