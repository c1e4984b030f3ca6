// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.Finding.Kind;
import org.junit.jupiter.api.Test;

class ObjectScannerTest {

    private static final TransferSyntax EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    @Test
    void pixelsAndLongValuesAreLeftWhereTheyAreAndTheRestIsKept() throws IOException {
        Dataset dataset = Fixtures.image();
        byte[] lut = new byte[5000];
        Arrays.fill(lut, (byte) 7);
        dataset.getItems(Tag.CONTENT_SEQUENCE).get(1).setBytes(Tag.WAVEFORM_DATA, VR.OW, lut);
        for (TransferSyntax syntax : Fixtures.SYNTAXES) {
            byte[] bytes = DatasetWriter.toBytes(dataset, syntax);
            ScannedObject scanned = Fixtures.scan(bytes, syntax);
            assertEquals(scanned, ObjectScanner.scan(Fixtures.byteWise(bytes), syntax, ParseLimits.DEFAULT));
            assertEquals(List.of(), scanned.findings());
            assertEquals("4711", scanned.header().getString(Tag.PATIENT_ID));
            assertNull(scanned.header().get(Tag.PIXEL_DATA));
            BulkValue nested = scanned.bulkValues().getFirst();
            assertEquals("(0040,A730)[1].(5400,1010)", nested.path().toString());
            if (!syntax.deflated()) {
                assertEquals(bytes.length, scanned.length());
                int at = (int) nested.offset();
                assertArrayEquals(lut, Arrays.copyOfRange(bytes, at, at + (int) nested.length()));
            }
            BulkValue pixels = scanned.bulkValues().getLast();
            assertEquals(Tag.PIXEL_DATA, pixels.path().tag());
            assertEquals(scanned.length(), pixels.offset() + pixels.length());
        }
    }

    @Test
    void fragmentsAreFoundByOffsetAndLength() throws IOException {
        byte[] bytes = DatasetWriter.toBytes(Fixtures.encapsulated(), Fixtures.JPEG);
        ScannedObject scanned = Fixtures.scan(bytes, Fixtures.JPEG);
        BulkValue pixels = scanned.bulkValues().getFirst();
        Fragments fragments = pixels.fragments();
        assertNotNull(fragments);
        assertEquals(3, fragments.count());
        assertEquals(4, fragments.basicOffsetTableLength());
        assertArrayEquals(new long[] {20, 38, 46, 60}, fragments.offsets());
        assertEquals(6, fragments.length(2));
        assertEquals(pixels.offset() + pixels.length() + 8, bytes.length);
    }

    @Test
    void aTruncatedObjectIsMalformedWhereverItEnds() throws IOException {
        for (Dataset dataset : List.of(Fixtures.image(), Fixtures.encapsulated())) {
            boolean native_ = dataset.getBytes(Tag.PIXEL_DATA).length > 0;
            for (TransferSyntax syntax : native_ ? Fixtures.SYNTAXES : List.of(Fixtures.JPEG)) {
                byte[] bytes = DatasetWriter.toBytes(dataset, syntax);
                ScannedObject whole = Fixtures.scan(bytes, syntax);
                int complete = 0;
                for (int length = 0; length < bytes.length; length++) {
                    try {
                        ScannedObject part = Fixtures.scan(Arrays.copyOf(bytes, length), syntax);
                        // Between two elements nothing tells that more were to come; a deflated stream's pad byte may
                        // lack.
                        complete++;
                        assertFalse(part.length() == whole.length() && length < bytes.length - 1);
                        assertFalse(syntax.deflated() && length < bytes.length - 1);
                    } catch (DicomFormatException e) {
                        assertNotNull(e.getMessage());
                    }
                }
                assertFalse(complete > 12, complete + " of " + bytes.length + " cuts passed in " + syntax.name());
            }
        }
    }

    @Test
    void aBrokenSourceIsNotCalledMalformed() {
        EOFException broken = new EOFException("the peer is gone");
        for (TransferSyntax syntax : Fixtures.SYNTAXES) {
            byte[] bytes = DatasetWriter.toBytes(Fixtures.image(), syntax);
            for (int length = 0; length < bytes.length; length += 17) {
                InputStream in = new FilterInputStream(Fixtures.stream(Arrays.copyOf(bytes, length))) {
                    @Override
                    public int read(byte[] into, int offset, int count) throws IOException {
                        int read = super.read(into, offset, count);
                        if (read < 0) {
                            throw broken;
                        }
                        return read;
                    }
                };
                IOException thrown =
                        assertThrows(IOException.class, () -> ObjectScanner.scan(in, syntax, ParseLimits.DEFAULT));
                assertSame(broken, thrown);
            }
        }
    }

    // --- faults that are read over

    @Test
    void disorderIsReadOverAndTheFirstOfTwoCounts() throws IOException {
        byte[] bytes = new Bytes()
                .element(Tag.PATIENT_ID, "LO", "AA")
                .element(Tag.STUDY_DATE, "DA", "20260101")
                .element(Tag.PATIENT_ID, "LO", "BB")
                .longHeader(Tag.PIXEL_DATA, "OW", 2)
                .u16(1)
                .longHeader(Tag.PIXEL_DATA, "OW", 4)
                .u32(2)
                .toBytes();
        ScannedObject scanned = Fixtures.scan(bytes, EXPLICIT);
        assertEquals("AA", scanned.header().getString(Tag.PATIENT_ID));
        assertEquals("20260101", scanned.header().getString(Tag.STUDY_DATE));
        assertEquals(1, scanned.bulkValues().size());
        assertEquals(2, scanned.bulkValues().getFirst().length());
        assertEquals(
                List.of(
                        new Finding(Kind.OUT_OF_ORDER, Tag.STUDY_DATE),
                        new Finding(Kind.DUPLICATE, Tag.PATIENT_ID),
                        new Finding(Kind.DUPLICATE, Tag.PIXEL_DATA)),
                scanned.findings());
    }

    @Test
    void oddLengthsPaddingAndStrayDelimitersAreReadOver() throws IOException {
        assertFinding(Kind.ODD_LENGTH, new Bytes().element(Tag.STUDY_ID, "SH", "odd"));
        assertFinding(Kind.STRAY_DELIMITER, new Bytes().header(Tag.SEQUENCE_DELIMITATION_ITEM, 0));
        assertFinding(Kind.TRAILING_ZEROS, new Bytes().raw(0, 0, 0));
        assertFinding(Kind.TRAILING_ZEROS, new Bytes().bytes(new byte[20]));
        assertFinding(
                Kind.TRAILING_PADDING,
                new Bytes()
                        .longHeader(Tag.DATA_SET_TRAILING_PADDING, "OB", 10_000)
                        .bytes(new byte[10_000]));
        assertFinding(
                Kind.WRONG_GROUP_LENGTH,
                new Bytes().shortHeader(0x0010_0000, "UL", 4).u32(77));
        assertFinding(Kind.ILLEGAL_GROUP, new Bytes().element(0xFFFF_0010, "LO", "AA"));
    }

    @Test
    void unknownVrsAreReadByTheirLetters() throws IOException {
        assertFinding(
                Kind.UNKNOWN_VR,
                new Bytes().longHeader(Tag.STUDY_ID, "ZZ", 70_000).bytes(new byte[70_000]));
        assertFinding(
                Kind.UNKNOWN_VR, new Bytes().shortHeader(Tag.STUDY_ID, "ZZ", 2).text("12"));
        assertFinding(Kind.UNKNOWN_VR, new Bytes().element(Tag.STUDY_ID, "sh", "12"));
        assertFinding(Kind.UNKNOWN_VR, new Bytes().element(Tag.STUDY_ID, "??", "12"));
    }

    @Test
    void itemsInTheOtherEncodingAreReadOver() throws IOException {
        byte[] implicit = new Bytes().header(Tag.STUDY_ID, 2).text("12").toBytes();
        byte[] explicit = new Bytes().element(Tag.STUDY_ID, "SH", "12").toBytes();
        assertFinding(
                Kind.IMPLICIT_ITEM,
                new Bytes()
                        .longHeader(0x0009_1001, "SQ", 18)
                        .header(Tag.ITEM, 10)
                        .bytes(implicit));
        assertFinding(
                Kind.EXPLICIT_ITEM_IN_UN,
                new Bytes()
                        .longHeader(0x0009_1001, "UN", Bytes.UNDEFINED)
                        .header(Tag.ITEM, 10)
                        .bytes(explicit)
                        .header(Tag.SEQUENCE_DELIMITATION_ITEM, 0));
    }

    @Test
    void aDelimiterPastTheDeclaredEndIsReadOver() throws IOException {
        Bytes bytes = new Bytes()
                .longHeader(Tag.REQUEST_ATTRIBUTES_SEQUENCE, "SQ", 18)
                .header(Tag.ITEM, Bytes.UNDEFINED)
                .element(Tag.STUDY_ID, "SH", "12")
                .header(Tag.ITEM_DELIMITATION_ITEM, 0)
                .element(Tag.REQUESTED_PROCEDURE_ID, "SH", "12");
        ScannedObject scanned = assertFinding(Kind.DELIMITER_PAST_END, bytes);
        assertEquals(
                "12",
                scanned.header()
                        .getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE)
                        .getFirst()
                        .getString(Tag.STUDY_ID));
    }

    @Test
    void pixelDataThatDenyTheirSyntaxAreNoted() throws IOException {
        Bytes encapsulated = new Bytes()
                .longHeader(Tag.PIXEL_DATA, "OB", Bytes.UNDEFINED)
                .header(Tag.ITEM, 0)
                .header(Tag.SEQUENCE_DELIMITATION_ITEM, 0);
        assertFinding(Kind.ENCAPSULATED_IN_NATIVE_SYNTAX, encapsulated);
        byte[] native_ = new Bytes().longHeader(Tag.PIXEL_DATA, "OW", 2).u16(1).toBytes();
        List<Finding> findings = Fixtures.scan(native_, Fixtures.JPEG).findings();
        assertEquals(List.of(new Finding(Kind.NATIVE_IN_ENCAPSULATED_SYNTAX, Tag.PIXEL_DATA)), findings);
    }

    @Test
    void aZlibHeaderAndATrailerAreReadOver() throws IOException {
        byte[] plain = DatasetWriter.toBytes(Fixtures.image(), EXPLICIT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(plain);
        }
        out.write(new byte[10]);
        ScannedObject scanned = Fixtures.scan(out.toByteArray(), TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);
        assertEquals(
                List.of(new Finding(Kind.ZLIB_WRAPPED, 0), new Finding(Kind.DEFLATED_TRAILER, 0)), scanned.findings());
        assertEquals(plain.length, scanned.length());
    }

    private static ScannedObject assertFinding(Kind kind, Bytes rest) throws IOException {
        byte[] bytes = new Bytes()
                .element(Tag.STUDY_DATE, "DA", "20260101")
                .bytes(rest.toBytes())
                .toBytes();
        ScannedObject scanned = Fixtures.scan(bytes, EXPLICIT);
        assertEquals(bytes.length, scanned.length());
        assertEquals(
                List.of(kind), scanned.findings().stream().map(Finding::kind).toList());
        assertEquals("20260101", scanned.header().getString(Tag.STUDY_DATE));
        return scanned;
    }

    // --- faults that are not

    @Test
    void garbageIsRefused() {
        assertMalformed(new Bytes());
        assertMalformed(new Bytes().bytes(new byte[100]));
        assertMalformed(new Bytes().text("<html><body>this is not DICOM</body></html>"));
        assertMalformed(new Bytes()
                .element(Tag.STUDY_ID, "SH", "12")
                .raw(0x50, 0x4B, 5, 6)
                .bytes(new byte[18]));
        assertMalformed(new Bytes()
                .element(Tag.STUDY_ID, "SH", "12")
                .bytes(new byte[16])
                .raw(1));
        assertMalformed(new Bytes().header(Tag.ITEM, 0));
        assertMalformed(new Bytes().header(Tag.STUDY_ID, 2).text("12"));
    }

    @Test
    void anUnknownVrOutOfOrderIsNoElement() {
        assertMalformed(new Bytes().element(Tag.STUDY_ID, "SH", "12").element(Tag.PATIENT_ID, "??", "12"));
    }

    @Test
    void whatPassesTheEndAroundItIsRefused() {
        assertMalformed(new Bytes()
                .longHeader(Tag.REQUEST_ATTRIBUTES_SEQUENCE, "SQ", 18)
                .header(Tag.ITEM, 20)
                .element(Tag.STUDY_ID, "SH", "12")
                .element(Tag.ADMISSION_ID, "LO", "12"));
        assertMalformed(new Bytes()
                .longHeader(Tag.REQUEST_ATTRIBUTES_SEQUENCE, "SQ", 17)
                .header(Tag.ITEM, 9)
                .element(Tag.STUDY_ID, "SH", "12")
                .element(Tag.ADMISSION_ID, "LO", "12"));
    }

    @Test
    void fragmentsWithoutEndAreRefused() {
        Bytes bytes = new Bytes()
                .longHeader(Tag.PIXEL_DATA, "OB", Bytes.UNDEFINED)
                .header(Tag.ITEM, 0)
                .header(Tag.ITEM, 4)
                .u32(1);
        assertMalformed(bytes);
        assertMalformed(new Bytes().bytes(bytes.toBytes()).element(Tag.DATA_SET_TRAILING_PADDING, "LO", ""));
        assertMalformed(new Bytes().bytes(bytes.toBytes()).header(Tag.ITEM, Bytes.UNDEFINED));
    }

    @Test
    void metaAndCommandElementsAreRefused() {
        assertMalformed(new Bytes().element(Tag.TRANSFER_SYNTAX_UID, "UI", "1.2.840.10008.1.2 "));
        assertMalformed(new Bytes().shortHeader(Tag.COMMAND_FIELD, "US", 2).u16(1));
    }

    @Test
    void undefinedLengthIsForSequencesAndStreamsOnly() {
        assertMalformed(new Bytes()
                .longHeader(Tag.PATIENT_COMMENTS, "UT", Bytes.UNDEFINED)
                .bytes(new byte[100]));
    }

    private static void assertMalformed(Bytes bytes) {
        assertThrows(DicomFormatException.class, () -> Fixtures.scan(bytes.toBytes(), EXPLICIT));
    }
}
