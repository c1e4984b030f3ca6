// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByteRangeTest {

    private static ByteRange of(String header) {
        return ByteRange.of(header, 100).orElseThrow();
    }

    @Test
    void firstLastAndSuffixAreWithinTheBody() {
        assertEquals(new ByteRange(0, 10), of("bytes=0-9"));
        assertEquals(new ByteRange(90, 10), of("bytes=90-"));
        assertEquals(new ByteRange(90, 10), of("bytes=90-1000"));
        assertEquals(new ByteRange(95, 5), of("bytes=-5"));
        assertEquals(new ByteRange(0, 100), of("bytes=-500"));
        assertEquals("bytes 0-9/100", of("bytes=0-9").contentRange(100));
    }

    @Test
    void whatBeginsBeyondTheBodyIsNotSatisfiable() {
        for (String header : List.of("bytes=100-", "bytes=200-300", "bytes=-0")) {
            assertFalse(of(header).isSatisfiable(), header);
            assertEquals("bytes */100", of(header).contentRange(100));
        }
    }

    @Test
    void severalRangesAndMalformedOnesAreIgnored() {
        for (String header : Arrays.asList(
                null,
                "",
                "bytes=",
                "bytes=-",
                "bytes=5-2",
                "bytes=0-1,3-4",
                "items=0-1",
                "bytes=a-b",
                "bytes=99999999999999999999-")) {
            assertEquals(Optional.empty(), ByteRange.of(header, 100), header);
        }
    }
}
