// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource({
        "a*, abc, true",
        "a*, a, true",
        "*c, abc, true",
        "*b*, abc, true",
        "a?c, abc, true",
        "a?c, ac, false",
        "a?, a😀, true",
        "?, '', false",
        "*, '', true",
        "a*b*c, aXbYbZc, true",
        "a*b*c, aXbYbZ, false",
        "**a**, a, true",
        "a.c, abc, false",
        "a[b]c, abc, false",
    })
    void starsAndQuestionMarks(String pattern, String text, boolean matches) {
        assertEquals(matches, new Glob(pattern).matches(text));
    }

    @Test
    void manyStarsTakeNoLongTime() {
        Glob glob = new Glob("a*".repeat(2000) + "b");
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertFalse(glob.matches("a".repeat(5000))));
    }

    @Test
    void likeHasNoWildcardsButOurs() {
        assertEquals("a\\%b\\_c\\\\d%e_", new Glob("a%b_c\\d*e?").like());
    }

    @Test
    void whatLiesAboveAPrefixEndsItsRange() {
        assertEquals("abd", Glob.above("abc"));
        assertEquals("\uE000", Glob.above("\uD7FF"));
        assertEquals("b", Glob.above("a" + Character.toString(Character.MAX_CODE_POINT)));
        assertEquals("", Glob.above(Character.toString(Character.MAX_CODE_POINT)));
    }
}
