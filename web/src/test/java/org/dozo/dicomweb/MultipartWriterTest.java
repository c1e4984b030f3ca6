// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MultipartWriterTest {

    private static final String EXPECTED = """
            --b
            Content-Type: application/dicom
            Content-Length: 3

            abc
            --b
            Content-Type: image/jpeg

            d
            --b--
            """.replace("\n", "\r\n");

    @Test
    void partsAreSeparatedByTheBoundaryAndEndedByIt() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MultipartWriter parts = new MultipartWriter(out, "b");
        parts.begin("application/dicom", 3);
        out.write("abc".getBytes(StandardCharsets.US_ASCII));
        parts.begin("image/jpeg", -1);
        out.write('d');
        parts.end();
        assertEquals(EXPECTED, out.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void theLengthIsKnownBeforeItIsWritten() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MultipartWriter parts = new MultipartWriter(out, "boundary");
        MultipartWriter.Length length = new MultipartWriter.Length("boundary");
        for (int size = 0; size < 3; size++) {
            parts.begin("application/dicom", size);
            out.write(new byte[size]);
            length.add("application/dicom", size);
        }
        parts.end();
        assertEquals(out.size(), length.total());
    }
}
