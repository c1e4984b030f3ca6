// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Text in a character set of PS3.3 §C.12.1.1.2, written by the encoders of the JDK and by hand, never by DOZO's own.
 *
 * @param terms of Specific Character Set, with backslashes
 * @param name of a person, with its groups and components
 * @param text a description
 * @param charset that has every character beyond ASCII
 * @param escape that invokes the charset, sent before each part that needs it; empty if it needs none
 */
record TextSample(String terms, String name, String text, Charset charset, String escape) {

    static final List<TextSample> ALL = List.of(
            of("", "Doe^John", "Chest", "US-ASCII"),
            of("ISO_IR 100", "Müller^Jörg", "Größe ½ ×", "ISO-8859-1"),
            of("ISO_IR 101", "Dvořák^Jiří", "Žluťoučký kůň", "ISO-8859-2"),
            of("ISO_IR 109", "Ħaġar^Ġorġ", "Ċiżu", "ISO-8859-3"),
            of("ISO_IR 110", "Ķēniņš^Jānis", "Šķēle", "ISO-8859-4"),
            of("ISO_IR 144", "Люксембург^Роза", "Грудь", "ISO-8859-5"),
            of("ISO_IR 127", "قباني^لنزار", "صدر", "ISO-8859-6"),
            of("ISO_IR 126", "Διονυσιος^Αννα", "Θώραξ", "ISO-8859-7"),
            of("ISO_IR 138", "שרון^דבורה", "חזה", "ISO-8859-8"),
            of("ISO_IR 148", "Çavuşoğlu^İlker", "Göğüs", "ISO-8859-9"),
            of("ISO_IR 203", "Lœwe^Šárka", "€ Ÿ", "ISO-8859-15"),
            of("ISO_IR 166", "ใจดี^สมชาย", "ทรวงอก", "TIS-620"),
            of("ISO_IR 13", "ﾔﾏﾀﾞ^ﾀﾛｳ", "ｷｮｳﾌﾞ", "Shift_JIS"),
            of("ISO_IR 192", "Yamada^Tarou=山田^太郎=やまだ^たろう", "胸部 𩸽🏥", "UTF-8"),
            of("GB18030", "Wang^XiaoDong=王^小东", "胸部 𠮷", "GB18030"),
            of("GBK", "Li^Ming=李^明", "腹部超声", "GBK"),
            of("\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎=やまだ^たろう", "胸部", "ISO-2022-JP"),
            of("\\ISO 2022 IR 159", "Utsugi^Nagi=侖^彅", "彅", "ISO-2022-JP-2"),
            new TextSample("\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞=홍^길동", "흉부", Charset.forName("EUC-KR"), "\u001B$)C"),
            new TextSample("\\ISO 2022 IR 58", "Zhang^San=张^三", "头部", Charset.forName("GB2312"), "\u001B$)A"),
            new TextSample(
                    "ISO 2022 IR 6\\ISO 2022 IR 100", "Müller^Jörg", "Größe", StandardCharsets.ISO_8859_1, "\u001B-A"),
            new TextSample(
                    "\\ISO 2022 IR 144",
                    "Lux^Rosa=Люксембург^Роза",
                    "Грудь",
                    Charset.forName("ISO-8859-5"),
                    "\u001B-L"),
            new TextSample(
                    "\\ISO 2022 IR 126", "Dion^A=Διονυσιος^Αννα", "Θώραξ", Charset.forName("ISO-8859-7"), "\u001B-F"));

    private static TextSample of(String terms, String name, String text, String charset) {
        return new TextSample(terms, name, text, Charset.forName(charset), "");
    }

    byte[] nameBytes() {
        return encoded(name);
    }

    byte[] textBytes() {
        return encoded(text);
    }

    /** Delimiters are ASCII, and end whatever an escape has invoked, PS3.5 §6.1.2.5.3. */
    private byte[] encoded(String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String part : value.split("(?<=[\\^=])|(?=[\\^=])")) {
            if (!escape.isEmpty() && part.chars().anyMatch(c -> c >= 0x80)) {
                out.writeBytes(escape.getBytes(StandardCharsets.US_ASCII));
            }
            out.writeBytes(part.getBytes(charset));
        }
        if (out.size() % 2 != 0) {
            out.write(' ');
        }
        return out.toByteArray();
    }
}
