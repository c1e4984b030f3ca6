// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.RecordFields;

/** A destination as named fields, the same in JSON and in YAML. */
public final class DestinationFields {

    private static final List<String> NAMES =
            List.of("name", "kind", "address", "secret", "note", "endpoint", "region", "pathStyle", "encryption");

    private DestinationFields() {}

    /** In a fixed order; only a bucket has the last four. */
    public static Map<String, Object> of(NamedDestination destination) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", destination.name());
        fields.put("kind", destination.kind().word());
        fields.put("address", destination.address());
        fields.put("secret", destination.secret());
        fields.put("note", destination.note());
        if (destination.kind() == DestinationKind.S3) {
            fields.put("endpoint", destination.s3().endpoint());
            fields.put("region", destination.s3().region());
            fields.put("pathStyle", destination.s3().pathStyle());
            fields.put("encryption", destination.s3().encryption());
        }
        return fields;
    }

    /**
     * May be left out: secret, note, and what only a bucket has. Services that are not Amazon's mostly want the path style, so that goes
     * with an endpoint.
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
                record.text("note", ""),
                s3(record));
    }

    private static S3Options s3(RecordFields record) {
        String endpoint = record.text("endpoint", "");
        boolean bucket = record.text("kind").equals(DestinationKind.S3.word());
        return new S3Options(
                endpoint,
                record.text("region", bucket ? S3Options.USUAL_REGION : ""),
                record.truth("pathStyle", bucket && !endpoint.isEmpty()),
                record.text("encryption", ""));
    }
}
