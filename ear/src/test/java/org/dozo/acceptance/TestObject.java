// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Random;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.Part10;

/** An object to be sent: what the request says of it, and its data set. */
record TestObject(String sopClassUid, String sopInstanceUid, String transferSyntaxUid, Source dataSet) {

    static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    static final String EXPLICIT = "1.2.840.10008.1.2.1";

    /** Gives the data set, each time from its start. */
    interface Source {
        InputStream open() throws IOException;
    }

    static TestObject of(String sopClassUid, String sopInstanceUid, String transferSyntaxUid, byte[] dataSet) {
        return new TestObject(sopClassUid, sopInstanceUid, transferSyntaxUid, () -> new ByteArrayInputStream(dataSet));
    }

    /** The data set of a file, byte for byte. */
    static TestObject ofFile(String sopClassUid, String sopInstanceUid, String transferSyntaxUid, Path file) {
        return new TestObject(sopClassUid, sopInstanceUid, transferSyntaxUid, () -> {
            Part10 part10 = Part10.open(file);
            return new ClosingStream(part10.dataSet(), part10);
        });
    }

    /** A small CT slice of its own study: noise of so many bytes under the given UIDs. */
    static TestObject ct(String study, String series, String instance, int pixelBytes) {
        Dataset slice = header(CT, study, series, instance);
        byte[] pixels = new byte[pixelBytes + pixelBytes % 2];
        new Random(instance.hashCode()).nextBytes(pixels);
        slice.setBytes(Tag.PIXEL_DATA, VR.OW, pixels);
        return of(CT, instance, EXPLICIT, bytes(slice));
    }

    static Dataset header(String sopClass, String study, String series, String instance) {
        return new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, sopClass)
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, instance)
                .setString(Tag.MODALITY, VR.CS, "CT")
                .setString(Tag.PATIENT_NAME, VR.PN, "Acceptance^Test")
                .setString(Tag.PATIENT_ID, VR.LO, "ACC-" + study.hashCode())
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, study)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, series)
                .setString(Tag.INSTANCE_NUMBER, VR.IS, "1")
                .setInts(Tag.ROWS, VR.US, 16)
                .setInts(Tag.COLUMNS, VR.US, 16)
                .setInts(Tag.BITS_ALLOCATED, VR.US, 16);
    }

    static byte[] bytes(Dataset header) {
        return DatasetWriter.toBytes(header, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }
}
