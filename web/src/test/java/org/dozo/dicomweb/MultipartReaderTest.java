// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dozo.shared.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartReaderTest {

    private static final String BOUNDARY = "b0undary";

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<byte[]> readAll(InputStream in, int maxParts) throws IOException {
        MultipartReader reader = new MultipartReader(in, BOUNDARY, maxParts);
        List<byte[]> parts = new ArrayList<>();
        for (MultipartReader.Part part = reader.next(); part != null; part = reader.next()) {
            parts.add(part.content().readAllBytes());
        }
        assertNull(reader.next());
        return parts;
    }

    private static List<String> read(String body) throws IOException {
        return readAll(new ByteArrayInputStream(latin(body)), 100).stream()
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .toList();
    }

    /** Gives a random number of bytes a read, as a network does. */
    private static InputStream choppy(byte[] bytes, Random random) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(length, 1 + random.nextInt(random.nextBoolean() ? 3 : 5000)));
            }
        };
    }

    @Test
    void aBoundaryLongerThanTheStandardAllowsIsReadAndOneWithoutEndIsNot() throws IOException {
        String ofOrthanc = "37fde20b-28d0-4521-bbe1-401d36dfaaf5-37fde20b-28d0-4521-bbe1-401d36dfaaf5";
        byte[] body = latin("--" + ofOrthanc + "\r\n\r\nimage\r\n--" + ofOrthanc + "--\r\n");
        MultipartReader.Part part = new MultipartReader(new ByteArrayInputStream(body), ofOrthanc, 1).next();
        assertNotNull(part);
        assertArrayEquals(latin("image"), part.content().readAllBytes());
        assertThrows(
                MultipartException.class, () -> new MultipartReader(InputStream.nullInputStream(), "b".repeat(201), 1));
    }

    @Test
    void partsComeInTheirOrderWithTheirHeaders() throws IOException {
        String body = "preamble\r\n--b0undary\r\nContent-Type: application/dicom\r\nX:  y \r\n\r\none\r\n"
                + "--b0undary \t\r\n\r\n\r\n--b0undary\r\n\r\n--b0undary\r\nA:b\r\n\r\nthr\r\nee\r\n--b0undary--\r\nepilogue";
        assertEquals(List.of("one", "", "", "thr\r\nee"), read(body));
        MultipartReader reader = new MultipartReader(new ByteArrayInputStream(latin(body)), BOUNDARY, 9);
        MultipartReader.Part first = reader.next();
        assertNotNull(first);
        assertEquals("application/dicom", first.type());
        assertEquals("y", first.headers().get("x"));
        MultipartReader.Part second = reader.next();
        assertNotNull(second, "what was not read of a part is skipped");
        assertEquals("", second.type());
    }

    @Test
    void whatOnlyLooksLikeTheBoundaryIsContent() throws IOException {
        String content = "\r\n--b0undar\r\n--b0undaryX\r\n--b0undary-\r\n-\r\n\r\r\n--b0undary x\r\n";
        assertEquals(List.of(content), read("--b0undary\r\n\r\n" + content + "\r\n--b0undary--"));
    }

    /** Every position of a delimiter against the edges of the buffer, and every way the network cuts. */
    @Test
    void delimitersAreFoundWhereverTheyFall() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] hints = latin("\r\n--b0undary-");
        for (int round = 0; round < 400; round++) {
            List<byte[]> wanted = new ArrayList<>();
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                byte[] content = new byte[round < 200 ? (64 << 10) - 120 + round : random.nextInt(9000)];
                for (int at = 0; at < content.length; at++) {
                    content[at] = round % 2 == 0 ? (byte) random.nextInt() : hints[random.nextInt(hints.length)];
                }
                wanted.add(content);
                body.writeBytes(latin("--b0undary\r\nN: " + "x".repeat(random.nextInt(300)) + "\r\n\r\n"));
                body.writeBytes(content);
                body.writeBytes(latin("\r\n"));
            }
            body.writeBytes(latin("--b0undary--\r\n"));
            List<byte[]> found = readAll(choppy(body.toByteArray(), random), 100);
            assertEquals(count, found.size(), "round " + round);
            for (int i = 0; i < count; i++) {
                assertArrayEquals(wanted.get(i), found.get(i), "round " + round);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no boundary at all",
                "--other\r\n\r\nx\r\n--other--\r\n",
                "--b0undary",
                "--b0undary\r\n",
                "--b0undary\r\nContent-Type: x",
                "--b0undary\r\nno colon\r\n\r\nx\r\n--b0undary--",
                "--b0undary\r\n\r\ncut off",
                "--b0undary\r\n\r\nx\r\n--b0undary",
                "--b0undary\r\n\r\nx\r\n--b0undary-",
                "--b0undary\n\nbare line feeds\n--b0undary--\n"
            })
    void malformedBodiesAreRefused(String body) {
        MultipartException refusal = assertThrows(MultipartException.class, () -> read(body));
        assertEquals(Failure.MALFORMED_REQUEST, refusal.failure());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with\r\nline", "é"})
    void boundariesThatAreNoneAreRefused(String boundary) {
        assertThrows(MultipartException.class, () -> new MultipartReader(InputStream.nullInputStream(), boundary, 1));
    }

    @Test
    void hugeHeadersAndPreamblesAreRefused() {
        String header = "--b0undary\r\nA: " + "x".repeat(9000) + "\r\n\r\nx\r\n--b0undary--";
        assertTrue(String.valueOf(assertThrows(MultipartException.class, () -> read(header))
                        .getMessage())
                .contains("8192"));
        String many = "--b0undary\r\n" + "A: b\r\n".repeat(5000) + "\r\nx\r\n--b0undary--";
        assertThrows(MultipartException.class, () -> read(many));
        String preamble = "x".repeat(70_000) + "\r\n--b0undary\r\n\r\nx\r\n--b0undary--";
        assertThrows(MultipartException.class, () -> read(preamble));
    }

    @Test
    void aHundredThousandPartsAreReadOrRefusedByTheLimit() throws IOException {
        byte[] body = latin("--b0undary\r\n\r\nx\r\n".repeat(100_000) + "--b0undary--");
        assertEquals(100_000, readAll(new ByteArrayInputStream(body), 100_000).size());
        MultipartException refusal =
                assertThrows(MultipartException.class, () -> readAll(new ByteArrayInputStream(body), 20_000));
        assertEquals(Failure.LIMIT_EXCEEDED, refusal.failure());
        assertTrue(String.valueOf(refusal.getMessage()).contains("stow.max-parts"));
    }
}
