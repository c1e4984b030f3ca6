// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.dozo.dicom.io.ElementPath;
import org.junit.jupiter.api.Test;

class BulkDataBaseTest {

    private static final String BEFORE = "[{\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"http://a/x\"},\"00104000\":"
            + "{\"Value\":[\"\\\"BulkDataURI\\\":\\\"http://a/\"]},\"0\":{\"BulkDataURI\":\"http://a/y\"}}]";

    @Test
    void everyUriGetsTheNewBaseWhereverTheBlocksEnd() throws IOException {
        String expected = BEFORE.replace("\"http://a/x", "\"https://bb.example/x")
                .replace("\"http://a/y", "\"https://bb.example/y");
        byte[] bytes = BEFORE.getBytes(StandardCharsets.UTF_8);
        for (int block = 1; block <= bytes.length; block++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BulkDataBase rewriting = new BulkDataBase(out, "http://a", "https://bb.example");
            for (int at = 0; at < bytes.length; at += block) {
                rewriting.write(bytes, at, Math.min(block, bytes.length - at));
            }
            assertEquals(expected, out.toString(StandardCharsets.UTF_8), "blocks of " + block);
        }
    }

    @Test
    void aPathIsReadAsItWasWritten() {
        ElementPath nested = new ElementPath(List.of(new ElementPath.Step(0x54000100, 0)), 0x54001010);
        assertEquals("54000100.1.54001010", BulkDataPath.format(nested));
        assertEquals(Optional.of(nested), BulkDataPath.parse("54000100.1.54001010"));
        for (String text : List.of("", "7FE0001", "54000100.0.54001010", "54000100.54001010", "7FE00010.1", "../x")) {
            assertEquals(Optional.empty(), BulkDataPath.parse(text), text);
        }
    }
}
