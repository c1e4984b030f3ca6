// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a body, RFC 9110 §14.
 *
 * @param first byte, from 0
 * @param length in bytes; 0 if the range lies beyond the body
 */
record ByteRange(long first, long length) {

    private static final Pattern ONE = Pattern.compile("bytes=\\s*([0-9]{0,18})-([0-9]{0,18})\\s*");

    /** Empty if the whole is to be given: no range, several, or one that is malformed (§14.2: ignored). */
    static Optional<ByteRange> of(@Nullable String header, long bodyLength) {
        Matcher range = ONE.matcher(header == null ? "" : header);
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (range.group(1).isEmpty()) {
            long last = Math.min(bodyLength, Long.parseLong(range.group(2)));
            return Optional.of(new ByteRange(bodyLength - last, last));
        }
        long first = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? bodyLength - 1 : Long.parseLong(range.group(2));
        if (last < first && !range.group(2).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ByteRange(first, Math.max(0, Math.min(last, bodyLength - 1) - first + 1)));
    }

    boolean isSatisfiable() {
        return length > 0;
    }

    /** The value of Content-Range. */
    String contentRange(long bodyLength) {
        return isSatisfiable()
                ? "bytes " + first + "-" + (first + length - 1) + "/" + bodyLength
                : "bytes */" + bodyLength;
    }
}
