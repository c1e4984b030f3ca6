// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The graphic character sets that ISO 2022 escape sequences designate to G0 (bytes 21 to 7E) or G1 (A0 to FF), PS3.3 Tables
 * C.12-3 and C.12-4. The JDK's charsets serve as tables only.
 */
enum CodeElement {
    ASCII("(B", "US-ASCII"),
    /** ISO-IR 14, the Roman set of JIS X 0201: ASCII with a yen sign at 5C and an overline at 7E. */
    ROMAN("(J", "US-ASCII"),
    KATAKANA(")I", "JIS_X0201"),
    LATIN_1("-A", "ISO-8859-1"),
    LATIN_2("-B", "ISO-8859-2"),
    LATIN_3("-C", "ISO-8859-3"),
    LATIN_4("-D", "ISO-8859-4"),
    LATIN_5("-M", "ISO-8859-9"),
    LATIN_9("-b", "ISO-8859-15"),
    CYRILLIC("-L", "ISO-8859-5"),
    ARABIC("-G", "ISO-8859-6"),
    GREEK("-F", "ISO-8859-7"),
    HEBREW("-H", "ISO-8859-8"),
    THAI("-T", "TIS-620"),
    /** ISO-IR 87, read by the JIS convention: 2141 is a wave dash (U+301C), 215D a minus sign (U+2212). */
    JIS_X_0208("$B", "x-JIS0208"),
    JIS_X_0212("$(D", "JIS_X0212-1990"),
    KS_X_1001("$)C", "EUC-KR"),
    GB_2312("$)A", "GB2312");

    /** What a code without a character decodes to. */
    static final char NONE = '\uFFFD';

    private static final int CODES = 1 << 14;

    private final String escape;
    private final String charset;
    private final boolean g1;
    private final boolean twoByte;

    CodeElement(String escape, String charset) {
        this.escape = '\u001B' + escape;
        this.charset = charset;
        this.g1 = escape.contains(")") || escape.contains("-");
        this.twoByte = escape.startsWith("$");
    }

    /** The one-byte sets are small; each two-byte set is read only where it is used. */
    private static final class OneByte {
        static final Map<CodeElement, Table> TABLES = new EnumMap<>(CodeElement.class);

        static {
            for (CodeElement set : values()) {
                if (!set.twoByte) {
                    TABLES.put(set, Table.of(set));
                }
            }
        }
    }

    private static final class Jis0208 {
        static final Table TABLE = Table.of(JIS_X_0208);
    }

    private static final class Jis0212 {
        static final Table TABLE = Table.of(JIS_X_0212);
    }

    private static final class Ks1001 {
        static final Table TABLE = Table.of(KS_X_1001);
    }

    private static final class Gb2312 {
        static final Table TABLE = Table.of(GB_2312);
    }

    /** A set's characters by code (bit 8 of each byte off, seven bits a byte), and its codes by character. */
    private static final class Table {
        final char[] characters;
        final char[] codes;

        private Table(boolean twoByte) {
            characters = new char[twoByte ? CODES : 128];
            codes = new char[twoByte ? 1 << 16 : 0];
            Arrays.fill(characters, NONE);
        }

        static Table of(CodeElement set) {
            Table table = new Table(set.twoByte);
            Charset charset = Charset.forName(set.charset);
            int highBit = set == JIS_X_0208 || set == JIS_X_0212 || !set.g1 ? 0 : 0x80;
            if (set.twoByte) {
                table.fillTwoByte(charset, highBit);
            } else {
                table.fillOneByte(charset, highBit);
            }
            if (set == ROMAN) {
                table.characters['\\'] = '\u00A5';
                table.characters['~'] = '\u203E';
            }
            return table;
        }

        private void fillOneByte(Charset charset, int highBit) {
            CharsetDecoder decoder = charset.newDecoder();
            for (int code = 0; code < characters.length; code++) {
                characters[code] = decode(decoder, ByteBuffer.wrap(new byte[] {(byte) (code | highBit)}));
            }
        }

        private void fillTwoByte(Charset charset, int highBit) {
            CharsetDecoder decoder = charset.newDecoder();
            byte[] bytes = new byte[2];
            for (int first = 0x21; first < 0x7F; first++) {
                for (int second = 0x21; second < 0x7F; second++) {
                    bytes[0] = (byte) (first | highBit);
                    bytes[1] = (byte) (second | highBit);
                    char c = decode(decoder, ByteBuffer.wrap(bytes));
                    int code = first << 7 | second;
                    characters[code] = c;
                    if (c != NONE) {
                        codes[c] = (char) code;
                    }
                }
            }
        }

        private static char decode(CharsetDecoder decoder, ByteBuffer bytes) {
            CharBuffer character = CharBuffer.allocate(1);
            decoder.reset();
            boolean read = decoder.decode(bytes, character, true).isUnderflow() && !character.hasRemaining();
            return read ? character.get(0) : NONE;
        }
    }

    private Table table() {
        return switch (this) {
            case JIS_X_0208 -> Jis0208.TABLE;
            case JIS_X_0212 -> Jis0212.TABLE;
            case KS_X_1001 -> Ks1001.TABLE;
            case GB_2312 -> Gb2312.TABLE;
            default -> Objects.requireNonNull(OneByte.TABLES.get(this));
        };
    }

    /** The escape sequence that designates it, ESC included. */
    String escape() {
        return escape;
    }

    /** Whether it is designated to G1, else to G0. */
    boolean isG1() {
        return g1;
    }

    boolean isTwoByte() {
        return twoByte;
    }

    /** The character of a one-byte set; {@link #NONE} if the byte has none. */
    char character(int code) {
        return table().characters[code & 0x7F];
    }

    /** The character of a two-byte set; {@link #NONE} if the bytes have none. */
    char character(int first, int second) {
        return table().characters[(first & 0x7F) << 7 | (second & 0x7F)];
    }

    /** The code of a character, seven bits a byte; -1 if the set lacks it. */
    int code(char c) {
        Table table = table();
        if (twoByte) {
            int code = table.codes[c];
            return code == 0 ? -1 : code;
        }
        if (c == NONE) {
            return -1;
        }
        for (int code = 0; code < 128; code++) {
            if (table.characters[code] == c) {
                return code;
            }
        }
        return -1;
    }
}
