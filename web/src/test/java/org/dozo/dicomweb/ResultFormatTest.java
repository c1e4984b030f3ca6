// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultFormatTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/* | JSON",
                "application/json | JSON",
                "application/dicom+json, */*;q=0.1 | JSON",
                "application/dicom+xml | XML",
                "multipart/related; type=\"application/dicom+xml\" | XML",
                "multipart/related; type=application/dicom+xml; q=0.5, application/dicom+json; q=0.4 | XML",
                "application/dicom+xml;q=0, application/dicom+json;q=0.1 | JSON",
                "image/png, text/html;q=0.9, */*;q=0.1 | JSON"
            })
    void theBestOfWhatIsWantedIsGiven(String accept, ResultFormat format) {
        assertEquals(format, ResultFormat.of(List.of(accept)));
    }

    @Test
    void nothingWantedIsJson() {
        assertEquals(ResultFormat.JSON, ResultFormat.of(List.of()));
    }

    @Test
    void aWarningCannotLeaveItsField() {
        assertEquals("299 dozo \"a\\\"b??c?\"", Warnings.of("a\"b\r\nc山"));
        assertTrue(Warnings.of("x".repeat(10_000)).length() < 600);
    }

    @Test
    void contentTypesAreReadWithTheirQuotes() {
        ContentType type =
                ContentType.parse("Multipart/Related; Type=\"application/dicom\"; boundary=\"a;b\\\"c\" ; x=y");
        assertEquals("multipart/related", type.type());
        assertEquals(Map.of("type", "application/dicom", "boundary", "a;b\"c", "x", "y"), type.parameters());
        assertEquals(new ContentType("", Map.of()), ContentType.parse(""));
        assertEquals(new ContentType("a/b", Map.of()), ContentType.parse("a/b;"));
    }
}
