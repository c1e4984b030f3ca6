// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeRegexTest {

    /** Expressions that take a backtracking engine longer than the universe has. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "^(a+)+$",
                "^(a|a)*$",
                "(a|aa)+$",
                "^([a-zA-Z]+)*$",
                "(.*a){20}$",
                "(.*)*(.*)*(.*)*=$",
                "^(([a-z])+.)+[A-Z]([a-z])+$",
                "(a?){200}a{200}b",
                "(\\w*\\s*)*;$",
            })
    void noExpressionTakesLongerThanItsSizeTimesTheText(String expression) {
        Condition condition = Condition.parse("imageComments ~ \"" + expression + "\"");
        Dataset dataset = new Dataset().setString(Tag.IMAGE_COMMENTS, VR.LT, "a".repeat(4000) + "!");
        HeaderFacts facts = Given.facts(dataset);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertFalse(condition.matches(facts)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((((a{10}){10}){10}){10}){10}",
                "(a{1000}){1000}",
                "(a{0,999}b){0,999}",
                "a{2001}",
                "([a-z]{100}){100}",
                "(\\p{Greek}{100}){100}",
                "(?:(?:x{50}){50}){50}",
                "[[:alpha:]]{2500}",
            })
    void anExpressionThatWouldCompileToTooManyStepsIsRefused(String expression) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThrows(IllegalArgumentException.class, () -> SafeRegex.of(expression)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^1\\.2\\.\\d{1,64}\\.\\d{1,64}$",
                "^\\d{4}-\\d{2}-\\d{2}$",
                "[]{}]{2}",
                "[^]]{3}",
                "a{",
                "a{x}",
                "{2,1x",
                "\\{5000\\}",
                "\\x{1F600}",
                "(?i)head|neck|\\bspine\\b",
            })
    void usualExpressionsAreTaken(String expression) {
        assertEquals(expression, SafeRegex.of(expression).text());
    }

    @Test
    void anExpressionIsSearchedForAnywhere() {
        assertTrue(SafeRegex.of("b.d").finds("abcde"));
        assertFalse(SafeRegex.of("^b").finds("abcde"));
        assertThrows(IllegalArgumentException.class, () -> SafeRegex.of("a".repeat(1001)));
    }
}
