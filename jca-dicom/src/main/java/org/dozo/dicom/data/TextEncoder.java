// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one value field with the escape sequences it needs, back in the initial sets before every control character and
 * delimiter and at the end, PS3.5 §6.1.2.5.3. Used once.
 */
final class TextEncoder {

    /**
     * Where Windows writes another character than the JIS convention for the same sign of JIS X 0208. Both are written alike;
     * JIS's is read back.
     */
    private static final Map<Character, Character> WINDOWS_TO_JIS = Map.of(
            '\uFF5E', '\u301C', '\u2225', '\u2016', '\uFF0D', '\u2212', '\uFFE0', '\u00A2', '\uFFE1', '\u00A3',
            '\uFFE2', '\u00AC', '\u2015', '\u2014');

    private final SpecificCharacterSet characterSet;
    private final VR vr;
    private final boolean exact;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private CodeElement g0;
    private @Nullable CodeElement g1;
    private boolean lossless = true;

    /** @param exact whether only characters count as written that are read back as the very same */
    TextEncoder(SpecificCharacterSet characterSet, VR vr, boolean exact) {
        this.characterSet = characterSet;
        this.vr = vr;
        this.exact = exact;
        this.g0 = characterSet.initialG0();
        this.g1 = characterSet.initialG1();
    }

    /** The bytes; a character outside the repertoire becomes a question mark. */
    byte[] encode(String text) {
        MultiByte multiByte = characterSet.multiByte();
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            int length = Character.charCount(character);
            if (character < 0x80 || multiByte == null) {
                write(length == 1 ? (char) character : CodeElement.NONE);
            } else {
                write(text.substring(i, i + length), multiByte);
            }
            i += length;
        }
        returnToInitial();
        return out.toByteArray();
    }

    /** Whether no character so far became a question mark. */
    boolean isLossless() {
        return lossless;
    }

    private void write(String character, MultiByte set) {
        byte[] bytes = character.getBytes(set.charset);
        if (!new String(bytes, set.charset).equals(character)) {
            lossless = false;
            out.write('?');
            return;
        }
        out.writeBytes(bytes);
    }

    private void write(char c) {
        if (c == '\u001B') {
            // In text it would designate a set of the reader's.
            writeQuestionMark();
        } else if (c < ' ' || c == 0x7F || TextDecoder.isDelimiter(c, vr)) {
            returnToInitial();
            out.write(c);
        } else if (c == ' ') {
            returnG0ToInitial();
            out.write(c);
        } else {
            writeGraphic(c);
        }
    }

    private void writeGraphic(char c) {
        CodeElement set = setOf(c);
        char written = c;
        if (set == null && !exact) {
            written = WINDOWS_TO_JIS.getOrDefault(c, c);
            set = setOf(written);
        }
        if (set == null) {
            writeQuestionMark();
            return;
        }
        designate(set);
        int code = set.code(written);
        int highBit = set.isG1() ? 0x80 : 0;
        if (set.isTwoByte()) {
            out.write(code >> 7 | highBit);
            out.write((code & 0x7F) | highBit);
        } else {
            out.write(code | highBit);
        }
    }

    private void writeQuestionMark() {
        lossless = false;
        returnG0ToInitial();
        out.write('?');
    }

    /** The set to write a character in: one in force if possible, else the first declared; null if none has it. */
    private @Nullable CodeElement setOf(char c) {
        if (has(g0, c)) {
            return g0;
        }
        if (g1 != null && has(g1, c)) {
            return g1;
        }
        for (CodeElement set : characterSet.sets()) {
            if (has(set, c)) {
                return set;
            }
        }
        return null;
    }

    private boolean has(CodeElement set, char c) {
        // Where values are parted by 5C the yen sign, though it looks like one, would be read as their end.
        boolean delimiter = set == CodeElement.ROMAN && c == '\u00A5' && vr.isMultiValued();
        return set.code(c) >= 0 && !delimiter;
    }

    private void designate(CodeElement set) {
        if (!set.isG1()) {
            if (set != g0) {
                writeEscape(set);
                g0 = set;
            }
            return;
        }
        // Many readers take a run of text from escape to escape for one set, and would read these bytes as kanji.
        returnG0ToInitial();
        if (set != g1) {
            writeEscape(set);
            g1 = set;
        }
    }

    private void returnG0ToInitial() {
        if (g0 != characterSet.initialG0()) {
            g0 = characterSet.initialG0();
            writeEscape(g0);
        }
    }

    private void returnToInitial() {
        returnG0ToInitial();
        CodeElement initial = characterSet.initialG1();
        if (g1 != initial) {
            // Where value 1 has no G1 set there is nothing to designate: the delimiter itself ends the other's force.
            if (initial != null) {
                writeEscape(initial);
            }
            g1 = initial;
        }
    }

    private void writeEscape(CodeElement set) {
        out.writeBytes(set.escape().getBytes(StandardCharsets.US_ASCII));
    }
}
