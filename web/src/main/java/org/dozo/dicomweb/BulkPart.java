// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.util.Map;

/** A part of a request that holds a value, or one frame of it. */
record BulkPart(ContentType type, Spool.Slice slice) {

    /** Compressed media types, PS3.18 §8.7.3.3, with the syntax meant if the part names none; JPEG has too many to guess. */
    private static final Map<String, String> COMPRESSED = Map.ofEntries(
            Map.entry("image/jpeg", ""),
            Map.entry("image/jls", "1.2.840.10008.1.2.4.80"),
            Map.entry("image/jp2", "1.2.840.10008.1.2.4.90"),
            Map.entry("image/jpx", "1.2.840.10008.1.2.4.92"),
            Map.entry("image/jphc", "1.2.840.10008.1.2.4.201"),
            Map.entry("image/jxl", "1.2.840.10008.1.2.4.110"),
            Map.entry("image/dicom-rle", "1.2.840.10008.1.2.5"),
            Map.entry("video/mpeg", "1.2.840.10008.1.2.4.100"),
            Map.entry("video/mp4", "1.2.840.10008.1.2.4.102"));

    boolean isCompressed() {
        return COMPRESSED.containsKey(type.type());
    }

    /** Its transfer syntax by its own word or by its media type; empty if it can't be told. */
    String transferSyntax() {
        String named = type.parameter("transfer-syntax");
        return named.isEmpty() ? COMPRESSED.getOrDefault(type.type(), "") : named;
    }
}
