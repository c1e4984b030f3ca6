// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.LocalTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {

    @ParameterizedTest
    @CsvSource({
        "22:00-06:00, 22:00, true",
        "22:00-06:00, 23:59, true",
        "22:00-06:00, 00:00, true",
        "22:00-06:00, 05:59, true",
        "22:00-06:00, 06:00, false",
        "22:00-06:00, 21:59, false",
        "12:00-13:30, 12:00, true",
        "12:00 - 13:30, 13:29, true",
        "12:00-13:30, 13:30, false",
        "12:00-13:30, 00:00, false"
    })
    void aWindowBeginsWithItsFirstMinuteAndEndsBeforeItsLast(String window, String time, boolean contained) {
        assertEquals(contained, Window.parse(window).contains(LocalTime.parse(time)));
    }

    @ParameterizedTest
    @CsvSource({"22:00-06:00, 23:00, 0", "22:00-06:00, 12:00, 600", "06:00-07:00, 12:00, 1080", "06:00-07:00, 05:59, 1"
    })
    void aWindowSaysHowLongUntilItOpens(String window, String time, long minutes) {
        assertEquals(Duration.ofMinutes(minutes), Window.parse(window).untilOpen(LocalTime.parse(time)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "22:00", "22:00-", "22-06", "24:00-06:00", "06:00-06:00", "1:00-2:00", "01:00-02:00-03:00"})
    void whatIsNoWindowIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Window.parse(text));
    }
}
