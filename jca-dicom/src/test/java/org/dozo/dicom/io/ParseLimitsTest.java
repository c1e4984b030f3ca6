// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Properties;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.dozo.dicom.NodeProperties;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.junit.jupiter.api.Test;

class ParseLimitsTest {

    private static final TransferSyntax EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    @Test
    void theyAreReadFromTheNodesSettings() {
        Properties properties = new Properties();
        properties.setProperty("limits.nesting", "10");
        properties.setProperty("limits.header-bytes", "1 MiB");
        ParseLimits limits = ParseLimits.from(new NodeProperties(properties));
        assertEquals(10, limits.nesting());
        assertEquals(1 << 20, limits.headerBytes());
        assertEquals(ParseLimits.DEFAULT.elements(), limits.elements());
    }

    @Test
    void items64DeepPassAnd65DeepAreRefused() throws IOException {
        for (boolean defined : new boolean[] {true, false}) {
            Fixtures.scan(nested(64, defined), EXPLICIT);
            assertLimit("limits.nesting", nested(65, defined), ParseLimits.DEFAULT);
        }
    }

    @Test
    void aNestingBombIsRefusedAtOnce() {
        // Never closed, and endless: the refusal must come by the depth, not by the end.
        byte[] level = new Bytes()
                .longHeader(Tag.CONTENT_SEQUENCE, "SQ", Bytes.UNDEFINED)
                .header(Tag.ITEM, Bytes.UNDEFINED)
                .toBytes();
        Bytes bomb = new Bytes();
        for (int i = 0; i < 100_000; i++) {
            bomb.bytes(level);
        }
        assertLimit("limits.nesting", bomb.toBytes(), ParseLimits.DEFAULT);
    }

    private static byte[] nested(int depth, boolean defined) {
        byte[] bytes = new Bytes().element(Tag.VALUE_TYPE, "CS", "NUM ").toBytes();
        for (int i = 0; i < depth; i++) {
            Bytes outer = new Bytes()
                    .longHeader(Tag.CONTENT_SEQUENCE, "SQ", defined ? bytes.length + 8 : Bytes.UNDEFINED)
                    .header(Tag.ITEM, defined ? bytes.length : Bytes.UNDEFINED)
                    .bytes(bytes);
            if (!defined) {
                outer.header(Tag.ITEM_DELIMITATION_ITEM, 0).header(Tag.SEQUENCE_DELIMITATION_ITEM, 0);
            }
            bytes = outer.toBytes();
        }
        return bytes;
    }

    @Test
    void elementsItemsAndFragmentsAreCounted() throws IOException {
        ParseLimits limits = new ParseLimits(64, 1 << 20, 10, 1 << 20, 100, 4096);
        Bytes elements = new Bytes();
        Bytes items = new Bytes().longHeader(Tag.CONTENT_SEQUENCE, "SQ", Bytes.UNDEFINED);
        Bytes fragments = new Bytes().longHeader(Tag.PIXEL_DATA, "OB", Bytes.UNDEFINED);
        for (int i = 0; i < 11; i++) {
            elements.element(0x0009_1000 + i, "LO", "");
            items.header(Tag.ITEM, 0);
            fragments.header(Tag.ITEM, 0);
            if (i == 9) {
                ObjectScanner.scan(elements.stream(), EXPLICIT, limits);
            }
        }
        for (Bytes bytes : new Bytes[] {elements, items, fragments}) {
            assertLimit("limits.elements", bytes.toBytes(), limits);
        }
    }

    @Test
    void theHeadersBytesAreCountedAndBulkValuesAreNot() throws IOException {
        ParseLimits limits = new ParseLimits(64, 10_000, 1000, 1 << 20, 100, 4096);
        Bytes bytes = new Bytes();
        for (int i = 0; i < 3; i++) {
            bytes.longHeader(0x0009_1000 + i, "OB", 4096).bytes(new byte[4096]);
        }
        assertLimit("limits.header-bytes", bytes.toBytes(), limits);
        ScannedObject bulk = ObjectScanner.scan(
                new Bytes().longHeader(0x0009_1000, "OB", 50_000).bytes(new byte[50_000]).stream(), EXPLICIT, limits);
        assertEquals(1, bulk.bulkValues().size());
    }

    @Test
    void whatIsDeclaredIsNotAllocatedBeforeItComes() {
        byte[] lie =
                new Bytes().longHeader(Tag.PATIENT_COMMENTS, "UT", 60 << 20).toBytes();
        assertAllocatesLittle(() -> DatasetReader.read(lie, EXPLICIT));
        byte[] fourGigabytes =
                new Bytes().longHeader(Tag.PIXEL_DATA, "OW", 0xFFFF_FFFEL).toBytes();
        assertAllocatesLittle(() -> Fixtures.scan(fourGigabytes, EXPLICIT));
        assertThrows(DicomLimitException.class, () -> DatasetReader.read(fourGigabytes, EXPLICIT));
    }

    private static void assertAllocatesLittle(org.junit.jupiter.api.function.Executable reading) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThrows(DicomFormatException.class, reading);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 8 << 20, allocated + " bytes were allocated");
    }

    @Test
    void aDeflateBombIsRefused() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater raw = new Deflater(Deflater.BEST_SPEED, true);
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out, raw)) {
            deflater.write(
                    new Bytes().longHeader(Tag.PIXEL_DATA, "OW", 200 << 20).toBytes());
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 200; i++) {
                deflater.write(zeros);
            }
        }
        raw.end();
        TransferSyntax deflated = TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
        DicomLimitException ratio = assertThrows(
                DicomLimitException.class,
                () -> ObjectScanner.scan(Fixtures.stream(out.toByteArray()), deflated, ParseLimits.DEFAULT));
        assertEquals("limits.inflate-ratio", ratio.setting());
        ParseLimits size = new ParseLimits(64, 1 << 20, 1000, 10 << 20, 100_000, 4096);
        DicomLimitException bytes = assertThrows(
                DicomLimitException.class,
                () -> ObjectScanner.scan(Fixtures.stream(out.toByteArray()), deflated, size));
        assertEquals("limits.inflated-bytes", bytes.setting());
    }

    @Test
    void elementsInEndlessDisorderAreRefused() {
        Bytes bytes = new Bytes();
        for (int i = 5000; i > 0; i--) {
            bytes.element(0x0009_1000 + i, "LO", "");
        }
        assertThrows(DicomFormatException.class, () -> Fixtures.scan(bytes.toBytes(), EXPLICIT));
    }

    @Test
    void memoryDoesNotGrowWithTheObject() throws IOException {
        byte[] header = new Bytes().longHeader(Tag.PIXEL_DATA, "OW", 1L << 30).toBytes();
        InputStream in = new InputStream() {
            private long at;

            @Override
            public int read() {
                throw new AssertionError("byte by byte");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                long left = header.length + (1L << 30) - at;
                if (left == 0) {
                    return -1;
                }
                int count = (int) Math.min(length, left);
                for (int i = 0; i < count && at + i < header.length; i++) {
                    bytes[offset + i] = header[(int) at + i];
                }
                at += count;
                return count;
            }
        };
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        ScannedObject scanned = ObjectScanner.scan(in, EXPLICIT, ParseLimits.DEFAULT);
        assertEquals(1L << 30, scanned.bulkValues().getFirst().length());
        assertEquals(new Dataset(), scanned.header());
        assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 1 << 20);
    }

    private static void assertLimit(String setting, byte[] bytes, ParseLimits limits) {
        DicomLimitException refusal = assertThrows(
                DicomLimitException.class, () -> ObjectScanner.scan(Fixtures.stream(bytes), EXPLICIT, limits));
        assertEquals(setting, refusal.setting());
        assertTrue(refusal.getMessage().contains(setting), refusal.getMessage());
    }
}
