// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import org.jspecify.annotations.Nullable;

/** Reads one value field, following ISO 2022 escape sequences, PS3.5 §6.1.2.5. Used once. */
final class TextDecoder {

    private static final int ESCAPE = 0x1B;

    private final SpecificCharacterSet characterSet;
    private final byte[] value;
    private final VR vr;
    private final StringBuilder text;
    private CodeElement g0;
    private @Nullable CodeElement g1;
    private int at;

    TextDecoder(SpecificCharacterSet characterSet, byte[] value, VR vr) {
        this.characterSet = characterSet;
        this.value = value;
        this.vr = vr;
        this.text = new StringBuilder(value.length);
        this.g0 = characterSet.initialG0();
        this.g1 = characterSet.initialG1();
    }

    String decode() {
        while (at < value.length) {
            int b = value[at] & 0xFF;
            if (b == ESCAPE) {
                escape();
            } else if (b < ' ') {
                reset();
                append((char) b, 1);
            } else if (b == ' ' || b == 0x7F) {
                append((char) b, 1);
            } else if (b < 0x80) {
                lower(b);
            } else {
                upper(b);
            }
        }
        return text.toString();
    }

    /** Back to the sets of value 1 of Specific Character Set, as at every control character and delimiter. */
    private void reset() {
        g0 = characterSet.initialG0();
        g1 = characterSet.initialG1();
    }

    private void append(char c, int bytes) {
        text.append(c);
        at += bytes;
    }

    private void lower(int b) {
        if (g0.isTwoByte() && at + 1 < value.length && isGraphic(value[at + 1])) {
            append(twoByte(g0, b, value[at + 1]), 2);
        } else if (isDelimiter((char) b, vr)) {
            // In a two-byte set this is half a character: its sender forgot to return to the initial set.
            reset();
            append((char) b, 1);
        } else {
            append(g0.isTwoByte() ? CodeElement.NONE : g0.character(b), 1);
        }
    }

    /** Whether a character parts values (PS3.5 §6.4) or the components of a name (§6.2.1). */
    static boolean isDelimiter(char c, VR vr) {
        return switch (c) {
            case '\\' -> vr.isMultiValued();
            case '^', '=' -> vr == VR.PN;
            default -> false;
        };
    }

    private static boolean isGraphic(int b) {
        return b > 0x20 && b < 0x7F;
    }

    private static char twoByte(CodeElement set, int first, int second) {
        char c = set.character(first, second);
        return c == CodeElement.NONE && set == CodeElement.JIS_X_0208 ? VendorKanji.character(first, second) : c;
    }

    private void upper(int b) {
        MultiByte multiByte = characterSet.multiByte();
        CodeElement set = g1 == null ? characterSet.onlyG1() : g1;
        if (g1 == null && multiByte != null) {
            multiByte(multiByte);
        } else if (set == null) {
            append(CodeElement.NONE, 1);
        } else if (set.isTwoByte()) {
            twoByteG1(set, b);
        } else if (set == CodeElement.KATAKANA && set.character(b) == CodeElement.NONE) {
            multiByte(MultiByte.SHIFT_JIS);
        } else {
            append(set.character(b), 1);
        }
    }

    private void twoByteG1(CodeElement set, int first) {
        int second = at + 1 < value.length ? value[at + 1] & 0xFF : 0;
        if (first > 0xA0 && first < 0xFF && second > 0xA0 && second < 0xFF) {
            append(set.character(first, second), 2);
        } else {
            append(CodeElement.NONE, 1);
        }
    }

    private void multiByte(MultiByte set) {
        int length = set.length(value, at);
        String character = new String(value, at, length, set.charset);
        // A pair that Windows has no character for is not Shift_JIS after all: its second byte may be a delimiter.
        boolean guessedWrong = set == MultiByte.SHIFT_JIS && character.charAt(0) == CodeElement.NONE;
        if (length == 1 || guessedWrong) {
            append(CodeElement.NONE, 1);
        } else {
            text.append(character);
            at += length;
        }
    }

    /** Follows every known escape sequence, declared or not: taking it for none would lose the text behind it. */
    private void escape() {
        EscapeSequence sequence = EscapeSequence.startingAt(value, at);
        if (sequence == null) {
            append(CodeElement.NONE, 1);
            return;
        }
        at += sequence.bytes().length();
        CodeElement set = sequence.designates();
        if (set == null) {
            return;
        }
        if (sequence.toG1()) {
            g1 = set;
        } else {
            g0 = set;
        }
    }
}
