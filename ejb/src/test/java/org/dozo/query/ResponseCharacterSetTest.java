// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.SpecificCharacterSet;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseCharacterSetTest {

    private static final String KANJI = "Yamada^Tarou=山田^太郎=やまだ^たろう";

    /** In this character set, and with nothing lost. */
    private static void assertAnswered(String expected, String configured, String asked, String name, String text) {
        Dataset answer = new ResponseCharacterSet(
                        SpecificCharacterSet.parse(configured), SpecificCharacterSet.parse(asked))
                .write(match(name, text));
        assertEquals(expected, String.join("\\", answer.getStrings(Tag.SPECIFIC_CHARACTER_SET)));
        assertEquals(name, answer.getString(Tag.PATIENT_NAME));
        assertEquals(
                text, answer.getItems(Tag.PROCEDURE_CODE_SEQUENCE).getFirst().getString(Tag.CODE_MEANING));
        assertEquals("1.2.3", answer.getString(Tag.STUDY_INSTANCE_UID));
    }

    private static Dataset match(String name, String text) {
        Dataset match = new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
                .setString(Tag.PATIENT_NAME, VR.PN, name)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.3");
        match.addItem(Tag.PROCEDURE_CODE_SEQUENCE).setString(Tag.CODE_MEANING, VR.LO, text);
        return match;
    }

    @ParameterizedTest
    @CsvSource({
        "\\ISO 2022 IR 87, 胸部",
        "ISO 2022 IR 6\\ISO 2022 IR 87, Chest ~",
        "ISO 2022 IR 13\\ISO 2022 IR 87, ｷｮｳﾌﾞ",
        "ISO_IR 192, 胸部 𩸽",
        "GB18030, 胸部 𩸽",
    })
    void whatThePeersRecordSaysGoesBeforeWhatItAsksIn(String configured, String text) {
        assertAnswered(configured, configured, "", KANJI, text);
        assertAnswered(configured, configured, "ISO_IR 192", KANJI, text);
        assertAnswered(configured, configured, "\\ISO 2022 IR 87\\ISO 2022 IR 159", KANJI, text);
    }

    @Test
    void theBytesAreThoseOfTheConfiguredSet() {
        ResponseCharacterSet latin =
                new ResponseCharacterSet(SpecificCharacterSet.parse("ISO_IR 100"), SpecificCharacterSet.DEFAULT);
        assertEquals(
                "Müller^Jörg",
                new String(latin.write(match("Müller^Jörg", "")).getBytes(Tag.PATIENT_NAME), ISO_8859_1).strip());
        ResponseCharacterSet japanese =
                new ResponseCharacterSet(SpecificCharacterSet.parse("\\ISO 2022 IR 87"), SpecificCharacterSet.UTF_8);
        String bytes = new String(japanese.write(match(KANJI, "")).getBytes(Tag.PATIENT_NAME), ISO_8859_1);
        assertTrue(bytes.startsWith("Yamada^Tarou=\u001B$B;3ED\u001B(B^"), bytes);
    }

    @Test
    void asciiIsSaidToBeInTheConfiguredSetToo() {
        assertAnswered("ISO_IR 100", "ISO_IR 100", "", "Doe^John", "Chest");
        assertAnswered("ISO_IR 192", "ISO_IR 192", "", "Doe^John", "Chest");
    }

    @Test
    void whatTheConfiguredSetLacksIsAnsweredAsIfNothingWereConfigured() {
        assertAnswered("ISO_IR 192", "ISO_IR 100", "", KANJI, "Chest");
        assertAnswered("ISO_IR 192", "ISO_IR 100", "", "Müller^Jörg", "胸部");
        assertAnswered("\\ISO 2022 IR 87", "ISO_IR 100", "\\ISO 2022 IR 87", KANJI, "胸部");
        assertAnswered("ISO_IR 192", "\\ISO 2022 IR 87", "ISO_IR 100", "=髙橋^花子", "Chest");
    }

    @Test
    void whatLooksLikeAsciiIsNotInEverySet() {
        assertAnswered("", "ISO_IR 13", "", "Doe^John", "~");
        assertAnswered("ISO_IR 13", "ISO_IR 13", "", "Doe^John", "-");
        assertAnswered("ISO_IR 192", "", "ISO_IR 13", "ﾔﾏﾀﾞ^ﾀﾛｳ", "~");
    }

    @Test
    void withoutAnythingConfiguredTheQuestionsSetIsTakenAndNoneForAscii() {
        assertAnswered("", "", "ISO_IR 100", "Doe^John", "Chest");
        assertAnswered("ISO_IR 100", "", "ISO_IR 100", "Müller^Jörg", "Größe");
        assertAnswered("ISO_IR 192", "", "", "Müller^Jörg", "Größe");
        Dataset match = match(KANJI, "");
        ResponseCharacterSet none = new ResponseCharacterSet(SpecificCharacterSet.DEFAULT, SpecificCharacterSet.UTF_8);
        assertSame(match, none.write(match), "nothing is written again");
    }
}
