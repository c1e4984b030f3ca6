// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a condition is said with its place, what was found, and what would be right. */
class ConditionErrorsTest {

    private static String fault(String text) {
        FailureException refused = assertThrows(FailureException.class, () -> Condition.parse(text), text);
        assertEquals(Failure.INVALID_RECORD, refused.failure());
        return String.valueOf(refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                | 1  | modality = CT, or the word all
            `   `                             | 4  | has its end where it needs a comparison
            modalty = CT                      | 1  | has "modalty", which is no keyword of DICOM; did you mean modality?
            stationNmae = CT                  | 1  | did you mean stationName?
            all and studyAgee < 1 day         | 9  | did you mean studyAge?
            statt                             | 1  | did you mean stat?
            modality = CT and sopClasUid = 1  | 19 | did you mean sopClassUID?
            xyzzyplugh = 1                    | 1  | look it up in PS3.6, or write its tag
            modality                          | 9  | has its end where it needs an operator after modality
            modality CT                       | 10 | has "CT" where it needs an operator after modality
            modality == CT                    | 11 | has "=" where it needs a value
            modality =                        | 11 | has its end where it needs a value: a text
            modality = and stat               | 12 | has "and" where it needs a value
            modality = CT stat                | 15 | has "stat" where it needs and, or, or its end
            modality = CT and                 | 18 | has its end where it needs an attribute
            modality = CT or or stat          | 18 | has "or"
            modality = CT)                    | 14 | has ")" where it needs and, or, or its end
            (modality = CT                    | 15 | the ) of the ( at character 1
            (stat and (stat)                  | 17 | the ) of the ( at character 1
            ()                                | 2  | has ")" where it needs an attribute
            modality = "CT                    | 12 | a quote that is never closed
            modality = 'CT                    | 12 | a quote within quotes is written
            modality = ""                     | 12 | write not modality exists
            modality = " "                    | 12 | write not modality exists
            modality in CT                    | 13 | has "CT" where it needs a list in parentheses
            modality in ()                    | 14 | has ")" where it needs a value
            modality in (CT,)                 | 17 | has ")" where it needs a value
            modality in (CT MR)               | 17 | has "MR" where it needs a comma or the ) of the list
            modality in (CT                   | 16 | has its end where it needs a comma
            modality not = CT                 | 10 | put it before modality
            modality not                      | 13 | has its end where it needs an operator
            not                               | 4  | has its end where it needs an attribute
            kvp = high                        | 7  | compares kvp with "high"; it needs a number, as 2.5
            kvp = 0x10                        | 7  | it needs a number
            kvp = NaN                         | 7  | it needs a number
            kvp = 1e999                       | 7  | it needs a number
            kvp in (100, x)                   | 14 | compares kvp with "x"
            kvp between 1                     | 14 | has its end where it needs and, as in between 1 and 5
            kvp between 5 and 1               | 13 | is between 5 and 1, where nothing is; the smaller comes first
            modality between MR and CT        | 18 | where nothing is
            rows between 1 and b              | 20 | compares rows with "b"
            studyDate = yesterday             | 13 | it needs a date, as 2026-01-31, 2026-01 or 2026
            studyDate = 2026-02-30            | 13 | it needs a date
            studyDate = 2026-13               | 13 | it needs a date
            studyTime = 25:00                 | 13 | it needs a time, as 08:30
            acquisitionDateTime = 2026-01T08  | 23 | it needs a date and time
            acquisitionDateTime = 2026-01-01T | 23 | it needs a date and time
            studyAge < 30                     | 12 | it needs an age, as 30 days or 6 months
            studyAge < 30 parsecs             | 12 | with "30 parsecs"; it needs an age
            studyAge in (1 day)               | 10 | the age of a study is compared by
            studyAge ~ "1"                    | 10 | the age of a study is compared by
            patientAge < 18                   | 14 | it needs an age, as 18 years
            source.ip = 10.0.0.1              | 1  | which is source.ae or source.address
            source = X                        | 1  | which is source.ae or source.address
            source.address = 10.0.0.300       | 18 | it needs an address or a network
            source.address = 10.0.0.0/33      | 18 | it needs an address or a network
            source.address = host.example     | 18 | it needs an address or a network
            source.address < 10.0.0.1         | 16 | an address is compared by = != in exists
            stationName ~                     | 14 | needs a regular expression between quotes
            stationName ~ "["                 | 15 | has a regular expression that can't be used: missing closing ]
            stationName ~ "a(b"               | 15 | missing closing )
            stationName ~ "*a"                | 15 | can't be used
            stationName ~ "(?=a)b"            | 15 | without look-around and back-references
            stationName ~ "(a)\\1"            | 15 | without look-around and back-references
            stationName ~ "(a{99}){99}"       | 15 | its repetitions multiply to more than 2000 steps
            stationName ~ "a{3000}"           | 15 | its repetitions multiply to more than 2000 steps
            (0008,0060 = CT                   | 12 | needs a tag of four and four hexadecimal digits
            (0008,006) = CT                   | 10 | needs a tag of four and four hexadecimal digits
            (0008,9999) = CT                  | 1  | asks for (0008,9999), which PS3.6 does not know
            (0000,0110) = 1                   | 1  | which is no part of a data set
            (0002,0016) = X                   | 1  | which is no part of a data set
            (0019,"ACME",) = 1                | 14 | needs the two low digits of the element
            (0019,"",10) = 1                  | 1  | names an empty private creator
            (0018,"ACME",10) = 1              | 1  | private groups are odd
            modality.stationName = X          | 1  | goes into modality, which is no sequence
            requestAttributesSequence = X     | 27 | it is a sequence, which exists or not
            requestAttributesSequence. = X    | 28 | has "=" where it needs an attribute
            stat and pixelData exists         | 10 | whose octets the index does not keep
            3 = 3                             | 1  | has "3" where it needs an attribute
            modality ! CT                     | 10 | has "!" where it needs an operator
            """)
    void theFaultIsNamedWithItsPlaceAndItsRemedy(String text, int position, String part) {
        String fault = fault(text);
        assertTrue(fault.startsWith("The condition, at character " + position + ", "), fault);
        assertTrue(fault.contains(part), fault);
    }

    @Test
    void aConditionHasAtMost4000Characters() {
        String long4000 = "modality = " + "x".repeat(3989);
        assertEquals(4000, long4000.length());
        assertEquals(long4000, Condition.parse(long4000).toString());
        assertTrue(fault(long4000 + "x").contains("4001 characters, of at most 4000"));
        String grows = "(0008,0005)exists or ".repeat(180) + "stat";
        assertTrue(grows.length() <= 4000);
        assertTrue(fault(grows).contains("written in full"), "what is kept must be readable again");
    }

    @Test
    void parenthesesAndNotsNestAtMost64Deep() {
        Condition.parse("(".repeat(63) + "stat" + ")".repeat(63));
        assertTrue(
                fault("(".repeat(64) + "stat" + ")".repeat(64)).contains("at character 65, is nested deeper than 64"));
        Condition.parse("not ".repeat(63) + "stat");
        assertTrue(fault("not ".repeat(64) + "stat").contains("is nested deeper than 64"));
        assertTrue(fault("(".repeat(3999)).contains("is nested deeper than 64"));
    }

    @Test
    void aListHasAtMost1000Values() {
        Condition.parse(list(1000));
        assertTrue(fault(list(1001)).contains("more than 1000 values"));
    }

    private static String list(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> Integer.toString(i % 100))
                .collect(Collectors.joining(",", "rows in (", ")"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 10, 27, 0x7F, 0x85})
    void aControlCharacterBetweenQuotesIsRefused(int character) {
        assertTrue(
                fault("modality = \"C" + (char) character + "\"").contains("at character 14, has a control character"));
    }
}
