// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An escape sequence and what it designates: those of PS3.3 Tables C.12-3 and C.12-4, and those of other ISO-2022-JP and -KR
 * writers that devices are known to send.
 *
 * @param bytes one character a byte, ESC included
 * @param designates the set; null if the sequence only announces one
 * @param toG1 whether to G1, else to G0
 */
record EscapeSequence(String bytes, @Nullable CodeElement designates, boolean toG1) {

    private static final List<EscapeSequence> KNOWN = known();

    private static List<EscapeSequence> known() {
        List<EscapeSequence> known = new ArrayList<>();
        for (CodeElement set : CodeElement.values()) {
            known.add(new EscapeSequence(set.escape(), set, set.isG1()));
        }
        known.add(toG0("$@", CodeElement.JIS_X_0208));
        known.add(toG0("$(@", CodeElement.JIS_X_0208));
        known.add(toG0("$(B", CodeElement.JIS_X_0208));
        known.add(toG0("&@", null));
        known.add(toG0("(H", CodeElement.ROMAN));
        known.add(toG0("(I", CodeElement.KATAKANA));
        known.add(toG0("$A", CodeElement.GB_2312));
        known.add(toG0("$(A", CodeElement.GB_2312));
        known.add(toG0("$(C", CodeElement.KS_X_1001));
        return List.copyOf(known);
    }

    private static EscapeSequence toG0(String sequence, @Nullable CodeElement set) {
        return new EscapeSequence('\u001B' + sequence, set, false);
    }

    /** The known sequence that begins at this byte, or null. */
    static @Nullable EscapeSequence startingAt(byte[] value, int at) {
        for (EscapeSequence each : KNOWN) {
            if (each.matches(value, at)) {
                return each;
            }
        }
        return null;
    }

    private boolean matches(byte[] value, int at) {
        for (int i = 0; i < bytes.length(); i++) {
            if (at + i >= value.length || value[at + i] != bytes.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
