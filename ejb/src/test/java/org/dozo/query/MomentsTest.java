// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {

    @ParameterizedTest
    @CsvSource({
        "2020, 2020-01-01T00:00, 2020-12-31T23:59:59.999999",
        "202002, 2020-02-01T00:00, 2020-02-29T23:59:59.999999",
        "20200115, 2020-01-15T00:00, 2020-01-15T23:59:59.999999",
        "2020011510, 2020-01-15T10:00, 2020-01-15T10:59:59.999999",
        "20200115103015.5, 2020-01-15T10:30:15.500, 2020-01-15T10:30:15.599999",
        "20200115103015+0900, 2020-01-15T01:30:15, 2020-01-15T01:30:15.999999",
        "20200115103015-0500, 2020-01-15T15:30:15, 2020-01-15T15:30:15.999999",
        "20200115-20200116, 2020-01-15T00:00, 2020-01-16T23:59:59.999999",
        "20200115103015-0500-, 2020-01-15T15:30:15, null",
        "-20200115103015+0900, null, 2020-01-15T01:30:15.999999",
    })
    void aDateTimeIsAllThatItLeavesOpen(String text, String from, String to) {
        Span<java.time.LocalDateTime> span = Moments.dateTimes(text);
        assertEquals(from, String.valueOf(span.from()));
        assertEquals(to, String.valueOf(span.to()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "2020-13", "20200230", "00000101", "2020011525", "20200115+9900", "x", "20200115--"})
    void whatIsNoDateTimeIsNone(String text) {
        assertNull(Moments.dateTimes(text));
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10:00, 10:59:59.999999",
        "1030, 10:30, 10:30:59.999999",
        "103015, 10:30:15, 10:30:15.999999",
        "103060, 10:30:59, 10:30:59.999999",
        "10:30:15.123456, 10:30:15.123456, 10:30:15.123456",
        "1000-11, 10:00, 11:59:59.999999",
        "-11, null, 11:59:59.999999",
    })
    void aTimeToo(String text, String from, String to) {
        Span<java.time.LocalTime> span = Moments.times(text);
        assertEquals(from, String.valueOf(span.from()));
        assertEquals(to, String.valueOf(span.to()));
    }
}
