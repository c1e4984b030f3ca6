// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.LocalDate;
import java.time.LocalTime;
import org.dozo.dicom.data.PersonName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexTextTest {

    @Test
    void textThatTheDatabaseTakesStaysAsItIs() {
        String text = "山田^太郎 \uD83C\uDFE5 '\"\\%_";
        assertEquals(text, IndexText.of(text));
    }

    @Test
    void nulAndHalfCharactersAreReplacedNotDropped() {
        assertEquals("A\uFFFDB", IndexText.of("A\0B"));
        assertEquals("\uFFFDx\uFFFD", IndexText.of("\uDC00x\uD800"));
    }

    @Test
    void longTextIsCutAndStaysDifferent() {
        String one = IndexText.of("x".repeat(300) + "1");
        String two = IndexText.of("x".repeat(300) + "2");
        assertEquals(IndexText.LONGEST, one.length());
        assertNotEquals(one, two);
        assertEquals(IndexText.LONGEST, IndexText.of("\uD83C\uDFE5".repeat(300)).length());
    }

    @ParameterizedTest
    @CsvSource({"20261122, 2026-11-22", "1993.08.22, 1993-08-22", "20240229, 2024-02-29", "00010101, 0001-01-01"})
    void aDateIsRead(String text, LocalDate date) {
        assertEquals(date, IndexText.date(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026", "20260230", "20261301", "00000101", "2026112", "x", "20261122-"})
    void whatIsNoDateIsNull(String text) {
        assertNull(IndexText.date(text));
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10:00",
        "1011, 10:11",
        "101112, 10:11:12",
        "101112.5, 10:11:12.5",
        "101112.123456, 10:11:12.123456",
        "10:11:12, 10:11:12",
        "235960, 23:59:59",
    })
    void aTimeIsRead(String text, LocalTime time) {
        assertEquals(time, IndexText.time(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "2400", "1060", "x", "101112.", "101112.1234567"})
    void whatIsNoTimeIsNull(String text) {
        assertNull(IndexText.time(text));
    }

    @Test
    void nameKeysAreFoldedByGroupWithoutEmptyComponentsAtTheEnd() {
        NameKeys keys = NameKeys.of(PersonName.parse("YAMADA^Tarou=山田^太郎=やまだ^たろう"));
        assertEquals("yamada^tarou", keys.alphabetic());
        assertEquals("山田^太郎", keys.ideographic());
        assertEquals("やまだ^たろう", keys.phonetic());
        assertEquals("", NameKeys.of(PersonName.parse("")).alphabetic());
    }
}
