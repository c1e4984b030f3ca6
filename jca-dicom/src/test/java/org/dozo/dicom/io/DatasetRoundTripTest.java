// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter.Lengths;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DatasetRoundTripTest {

    static Stream<TransferSyntax> syntaxes() {
        return Fixtures.SYNTAXES.stream();
    }

    @ParameterizedTest
    @MethodSource("syntaxes")
    void whatIsWrittenIsReadAgain(TransferSyntax syntax) throws IOException {
        for (Lengths lengths : Lengths.values()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            DatasetWriter writer = new DatasetWriter(out, syntax, lengths);
            writer.write(Fixtures.image());
            writer.finish();
            assertEquals(0, out.size() % 2, "every data set has an even length");
            assertEquals(Fixtures.image(), DatasetReader.read(out.toByteArray(), syntax));
            DatasetReader slow = new DatasetReader(Fixtures.byteWise(out.toByteArray()), syntax, ParseLimits.DEFAULT);
            assertEquals(Fixtures.image(), slow.read());
            assertEquals(List.of(), slow.findings());
        }
    }

    @Test
    void fragmentsAreKeptWithTheirOffsetTable() throws IOException {
        byte[] bytes = DatasetWriter.toBytes(Fixtures.encapsulated(), Fixtures.JPEG);
        assertEquals(Fixtures.encapsulated(), DatasetReader.read(bytes, Fixtures.JPEG));
    }

    @ParameterizedTest
    @EnumSource(VR.class)
    void everyVrSurvivesEveryExplicitSyntax(VR vr) throws IOException {
        Dataset dataset = new Dataset();
        if (vr == VR.SQ) {
            dataset.addItem(0x0009_1001).setInts(Tag.ROWS, VR.US, 0x0102);
        } else {
            dataset.setBytes(0x0009_1001, vr, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
        }
        for (TransferSyntax syntax : Fixtures.SYNTAXES) {
            if (syntax.explicitVr()) {
                assertEquals(
                        dataset, DatasetReader.read(DatasetWriter.toBytes(dataset, syntax), syntax), syntax.name());
            }
        }
    }

    @Test
    void bigEndianTurnsNumbersAroundButNotText() {
        Dataset dataset = new Dataset().setInts(Tag.ROWS, VR.US, 0x0102).setInts(0x0040_0001, VR.AT, Tag.PATIENT_ID);
        byte[] bytes = DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_BIG_ENDIAN);
        byte[] expected = {
            0, 0x28, 0, 0x10, 'U', 'S', 0, 2, 1, 2, //
            0, 0x40, 0, 1, 'A', 'T', 0, 4, 0, 0x10, 0, 0x20
        };
        assertArrayEquals(expected, bytes);
    }

    @Test
    void aCommandSetBeginsWithItsGroupLength() throws IOException {
        Dataset command =
                new Dataset().setInts(Tag.COMMAND_FIELD, VR.US, 0x8030).setInts(Tag.STATUS, VR.US, 0);
        byte[] bytes = DatasetWriter.toBytes(command, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        assertArrayEquals(new byte[] {0, 0, 0, 0, 4, 0, 0, 0, 20, 0, 0, 0}, Arrays.copyOf(bytes, 12));
        assertEquals(32, bytes.length);
        Dataset read = DatasetReader.read(bytes, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        assertEquals(20, read.getInt(Tag.COMMAND_GROUP_LENGTH, 0));
        assertEquals(0x8030, read.getInt(Tag.COMMAND_FIELD, 0));
    }

    @Test
    void signedPixelsMakeSignedPixelValuesInImplicitVr() throws IOException {
        Dataset dataset = new Dataset()
                .setInts(Tag.PIXEL_REPRESENTATION, VR.US, 1)
                .setInts(Tag.SMALLEST_IMAGE_PIXEL_VALUE, VR.SS, -5);
        byte[] bytes = DatasetWriter.toBytes(dataset, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        assertEquals(dataset, DatasetReader.read(bytes, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN));
    }

    @Test
    void aValueTooLongForItsVrIsWrittenAsUnknown() throws IOException {
        byte[] value = new byte[70_000];
        Dataset dataset = new Dataset().setBytes(Tag.WINDOW_CENTER, VR.DS, value);
        byte[] bytes = DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        Dataset read = DatasetReader.read(bytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        assertArrayEquals(value, read.getBytes(Tag.WINDOW_CENTER));
        assertTrue(read.get(Tag.WINDOW_CENTER).vr() == VR.UN);
    }

    @Test
    void anUnknownSequenceOfUndefinedLengthIsImplicit() throws IOException {
        byte[] bytes = new Bytes()
                .longHeader(0x0009_1001, "UN", Bytes.UNDEFINED)
                .header(Tag.ITEM, Bytes.UNDEFINED)
                .header(Tag.PATIENT_ID, 4)
                .text("4711")
                .header(Tag.ITEM_DELIMITATION_ITEM, 0)
                .header(Tag.SEQUENCE_DELIMITATION_ITEM, 0)
                .element(Tag.STUDY_ID, "SH", "12")
                .toBytes();
        Dataset read = DatasetReader.read(bytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        assertEquals("4711", read.getItems(0x0009_1001).getFirst().getString(Tag.PATIENT_ID));
        assertEquals("12", read.getString(Tag.STUDY_ID));
    }

    @Test
    void aPrivateSequenceOfDefinedLengthIsRecognisedInImplicitVrAndOnlyIfItIsOne() throws IOException {
        byte[] bytes = new Bytes()
                .header(0x0009_1001, 20)
                .header(Tag.ITEM, 12)
                .header(Tag.PATIENT_ID, 4)
                .text("4711")
                .header(0x0009_1002, 12)
                .tag(Tag.ITEM)
                .text("no item!")
                .toBytes();
        Dataset read = DatasetReader.read(bytes, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        assertEquals("4711", read.getItems(0x0009_1001).getFirst().getString(Tag.PATIENT_ID));
        assertEquals(VR.UN, read.get(0x0009_1002).vr());
        assertEquals(12, read.get(0x0009_1002).bytes().length);
    }
}
