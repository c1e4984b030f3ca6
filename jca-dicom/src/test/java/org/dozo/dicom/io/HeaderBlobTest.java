// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;

class HeaderBlobTest {

    @Test
    void aScannedObjectComesBackAsItWas() throws IOException {
        Dataset dataset = Fixtures.image();
        dataset.getItems(Tag.CONTENT_SEQUENCE).get(1).setBytes(Tag.WAVEFORM_DATA, VR.OW, new byte[5000]);
        for (TransferSyntax syntax : Fixtures.SYNTAXES) {
            ScannedObject scanned = Fixtures.scan(DatasetWriter.toBytes(dataset, syntax), syntax);
            assertEquals(scanned, HeaderBlob.decode(HeaderBlob.encode(scanned)));
        }
        ScannedObject fragments =
                Fixtures.scan(DatasetWriter.toBytes(Fixtures.encapsulated(), Fixtures.JPEG), Fixtures.JPEG);
        ScannedObject back = HeaderBlob.decode(HeaderBlob.encode(fragments));
        assertEquals(fragments.bulkValues(), back.bulkValues());
        assertEquals(fragments.header(), back.header());
    }

    @Test
    void findingsAreKept() throws IOException {
        byte[] bytes = new Bytes()
                .element(Tag.STUDY_ID, "SH", "12")
                .header(Tag.ITEM_DELIMITATION_ITEM, 0)
                .toBytes();
        ScannedObject scanned = Fixtures.scan(bytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        assertEquals(1, scanned.findings().size());
        assertEquals(scanned, HeaderBlob.decode(HeaderBlob.encode(scanned)));
    }

    @Test
    void aDamagedBlobIsRefused() throws IOException {
        TransferSyntax syntax = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
        byte[] blob = HeaderBlob.encode(Fixtures.scan(DatasetWriter.toBytes(Fixtures.image(), syntax), syntax));
        assertTrue(blob.length < 1024, blob.length + " bytes");
        for (int length = 0; length < blob.length; length++) {
            byte[] cut = Arrays.copyOf(blob, length);
            assertThrows(DicomFormatException.class, () -> HeaderBlob.decode(cut));
        }
        blob[0] = 99;
        assertThrows(DicomFormatException.class, () -> HeaderBlob.decode(blob));
    }
}
