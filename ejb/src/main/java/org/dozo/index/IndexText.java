// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dozo.dicom.data.Dataset;
import org.jspecify.annotations.Nullable;

/**
 * Values of a data set as the database can take them. NUL and unpaired surrogates, which PostgreSQL has no room for, become U+FFFD; a
 * text that would not fit an index is cut, and its digest added, so that two different ones stay different.
 */
public final class IndexText {

    /** Characters; four bytes each still fit a page of a B-tree. */
    static final int LONGEST = 256;

    private static final int DIGEST_DIGITS = 32;

    private static final Pattern DATE = Pattern.compile("(\\d{4})\\.?(\\d{2})\\.?(\\d{2})");
    private static final Pattern TIME = Pattern.compile("(\\d{2})(?::?(\\d{2})(?::?(\\d{2})(?:\\.(\\d{1,6}))?)?)?");

    private IndexText() {}

    /** The first value; empty if there is none. */
    static String of(Dataset dataset, int tag) {
        return of(dataset.getString(tag, ""));
    }

    public static String of(String text) {
        String clean = clean(text);
        if (clean.length() <= LONGEST) {
            return clean;
        }
        // The cut may part a surrogate pair, hence clean once more.
        return clean(clean.substring(0, LONGEST - DIGEST_DIGITS - 1)) + '#' + digest(text);
    }

    private static String clean(String text) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean paired = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (paired) {
                i++;
            } else if (c == '\0' || Character.isSurrogate(c)) {
                clean = clean == null ? new StringBuilder(text) : clean;
                clean.setCharAt(i, '\uFFFD');
            }
        }
        return clean == null ? text : clean.toString();
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_16BE));
            return HexFormat.of().formatHex(digest, 0, DIGEST_DIGITS / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** A whole number (IS, US), or null if there is none. */
    static @Nullable Integer number(Dataset dataset, int tag) {
        int value = dataset.getInt(tag, Integer.MIN_VALUE);
        return value == Integer.MIN_VALUE ? null : value;
    }

    /** DA, also in the form of ACR-NEMA (1993.08.22), PS3.5 §6.2; null if it is no date. */
    static @Nullable LocalDate date(String text) {
        Matcher matcher = DATE.matcher(text.strip());
        if (!matcher.matches() || matcher.group(1).equals("0000")) {
            return null;
        }
        try {
            return LocalDate.of(part(matcher, 1), part(matcher, 2), part(matcher, 3));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** TM to any precision, also with colons as in ACR-NEMA, PS3.5 §6.2; null if it is no time. A leap second is the second before. */
    static @Nullable LocalTime time(String text) {
        Matcher matcher = TIME.matcher(text.strip());
        if (!matcher.matches()) {
            return null;
        }
        String fraction = matcher.group(4) == null ? "" : matcher.group(4);
        int nanos = Integer.parseInt((fraction + "000000").substring(0, 6)) * 1000;
        try {
            return LocalTime.of(part(matcher, 1), part(matcher, 2), Math.min(part(matcher, 3), 59), nanos);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int part(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Integer.parseInt(matcher.group(group));
    }
}
