// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.stream.Stream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Part10Test {

    static Stream<TransferSyntax> syntaxes() {
        return Fixtures.SYNTAXES.stream();
    }

    @ParameterizedTest
    @MethodSource("syntaxes")
    void aFileIsReadAsItWasWritten(TransferSyntax syntax) throws IOException {
        FileMetaInformation meta =
                new FileMetaInformation("1.2.840.10008.5.1.4.1.1.2", "1.2.3.4", syntax.uid(), "CT1", "CT1", "DOZO");
        try (Part10 file = open(meta.encode(), DatasetWriter.toBytes(Fixtures.image(), syntax))) {
            assertEquals(meta, FileMetaInformation.from(file.meta()));
            assertEquals(syntax.uid(), file.syntax().uid());
            assertEquals(meta.encode().length, file.dataSetOffset());
            assertEquals(Fixtures.image(), DatasetReader.read(file.dataSet(), syntax, ParseLimits.DEFAULT));
        }
    }

    @Test
    void thePreambleIsZero() {
        byte[] meta = FileMetaInformation.of("1.2", "1.3", "1.2.840.10008.1.2").encode();
        assertEquals(0, Arrays.mismatch(Arrays.copyOf(meta, 128), new byte[128]) + 1);
        assertEquals("DICM", new String(meta, 128, 4, java.nio.charset.StandardCharsets.US_ASCII));
        assertEquals(0, meta.length % 2);
    }

    @Test
    void aMissingPreambleAndAWrongGroupLengthAreReadOver() throws IOException {
        byte[] meta = FileMetaInformation.of("1.2", "1.3", TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid())
                .encode();
        meta[140] = 1;
        byte[] group = Arrays.copyOfRange(meta, 132, meta.length);
        byte[] dataSet = DatasetWriter.toBytes(Fixtures.image(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        for (byte[] prefix : new byte[][] {meta, group}) {
            try (Part10 file = open(prefix, dataSet)) {
                assertEquals("1.3", file.meta().getString(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID));
                assertEquals(Fixtures.image(), DatasetReader.read(file.dataSet(), file.syntax(), ParseLimits.DEFAULT));
            }
        }
    }

    @Test
    void withoutMetaInformationTheSyntaxIsGuessed() throws IOException {
        for (TransferSyntax syntax : Fixtures.SYNTAXES) {
            if (!syntax.deflated()) {
                try (Part10 file = open(new byte[0], DatasetWriter.toBytes(Fixtures.image(), syntax))) {
                    assertEquals(syntax.uid(), file.syntax().uid());
                    assertEquals(new Dataset(), file.meta());
                }
            }
        }
    }

    @Test
    void theLettersDicmInADataSetAreNoPreamble() throws IOException {
        Dataset dataset =
                new Dataset().setString(Tag.STUDY_DESCRIPTION, VR.LO, "x".repeat(120) + "DICM" + "x".repeat(40));
        byte[] bytes = DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        try (Part10 file = open(new byte[0], bytes)) {
            assertEquals(0, file.dataSetOffset());
        }
    }

    @Test
    void whatIsNoDicomFileIsRefused() {
        assertThrows(DicomFormatException.class, () -> open(new byte[0], new byte[0]));
        assertThrows(DicomFormatException.class, () -> open(new byte[] {0x50, 0x4B, 3, 4, 20, 0, 8, 8}, new byte[200]));
    }

    private static Part10 open(byte[] meta, byte[] dataSet) throws IOException {
        return Part10.open(new SequenceInputStream(new ByteArrayInputStream(meta), new ByteArrayInputStream(dataSet)));
    }
}
