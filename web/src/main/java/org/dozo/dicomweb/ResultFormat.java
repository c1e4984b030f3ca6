// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.ws.rs.NotAcceptableException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How data sets that are no objects (matches, results of storing) are answered, PS3.18 §8.7.5. */
enum ResultFormat {
    JSON,
    XML;

    /**
     * @param accept the values of the Accept header fields, or of the query parameter {@code accept}, which goes before them
     * @throws NotAcceptableException (406) if neither is wanted
     */
    static ResultFormat of(List<String> accept) {
        ResultFormat best = null;
        double weight = 0;
        boolean asked = false;
        for (String range : String.join(",", accept).split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)) {
            if (range.isBlank()) {
                continue;
            }
            asked = true;
            ContentType type = ContentType.parse(range);
            ResultFormat format = format(type);
            double q = weight(type.parameter("q"));
            if (format != null && q > weight) {
                best = format;
                weight = q;
            }
        }
        if (!asked) {
            return JSON;
        }
        if (best == null) {
            throw new NotAcceptableException("This answers in application/dicom+json, or in application/dicom+xml"
                    + " (multipart/related; type=\"application/dicom+xml\" for several)");
        }
        return best;
    }

    private static @Nullable ResultFormat format(ContentType type) {
        return switch (type.type()) {
            case "*/*", "application/*", "application/json", StowMetadata.JSON -> JSON;
            case StowMetadata.XML, "application/xml", "text/xml" -> XML;
            case "multipart/related", "multipart/*" ->
                switch (type.parameter("type").toLowerCase(Locale.ROOT)) {
                    case "", StowMetadata.XML -> XML;
                    default -> null;
                };
            default -> null;
        };
    }

    private static double weight(String q) {
        try {
            return q.isEmpty() ? 1 : Math.clamp(Double.parseDouble(q), 0, 1);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
