// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameIndexTest {

    private static final byte[] NO_TABLE = {};
    private static final TransferSyntax JPEG = TransferSyntaxes.of("1.2.840.10008.1.2.4.70");

    @TempDir
    private Path folder;

    private List<byte[]> frames(Dataset dataset, TransferSyntax syntax) throws IOException {
        byte[] bytes = DatasetWriter.toBytes(dataset, syntax);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[100]);
        out.write(bytes);
        Path path = Files.write(folder.resolve("object.dcm"), out.toByteArray());
        ScannedObject object = ObjectScanner.scan(new ByteArrayInputStream(bytes), syntax, ParseLimits.DEFAULT);
        List<byte[]> frames = new ArrayList<>();
        try (DataSetFile file = new DataSetFile(path, 100, bytes.length, syntax, ParseLimits.DEFAULT)) {
            FrameIndex index = FrameIndex.of(object, file);
            for (int number = 1; number <= index.count(); number++) {
                try (InputStream in = index.frame(number).open(file)) {
                    frames.add(in.readAllBytes());
                }
                assertEquals(frames.getLast().length, index.frame(number).length());
            }
        }
        return frames;
    }

    private static Dataset image(int frames, int rows, int columns, int bits) {
        return new Dataset()
                .setInts(Tag.SAMPLES_PER_PIXEL, VR.US, 1)
                .setString(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2")
                .setInts(Tag.NUMBER_OF_FRAMES, VR.IS, frames)
                .setInts(Tag.ROWS, VR.US, rows)
                .setInts(Tag.COLUMNS, VR.US, columns)
                .setInts(Tag.BITS_ALLOCATED, VR.US, bits);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] numbers(int size, long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(size * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            if (size == 4) {
                buffer.putInt((int) value);
            } else {
                buffer.putLong(value);
            }
        }
        return buffer.array();
    }

    private static void assertFrames(List<byte[]> actual, byte[]... expected) {
        assertEquals(expected.length, actual.size());
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], actual.get(i), "frame " + (i + 1));
        }
    }

    private List<byte[]> encapsulated(int frames, byte[]... items) throws IOException {
        Dataset dataset = image(frames, 2, 2, 8).set(Element.ofFragments(Tag.PIXEL_DATA, VR.OB, List.of(items)));
        return frames(dataset, JPEG);
    }

    @Test
    void nativeFramesFollowOneAnotherAndPaddingIsNone() throws IOException {
        Dataset image = image(3, 1, 3, 8).setBytes(Tag.PIXEL_DATA, VR.OW, bytes(1, 2, 3, 4, 5, 6, 7, 8, 9, 0));
        assertFrames(
                frames(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN),
                bytes(1, 2, 3),
                bytes(4, 5, 6),
                bytes(7, 8, 9));
    }

    @Test
    void aDeflatedDataSetIsInflatedUpToTheFrame() throws IOException {
        Dataset image = image(2, 1, 2, 8).setBytes(Tag.PIXEL_DATA, VR.OB, bytes(1, 2, 3, 4));
        assertFrames(frames(image, TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN), bytes(1, 2), bytes(3, 4));
    }

    @Test
    void wordsOfBigEndianComeInLittleEndian() throws IOException {
        Dataset image = image(2, 1, 1, 16).setBytes(Tag.PIXEL_DATA, VR.OW, bytes(1, 2, 3, 4));
        assertFrames(frames(image, TransferSyntax.EXPLICIT_VR_BIG_ENDIAN), bytes(1, 2), bytes(3, 4));
        Dataset three = image(1, 1, 3, 8).setBytes(Tag.PIXEL_DATA, VR.OW, bytes(1, 2, 3, 0));
        assertFrames(frames(three, TransferSyntax.EXPLICIT_VR_BIG_ENDIAN), bytes(1, 2, 3));
        Dataset odd = image(2, 1, 1, 8).setBytes(Tag.PIXEL_DATA, VR.OW, bytes(1, 2));
        assertThrows(DicomFormatException.class, () -> frames(odd, TransferSyntax.EXPLICIT_VR_BIG_ENDIAN));
    }

    @Test
    void framesOfSingleBitsAreMovedToWholeBytes() throws IOException {
        // Three frames of 5 bits: 10101, 11111, 00001 from the lowest bit up.
        int packed = 0b10101 | 0b11111 << 5 | 0b10000 << 10;
        Dataset image = image(3, 1, 5, 1).setBytes(Tag.PIXEL_DATA, VR.OB, bytes(packed, packed >> 8));
        assertFrames(
                frames(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN),
                bytes(0b10101),
                bytes(0b11111),
                bytes(0b10000));
    }

    @Test
    void halvedChrominanceTakesTwoBytesAPixel() throws IOException {
        Dataset image = image(2, 1, 2, 8)
                .setInts(Tag.SAMPLES_PER_PIXEL, VR.US, 3)
                .setString(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "YBR_FULL_422")
                .setBytes(Tag.PIXEL_DATA, VR.OB, bytes(1, 2, 3, 4, 5, 6, 7, 8));
        assertFrames(frames(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN), bytes(1, 2, 3, 4), bytes(5, 6, 7, 8));
    }

    @Test
    void pixelDataShorterThanItsFramesIsRefused() {
        Dataset image = image(3, 1, 3, 8).setBytes(Tag.PIXEL_DATA, VR.OB, bytes(1, 2, 3, 4, 5, 6, 7, 8));
        DicomFormatException refusal =
                assertThrows(DicomFormatException.class, () -> frames(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        assertTrue(refusal.getMessage().contains("shorter"), refusal.getMessage());
    }

    @Test
    void lyingSizesAreRefusedWithoutOverflow() {
        Dataset image = image(Integer.MAX_VALUE, 0xFFFF, 0xFFFF, 0xFFFF)
                .setInts(Tag.SAMPLES_PER_PIXEL, VR.US, 0xFFFF)
                .setBytes(Tag.PIXEL_DATA, VR.OB, bytes(1, 2));
        assertThrows(DicomFormatException.class, () -> frames(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        Dataset none = image(0, 1, 1, 8).setBytes(Tag.PIXEL_DATA, VR.OB, bytes(1, 2));
        assertThrows(DicomFormatException.class, () -> frames(none, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
    }

    @Test
    void oneFragmentAFrameNeedsNoTable() throws IOException {
        assertFrames(encapsulated(2, NO_TABLE, bytes(1, 2), bytes(3, 4)), bytes(1, 2), bytes(3, 4));
    }

    @Test
    void allFragmentsAreTheOnlyFrame() throws IOException {
        assertFrames(encapsulated(1, NO_TABLE, bytes(1, 2), bytes(3, 4)), bytes(1, 2, 3, 4));
    }

    @Test
    void theBasicOffsetTableTellsWhichFragmentsAreAFrame() throws IOException {
        assertFrames(
                encapsulated(2, numbers(4, 0, 20), bytes(1, 2), bytes(3, 4), bytes(5, 6)),
                bytes(1, 2, 3, 4),
                bytes(5, 6));
    }

    @Test
    void aBasicOffsetTableThatFitsNoFragmentIsNotBelieved() throws IOException {
        for (byte[] table : List.of(
                numbers(4, 0, 11), numbers(4, 0, 0), numbers(4, 0, 4_000_000_000L), numbers(4, 10, 0), numbers(4, 0))) {
            assertFrames(encapsulated(2, table, bytes(1, 2), bytes(3, 4)), bytes(1, 2), bytes(3, 4));
        }
    }

    @Test
    void theExtendedOffsetTableTellsLengthsWithoutPadding() throws IOException {
        Dataset dataset = image(2, 2, 2, 8)
                .setBytes(Tag.EXTENDED_OFFSET_TABLE, VR.OV, numbers(8, 0, 10))
                .setBytes(Tag.EXTENDED_OFFSET_TABLE_LENGTHS, VR.OV, numbers(8, 1, 2))
                .set(Element.ofFragments(
                        Tag.PIXEL_DATA, VR.OB, List.of(NO_TABLE, bytes(1, 0), bytes(3, 4), bytes(9, 9))));
        assertFrames(frames(dataset, JPEG), bytes(1), bytes(3, 4));
    }

    @Test
    void withoutTableTheBeginningsOfStreamsTellTheFrames() throws IOException {
        byte[] begin = bytes(0xFF, 0xD8, 0xFF, 0xE0);
        assertFrames(
                encapsulated(2, NO_TABLE, begin, bytes(1, 2), begin, bytes(3, 4), bytes(5, 6)),
                bytes(0xFF, 0xD8, 0xFF, 0xE0, 1, 2),
                bytes(0xFF, 0xD8, 0xFF, 0xE0, 3, 4, 5, 6));
    }

    @Test
    void elseTheirEndsTellTheFrames() throws IOException {
        byte[] end = bytes(7, 0xFF, 0xD9, 0);
        assertFrames(
                encapsulated(2, NO_TABLE, bytes(1, 2), end, bytes(3, 4), bytes(5, 6), end),
                bytes(1, 2, 7, 0xFF, 0xD9, 0),
                bytes(3, 4, 5, 6, 7, 0xFF, 0xD9, 0));
    }

    @Test
    void framesThatCannotBeToldApartAreRefused() {
        assertThrows(DicomFormatException.class, () -> encapsulated(2, NO_TABLE, bytes(1, 2)));
        assertThrows(
                DicomFormatException.class, () -> encapsulated(2, NO_TABLE, bytes(1, 2), bytes(3, 4), bytes(5, 6)));
        assertThrows(DicomFormatException.class, () -> encapsulated(1, NO_TABLE));
        assertThrows(DicomFormatException.class, () -> frames(new Dataset(), JPEG));
    }

    @Test
    void aVideoIsNotTakenApart() {
        TransferSyntax video = TransferSyntaxes.of("1.2.840.10008.1.2.4.102");
        Dataset dataset =
                image(300, 2, 2, 8).set(Element.ofFragments(Tag.PIXEL_DATA, VR.OB, List.of(NO_TABLE, bytes(1, 2))));
        DicomFormatException refusal = assertThrows(DicomFormatException.class, () -> frames(dataset, video));
        assertTrue(refusal.getMessage().contains("video"), refusal.getMessage());
    }
}
