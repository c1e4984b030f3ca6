// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MediaRangeTest {

    private static MediaRange one(String header) {
        List<MediaRange> ranges = MediaRange.parse(List.of(header));
        assertEquals(1, ranges.size());
        return ranges.getFirst();
    }

    @Test
    void parametersAreReadWithAndWithoutQuotationMarks() {
        for (String header : List.of(
                "multipart/related; type=\"application/dicom\"; transfer-syntax=*",
                "multipart/related;type=application/dicom;transfer-syntax=*",
                "Multipart/Related ; TYPE = \"application\\/dicom\" ;transfer-syntax=\"*\"; q=1.0")) {
            MediaRange range = one(header);
            assertEquals(Map.of("type", "application/dicom", "transfer-syntax", "*"), range.parameters(), header);
            assertTrue(range.coversMultipart("application/dicom"));
            assertFalse(range.coversMultipart("image/jpeg"));
            assertFalse(range.covers("application/dicom"));
        }
    }

    @Test
    void theBestLikedComesFirstAndOfEqualsTheMoreSpecific() {
        List<String> order =
                MediaRange.parse(List.of("*/*, image/*, image/jpeg;q=0.5, image/jls", "image/jp2;q=0.9, a/b;q=0"))
                        .stream()
                        .map(range -> range.type() + "/" + range.subtype())
                        .toList();
        assertEquals(List.of("image/jls", "*/*", "image/*", "image/jp2", "image/jpeg", "a/b"), order);
    }

    @Test
    void asterisksCoverWhatTheyStandFor() {
        assertTrue(one("*/*").coversMultipart("application/dicom"));
        assertTrue(one("*").covers("application/zip"));
        assertTrue(one("multipart/*").coversMultipart("image/jpeg"));
        assertTrue(one("multipart/related; type=\"image/*\"").coversMultipart("image/jpeg"));
        assertFalse(one("multipart/related; type=\"image/*\"").coversMultipart("application/dicom"));
    }

    @Test
    void malformedHeadersAreRefused() {
        for (String header : List.of(
                "application",
                "application/",
                "/dicom",
                "a/b;type=\"unfinished",
                "a/b;q=2",
                "a/b;q=x",
                "a/b c/d",
                "a/b;=x",
                "a/b;x=",
                "x".repeat(20_000),
                "a/b,".repeat(200))) {
            assertThrows(IllegalArgumentException.class, () -> MediaRange.parse(List.of(header)), header);
        }
    }

    @Test
    void nothingAtAllIsAnything() {
        assertEquals(
                "*",
                AcceptNegotiation.of(List.of(), List.of()).ranges().getFirst().type());
        assertEquals(
                "*",
                AcceptNegotiation.of(List.of(), List.of("")).ranges().getFirst().type());
    }

    @Test
    void theQueryParameterOutweighsTheHeader() {
        AcceptNegotiation accepted = AcceptNegotiation.of(List.of("application/zip"), List.of("application/dicom"));
        assertTrue(accepted.takes("application/zip"));
        assertFalse(accepted.takes("application/dicom"));
    }

    @Test
    void whatIsNotAcceptedIsNotChosen() {
        AcceptNegotiation accepted = AcceptNegotiation.of(List.of(), List.of("application/zip;q=0, */*"));
        assertFalse(accepted.takes("application/zip"));
        assertTrue(accepted.takes("application/dicom"));
        AcceptNegotiation none = AcceptNegotiation.of(List.of(), List.of("application/zip;q=0"));
        assertEquals(Optional.empty(), none.choose(Optional::of));
    }

    @Test
    void transferSyntaxesComeInTheirOrderAndAnAsteriskIsAny() {
        AcceptNegotiation accepted = AcceptNegotiation.of(
                List.of(), List.of("a/b;transfer-syntax=1.2;q=0.5, a/b;transfer-syntax=1.3, c/d;transfer-syntax=*"));
        assertEquals(List.of("1.3", "1.2"), accepted.syntaxes(range -> range.covers("a/b")));
        assertEquals(List.of(), accepted.syntaxes(range -> true));
    }
}
