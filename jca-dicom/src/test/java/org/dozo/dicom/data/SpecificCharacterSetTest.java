// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In the byte literals each character is one byte, and ⎋ stands for ESC. */
final class SpecificCharacterSetTest {

    private static final String YAMADA = "山田^太郎=やまだ^たろう";

    private static SpecificCharacterSet set(String terms) {
        return SpecificCharacterSet.of(List.of(terms.split("\\\\", -1)));
    }

    private static byte[] bytes(String literal) {
        return literal.replace('⎋', '\u001B').getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void assertBothWays(String terms, VR vr, String literal, String text) {
        assertEquals(text, set(terms).decode(bytes(literal), vr));
        assertArrayEquals(bytes(literal), set(terms).encode(text, vr), "encoded otherwise: " + text);
        assertTrue(set(terms).canEncode(text, vr));
    }

    private static void assertReads(String text, String terms, VR vr, String literal) {
        assertEquals(text, set(terms).decode(bytes(literal), vr));
    }

    @Test
    void theJapaneseExampleOfAnnexHWithAsciiIsReadAndWritten() {
        String bytes = "Yamada^Tarou=⎋$B;3ED⎋(B^⎋$BB@O:⎋(B=⎋$B$d$^$@⎋(B^⎋$B$?$m$&⎋(B";
        assertBothWays("\\ISO 2022 IR 87", VR.PN, bytes, "Yamada^Tarou=" + YAMADA);
    }

    @Test
    void theJapaneseExampleOfAnnexHWithHalfWidthKatakanaIsReadAndWritten() {
        String bytes = "\u00d4\u00cf\u00c0\u00de^\u00c0\u00db\u00b3=⎋$B;3ED⎋(J^⎋$BB@O:⎋(J=⎋$B$d$^$@⎋(J^⎋$B$?$m$&⎋(J";
        assertBothWays("ISO 2022 IR 13\\ISO 2022 IR 87", VR.PN, bytes, "ﾔﾏﾀﾞ^ﾀﾛｳ=" + YAMADA);
    }

    @Test
    void theKoreanExampleOfAnnexIIsReadAndWritten() {
        String bytes =
                "Hong^Gildong=⎋$)C\u00fb\u00f3^⎋$)C\u00d1\u00ce\u00d4\u00d7=⎋$)C\u00c8\u00ab^⎋$)C\u00b1\u00e6\u00b5\u00bf";
        assertBothWays("\\ISO 2022 IR 149", VR.PN, bytes, "Hong^Gildong=洪^吉洞=홍^길동");
    }

    @Test
    void theChineseExamplesOfAnnexesJAndKAreReadAndWritten() {
        String text = "Wang^XiaoDong=王^小东=";
        assertBothWays("GB18030", VR.PN, "Wang^XiaoDong=\u00cd\u00f5^\u00d0\u00a1\u00b6\u00ab=", text);
        assertBothWays("GBK", VR.PN, "Wang^XiaoDong=\u00cd\u00f5^\u00d0\u00a1\u00b6\u00ab=", text);
        assertBothWays(
                "ISO_IR 192", VR.PN, "Wang^XiaoDong=\u00e7\u008e\u008b^\u00e5\u00b0\u008f\u00e4\u00b8\u009c=", text);
        assertBothWays(
                "\\ISO 2022 IR 58",
                VR.PN,
                "Zhang^XiaoDong=⎋$)A\u00d5\u00c5^⎋$)A\u00d0\u00a1\u00b6\u00ab=",
                "Zhang^XiaoDong=张^小东=");
    }

    @ParameterizedTest
    @CsvSource({
        "ISO_IR 100, Buc^Jérôme, ISO-8859-1",
        "ISO_IR 101, Wałęsa^Świętosława, ISO-8859-2",
        "ISO_IR 109, Ħaż-Żebbuġ^Ċ, ISO-8859-3",
        "ISO_IR 110, Ķēniņš^Ģirts, ISO-8859-4",
        "ISO_IR 144, Люкceмбypг, ISO-8859-5",
        "ISO_IR 127, قباني^لنزار, ISO-8859-6",
        "ISO_IR 126, Διονυσιος, ISO-8859-7",
        "ISO_IR 138, שרון^דבורה, ISO-8859-8",
        "ISO_IR 148, Çavuşoğlu^İpek, ISO-8859-9",
        "ISO_IR 203, Œuvre^Šárka €, ISO-8859-15",
        "ISO_IR 166, นามสกุล, TIS-620",
    })
    void eachSingleByteSetIsReadAndWrittenWithoutEscapes(String term, String text, String charset) {
        byte[] bytes = text.getBytes(Charset.forName(charset));
        assertEquals(text, set(term).decode(bytes, VR.PN));
        assertArrayEquals(bytes, set(term).encode(text, VR.PN));
        assertEquals(text, set(term.replace("_", " 2022 ")).decode(bytes, VR.PN));
    }

    @Test
    void theBytesOfTheClassicSingleByteExamplesAreAsPrinted() {
        assertBothWays("ISO_IR 100", VR.PN, "Buc^J\u00e9r\u00f4me", "Buc^Jérôme");
        assertBothWays("ISO_IR 126", VR.PN, "\u00c4\u00e9\u00ef\u00ed\u00f5\u00f3\u00e9\u00ef\u00f2", "Διονυσιος");
        assertBothWays("ISO_IR 144", VR.PN, "\u00bb\u00ee\u00dace\u00dc\u00d1yp\u00d3", "Люкceмбypг");
        assertBothWays(
                "ISO_IR 127", VR.PN, "\u00e2\u00c8\u00c7\u00e6\u00ea^\u00e4\u00e6\u00d2\u00c7\u00d1", "قباني^لنزار");
        assertBothWays("ISO_IR 138", VR.PN, "\u00f9\u00f8\u00e5\u00ef^\u00e3\u00e1\u00e5\u00f8\u00e4", "שרון^דבורה");
    }

    @Test
    void eachDesignationReachesItsSet() {
        String terms = "\\ISO 2022 IR 100\\ISO 2022 IR 101\\ISO 2022 IR 109\\ISO 2022 IR 110\\ISO 2022 IR 144"
                + "\\ISO 2022 IR 127\\ISO 2022 IR 126\\ISO 2022 IR 138\\ISO 2022 IR 148\\ISO 2022 IR 203"
                + "\\ISO 2022 IR 166\\ISO 2022 IR 13\\ISO 2022 IR 87\\ISO 2022 IR 159\\ISO 2022 IR 149\\ISO 2022 IR 58";
        String bytes =
                "⎋-A\u00ea⎋-B\u00ea⎋-C\u00fd⎋-D\u00ea⎋-L\u00ea⎋-G\u00ea⎋-F\u00ea⎋-H\u00ea⎋-M\u00f0⎋-b\u00a4⎋-T\u00a1"
                        + "⎋)I\u00b1⎋$B0!⎋$(D0!⎋$)C\u00b0\u00a1⎋$)A\u00b0\u00a1⎋(J\\⎋(B|";
        assertReads("êęŭęъيκךğ€กｱ亜丂가啊\\|", terms, VR.LO, bytes);
    }

    @Test
    void twoGreekAndLatinRunsInOneValueAreReadAndWritten() {
        String terms = "ISO 2022 IR 100\\ISO 2022 IR 126";
        assertBothWays(terms, VR.LO, "J\u00e9r\u00f4me ⎋-F\u00c4\u00e9\u00ef⎋-A\\\u00e9t\u00e9", "Jérôme Διο\\été");
    }

    @Test
    void theSupplementaryKanjiAreReadAndWrittenInTheirSet() {
        assertBothWays("\\ISO 2022 IR 87\\ISO 2022 IR 159", VR.PN, "⎋$(D0!⎋$B66⎋(B^⎋$(D0\"⎋(B", "丂橋^丄");
    }

    @ParameterizedTest
    @CsvSource({"LO, 9", "LT, 10", "LT, 13", "LT, 12", "LO, 92", "PN, 92", "PN, 94", "PN, 61"})
    void theInitialSetsAreInForceAgainAfterEach(VR vr, int control) {
        char end = (char) control;
        assertReads("Δ" + end + "Ä", "ISO 2022 IR 100\\ISO 2022 IR 126", vr, "⎋-F\u00c4" + end + "\u00c4");
        assertReads("A" + end + "‾", "ISO 2022 IR 13\\ISO 2022 IR 87", vr, "⎋(BA" + end + "~");
        if (end < ' ') {
            // In a two-byte set a delimiter would be half a character; control characters are what they are.
            assertReads("山" + end + "AB", "\\ISO 2022 IR 87", vr, "⎋$B;3" + end + "AB");
        }
    }

    @Test
    void aCaretIsNoDelimiterOutsideNames() {
        assertReads("Δ^Δ=Δ", "ISO 2022 IR 100\\ISO 2022 IR 126", VR.LO, "⎋-F\u00c4^\u00c4=\u00c4");
        assertBothWays("ISO 2022 IR 100\\ISO 2022 IR 126", VR.LO, "⎋-F\u00c4^\u00c4=\u00c4⎋-A", "Δ^Δ=Δ");
    }

    @Test
    void aBackslashIsNoDelimiterInATextOfOneValue() {
        assertReads("Δ\\Δ", "ISO 2022 IR 100\\ISO 2022 IR 126", VR.ST, "⎋-F\u00c4\\\u00c4");
    }

    @Test
    void delimiterBytesInsideKanjiAreKanji() {
        String text = "五俐党凡凩剤^予仆僚兔冥判";
        byte[] bytes = set("\\ISO 2022 IR 87").encode(text, VR.PN);
        String inside = new String(bytes, StandardCharsets.ISO_8859_1);
        assertTrue(inside.chars().filter(c -> c == '\\' || c == '^' || c == '=').count() > 4, inside);
        assertEquals(text, set("\\ISO 2022 IR 87").decode(bytes, VR.PN));
    }

    @Test
    void trailBytesOfChineseThatLookLikeDelimitersAreNone() {
        assertBothWays("GBK", VR.PN, "\u0081\\\u0081^\\\u00cd\u00f5", "乗乛\\王");
        assertBothWays("GB18030", VR.LO, "\u0081\\\\\u00810\u00846\\\u00952\u00826", "乗\\¥\\𠀀");
    }

    @Test
    void theYenSignPartsValuesAndIsASignInText() {
        assertReads("ｱ\\ｲ", "ISO_IR 13", VR.LO, "\u00b1\\\u00b2");
        assertReads("ｱ¥ｲ", "ISO_IR 13", VR.ST, "\u00b1\\\u00b2");
        assertBothWays("ISO_IR 13", VR.ST, "100\\", "100¥");
        assertFalse(set("ISO_IR 13").canEncode("100¥", VR.LO));
        assertFalse(set("ISO_IR 13").canEncode("~", VR.LO));
    }

    @Test
    void halfWidthKatakanaAreWrittenWithTheRomanSetBelowThem() {
        assertBothWays("ISO 2022 IR 13\\ISO 2022 IR 87", VR.LO, "⎋$B;3⎋(J\u00d4\u00cf⎋$BED⎋(J A", "山ﾔﾏ田 A");
    }

    @Test
    void bothUnicodeFormsOfOneJisSignAreWrittenAlikeAndReadTheJisWay() {
        SpecificCharacterSet japanese = set("\\ISO 2022 IR 87");
        for (String pair : List.of("～〜", "∥‖", "－−", "￠¢", "￡£", "￢¬", "―—")) {
            String windows = pair.substring(0, 1);
            String jis = pair.substring(1);
            assertArrayEquals(japanese.encode(jis, VR.LO), japanese.encode(windows, VR.LO), pair);
            assertTrue(japanese.canEncode(pair, VR.LO));
            assertEquals(jis, japanese.decode(japanese.encode(windows, VR.LO), VR.LO));
        }
    }

    @Test
    void whatTheRepertoireLacksBecomesAQuestionMarkAndIsSaid() {
        assertFalse(set("ISO_IR 100").canEncode("山", VR.LO));
        assertArrayEquals(bytes("a?b?c"), set("ISO_IR 100").encode("a山b𠮷c", VR.LO));
        assertFalse(set("\\ISO 2022 IR 87").canEncode("髙", VR.LO));
        assertArrayEquals(bytes("⎋$B;3⎋(B?⎋$B;3⎋(B"), set("\\ISO 2022 IR 87").encode("山髙山", VR.LO));
    }

    @Test
    void anEscapeCharacterInTextCannotSmuggleADesignation() {
        assertFalse(set("\\ISO 2022 IR 87").canEncode("\u001B$B", VR.LO));
        assertArrayEquals(bytes("?$B"), SpecificCharacterSet.UTF_8.encode("\u001B$B", VR.LO));
    }

    @Test
    void undeclaredButKnownEscapesAreFollowed() {
        assertReads(
                "Yamada^Tarou=" + YAMADA, "", VR.PN, "Yamada^Tarou=⎋$B;3ED⎋(B^⎋$BB@O:⎋(B=⎋$B$d$^$@⎋(B^⎋$B$?$m$&⎋(B");
        assertReads("山 亜ｱ\\洪", "ISO_IR 100", VR.LO, "⎋$@;3⎋(J ⎋&@⎋$B0!⎋(I1⎋(B\\⎋$)C\u00fb\u00f3");
        assertReads("山é", "ISO_IR 192", VR.LO, "⎋$B;3⎋(B\u00c3\u00a9");
    }

    @Test
    void anUnknownEscapeLosesOneByte() {
        assertReads("a\uFFFD%Gb", "\\ISO 2022 IR 87", VR.LO, "a⎋%Gb");
        assertReads("a\uFFFD", "", VR.LO, "a⎋");
    }

    @Test
    void aForgottenReturnToTheInitialSetLosesNothing() {
        assertReads("山田=やまだ", "\\ISO 2022 IR 87", VR.PN, "⎋$B;3ED⎋(B=⎋$B$d$^$@");
        assertReads("山田^太", "\\ISO 2022 IR 87", VR.PN, "⎋$B;3ED^⎋$BB@");
        assertReads("やまだ ", "\\ISO 2022 IR 87", VR.PN, "⎋$B$d$^$@ ");
    }

    @Test
    void kanjiDeclaredAloneAreRead() {
        assertReads("Yamada=山田", "ISO 2022 IR 87", VR.PN, "Yamada=⎋$B;3ED⎋(B");
        assertReads("洪^吉洞", "ISO 2022 IR 149", VR.PN, "\u00fb\u00f3^\u00d1\u00ce\u00d4\u00d7");
    }

    @Test
    void bytesOfTheOnlyDeclaredSetAreReadWithoutItsEscape() {
        assertReads("洪^吉洞", "\\ISO 2022 IR 149", VR.PN, "⎋$)C\u00fb\u00f3^\u00d1\u00ce\u00d4\u00d7");
    }

    @Test
    void malformedBytesBecomeReplacementCharactersAndNothingElseIsLost() {
        assertReads("a\uFFFDb", "", VR.LO, "a\u00e9b");
        assertReads("a\uFFFD\\b", "ISO_IR 192", VR.LO, "a\u00e3\\b");
        assertReads("\uFFFD\uFFFD\\é", "ISO_IR 192", VR.LO, "\u00e3\u0081\\\u00c3\u00a9");
        assertReads("\uFFFD\\b", "\\ISO 2022 IR 149", VR.LO, "⎋$)C\u00fb\\b");
        assertReads("\uFFFD b", "GBK", VR.LO, "\u00cd b");
        assertReads("山\uFFFD", "\\ISO 2022 IR 87", VR.LO, "⎋$B;3E");
        assertReads("\uFFFD山", "\\ISO 2022 IR 87", VR.LO, "⎋$B)!;3");
    }

    @Test
    void shiftJisUnderTheNameOfIr13IsRead() {
        assertReads("ﾔﾏ=山田\\表", "ISO_IR 13", VR.LO, "\u00d4\u00cf=\u008eR\u0093c\\\u0095\\");
        assertReads("\uFFFD\\a", "ISO_IR 13", VR.LO, "\u0085\\a");
        assertReads("\uFFFD\\‾", "ISO_IR 13", VR.LO, "⎋(B\u0085\\~");
    }

    @Test
    void kanjiThatVendorsAddedAreRead() {
        assertReads("①Ⅲ㈱髙﨑", "\\ISO 2022 IR 87", VR.LO, "⎋$B-!-7-j|byu⎋(B");
    }

    @Test
    void anUnknownTermIsNotedAndReadAsAscii() {
        SpecificCharacterSet odd = set("ISO_IR 999\\ISO 2022 IR 87");
        assertEquals(List.of("ISO_IR 999"), odd.unknownTerms());
        assertEquals("Unknown^Charset\uFFFD", odd.decode(bytes("Unknown^Charset\u00e9"), VR.PN));
        assertEquals(List.of("ISO_IR 999", "ISO 2022 IR 87"), odd.definedTerms());
    }

    @Test
    void misspeltTermsAreUnderstood() {
        for (String term :
                List.of("ISO_IR 100 ", "iso_ir 100", "ISO-IR 100", "ISO_IR_100", "ISO IR 100", "ISO 2022 IR 100")) {
            assertReads("é", term, VR.LO, "\u00e9");
            assertEquals(List.of(), set(term).unknownTerms(), term);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ISO_IR 100",
                "ISO_IR 13",
                "ISO_IR 192",
                "GB18030",
                "GBK",
                "\\ISO 2022 IR 87",
                "\\ISO 2022 IR 87\\ISO 2022 IR 159",
                "ISO 2022 IR 6\\ISO 2022 IR 87",
                "ISO 2022 IR 13\\ISO 2022 IR 87",
                "\\ISO 2022 IR 149",
                "ISO 2022 IR 100\\ISO 2022 IR 126"
            })
    void whatIsConfiguredAsTheStandardWritesItIsTaken(String value) {
        assertEquals(set(value), SpecificCharacterSet.parse(value));
        assertEquals(value, SpecificCharacterSet.parse(value).toString());
    }

    @Test
    void nothingConfiguredIsTheDefault() {
        assertEquals(SpecificCharacterSet.DEFAULT, SpecificCharacterSet.parse(""));
    }

    @ParameterizedTest
    @CsvSource({
        "ISO_IR 999, '\"ISO_IR 999\"', ISO_IR 100",
        "iso_ir 100, '\"iso_ir 100\"', ISO_IR 100",
        "' ISO_IR 100', '\" ISO_IR 100\"', ISO_IR 100",
        "UTF-8, '\"UTF-8\"', ISO_IR 192",
        "ISO_IR 6, '\"ISO_IR 6\"', GB18030",
        "ISO 2022 IR 87, '\"ISO 2022 IR 87\"', ISO_IR 192",
        "ISO_IR 100\\ISO 2022 IR 87, '\"ISO_IR 100\"', ISO 2022 IR 100",
        "ISO 2022 IR 87\\ISO 2022 IR 6, '\"ISO 2022 IR 87\"', ISO 2022 IR 6",
        "\\ISO_IR 192, '\"ISO_IR 192\"', ISO 2022 IR 149",
        "ISO 2022 IR 6\\GBK, '\"GBK\"', ISO 2022 IR 58",
        "\\, '\"\"', ISO 2022 IR 87",
        "\\ISO 2022 IR 87\\ISO 2022 IR 87, '\"ISO 2022 IR 87\"', twice",
    })
    void whatIsConfiguredOtherwiseIsRefusedByNameWithWhatIsKnown(String value, String named, String known) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> SpecificCharacterSet.parse(value));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith(named), message);
        assertTrue(message.contains(known), message);
    }

    @Test
    void utf8AsALaterValueIsStillUtf8() {
        assertReads("é", "\\ISO_IR 192", VR.LO, "\u00c3\u00a9");
    }

    @Test
    void theLeastRepertoireThatLosesNothingIsChosen() {
        assertChosen(List.of(), "Yamada^Tarou", "a\\b");
        assertChosen(List.of("ISO_IR 100"), "Buc^Jérôme");
        assertChosen(List.of("ISO_IR 101"), "Wałęsa");
        assertChosen(List.of("ISO_IR 203"), "10 €");
        assertChosen(List.of("ISO_IR 13"), "ﾔﾏﾀﾞ^ﾀﾛｳ");
        assertChosen(List.of("", "ISO 2022 IR 87"), "Yamada=" + YAMADA, "立位 P→A");
        assertChosen(List.of("ISO 2022 IR 13", "ISO 2022 IR 87"), "ﾔﾏﾀﾞ=" + YAMADA);
        assertEquals(SpecificCharacterSet.UTF_8, SpecificCharacterSet.forText(List.of("髙橋^﨑𠮷")));
        assertEquals(SpecificCharacterSet.UTF_8, SpecificCharacterSet.forText(List.of("Jérôme", "흉부")));
        assertEquals(SpecificCharacterSet.UTF_8, SpecificCharacterSet.forText(List.of("∥")), "it would come back as ‖");
    }

    private static void assertChosen(List<String> definedTerms, String... texts) {
        assertEquals(definedTerms, SpecificCharacterSet.forText(List.of(texts)).definedTerms());
    }
}
