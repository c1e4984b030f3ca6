// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.nio.charset.StandardCharsets;

/** Application entity titles, PS3.5 §6.2 (VR AE) and PS3.8 §9.3.2. */
public final class AeTitle {

    static final int FIELD_LENGTH = 16;

    private AeTitle() {}

    /** Whether it is 1 to 16 printable ASCII characters, no backslash, without leading or trailing spaces. */
    public static boolean isValid(String title) {
        return !title.isEmpty()
                && title.length() <= FIELD_LENGTH
                && title.equals(title.strip())
                && title.chars().allMatch(c -> c >= 0x20 && c < 0x7F && c != '\\');
    }

    /** For log lines: nothing of a hostile title but its printable characters, at most 16. */
    public static String printable(String title) {
        StringBuilder kept = new StringBuilder();
        title.chars()
                .limit(FIELD_LENGTH)
                .forEach(c -> kept.append(c >= 0x20 && c < 0x7F && c != '\\' ? (char) c : '?'));
        return kept.toString();
    }

    /** The title in a field; spaces around it are not part of it, NULs are. */
    static String decode(byte[] pdu, int offset) {
        return new String(pdu, offset, FIELD_LENGTH, StandardCharsets.ISO_8859_1).replaceAll("^ +| +$", "");
    }

    static byte[] encode(String title) {
        return (title + " ".repeat(FIELD_LENGTH)).substring(0, FIELD_LENGTH).getBytes(StandardCharsets.ISO_8859_1);
    }
}
