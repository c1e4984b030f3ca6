// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.util.Map;
import java.util.Optional;

/** The media types of compressed pixel data, PS3.18 §8.7.3.3. */
final class PixelMediaTypes {

    static final String OCTETS = "application/octet-stream";

    private static final String COMPRESSED = "1.2.840.10008.1.2.4.";

    private static final Map<String, String> BY_SYNTAX = Map.ofEntries(
            Map.entry("1.2.840.10008.1.2.5", "image/dicom-rle"),
            Map.entry(COMPRESSED + "50", "image/jpeg"),
            Map.entry(COMPRESSED + "51", "image/jpeg"),
            Map.entry(COMPRESSED + "57", "image/jpeg"),
            Map.entry(COMPRESSED + "70", "image/jpeg"),
            Map.entry(COMPRESSED + "80", "image/jls"),
            Map.entry(COMPRESSED + "81", "image/jls"),
            Map.entry(COMPRESSED + "90", "image/jp2"),
            Map.entry(COMPRESSED + "91", "image/jp2"),
            Map.entry(COMPRESSED + "92", "image/jpx"),
            Map.entry(COMPRESSED + "93", "image/jpx"),
            Map.entry(COMPRESSED + "110", "image/jxl"),
            Map.entry(COMPRESSED + "111", "image/jxl"),
            Map.entry(COMPRESSED + "112", "image/jxl"),
            Map.entry(COMPRESSED + "201", "image/jphc"),
            Map.entry(COMPRESSED + "202", "image/jphc"),
            Map.entry(COMPRESSED + "203", "image/jphc"));

    private PixelMediaTypes() {}

    /** The media type of a stream in that transfer syntax; octets if the standard has none for it. */
    static String of(String transferSyntaxUid) {
        String known = BY_SYNTAX.get(transferSyntaxUid);
        return known == null ? video(transferSyntaxUid).orElse(OCTETS) : known;
    }

    /** MPEG-2 is video/mpeg, H.264 and HEVC are video/mp4; empty for anything else. */
    static Optional<String> video(String transferSyntaxUid) {
        if (!transferSyntaxUid.matches("1\\.2\\.840\\.10008\\.1\\.2\\.4\\.10[0-8](\\.1)?")) {
            return Optional.empty();
        }
        boolean mpeg2 = transferSyntaxUid.matches(".*\\.4\\.10[01](\\.1)?");
        return Optional.of(mpeg2 ? "video/mpeg" : "video/mp4");
    }
}
