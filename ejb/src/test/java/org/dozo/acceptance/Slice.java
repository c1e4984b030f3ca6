// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.util.HexFormat;
import java.util.Random;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetWriter;

/** A small CT slice. */
record Slice(Dataset dataset) {

    static final TransferSyntax SYNTAX = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    private static final int PIXEL_BYTES = 20_000;

    /** @param content of another number, it has other bytes under the same UIDs */
    static Slice of(String study, int number, int content) {
        byte[] pixels = new byte[PIXEL_BYTES];
        new Random(content).nextBytes(pixels);
        Dataset dataset = new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, study + ".1." + number)
                .setString(Tag.MODALITY, VR.CS, "CT")
                .setString(Tag.PATIENT_ID, VR.LO, "P-" + study)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, study)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, study + ".1")
                .setInts(Tag.ROWS, VR.US, 100)
                .setInts(Tag.COLUMNS, VR.US, 100)
                .setBytes(Tag.PIXEL_DATA, VR.OW, pixels);
        return new Slice(dataset);
    }

    byte[] bytes() {
        return DatasetWriter.toBytes(dataset, SYNTAX);
    }

    String uid() {
        return dataset.getString(Tag.SOP_INSTANCE_UID, "");
    }

    String sha256() {
        return HexFormat.of().formatHex(SentObjects.sha256().digest(bytes()));
    }
}
