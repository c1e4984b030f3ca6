// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.time.LocalDate;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.ScannedObject;

/** An object with one value of every kind, and the day on which it is looked at: 2026-11-22. */
final class Given {

    static final LocalDate TODAY = LocalDate.of(2026, 11, 22);

    private Given() {}

    static Dataset dataset() {
        Dataset dataset = new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
                .setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setStrings(Tag.IMAGE_TYPE, VR.CS, List.of("ORIGINAL", "PRIMARY", "AXIAL"))
                .setString(Tag.MODALITY, VR.CS, "CT")
                .setString(Tag.STATION_NAME, VR.SH, " ER CT-1 ")
                .setString(Tag.STUDY_DESCRIPTION, VR.LO, "Head \"stroke\" \\ trauma".replace("\\", "/"))
                .setString(Tag.STUDY_DATE, VR.DA, "20261112")
                .setString(Tag.STUDY_TIME, VR.TM, "083015.25")
                .setString(Tag.ACQUISITION_DATE_TIME, VR.DT, "20261112083015.250000+0900")
                .setString(Tag.PATIENT_NAME, VR.PN, "Yamada^Tarou^^=山田^太郎=やまだ^たろう")
                .setString(Tag.PATIENT_ID, VR.LO, "P 1")
                .setString(Tag.PATIENT_AGE, VR.AS, "017Y")
                .setString(Tag.INSTITUTION_NAME, VR.LO, "")
                .setString(Tag.KVP, VR.DS, " 120.0 ")
                .setString(Tag.INSTANCE_NUMBER, VR.IS, "+7 ")
                .setString(Tag.SERIES_NUMBER, VR.IS, "1001")
                .setStrings(Tag.PIXEL_SPACING, VR.DS, List.of("0.5", "7.5E-1"))
                .setInts(Tag.ROWS, VR.US, 512)
                .setString(Tag.SLICE_LOCATION, VR.DS, "no number")
                .setString(0x0019_0010, VR.LO, "OTHER")
                .setString(0x0019_0011, VR.LO, "ACME 1.0")
                .setString(0x0019_1110, VR.DS, "41.5")
                .setBytes(0x0019_1111, VR.UN, "scout ".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        dataset.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE).setString(Tag.SCHEDULED_PROCEDURE_STEP_ID, VR.SH, "S1");
        Dataset second = dataset.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE);
        second.setString(Tag.SCHEDULED_PROCEDURE_STEP_ID, VR.SH, "S2");
        second.addItem(Tag.SCHEDULED_PROTOCOL_CODE_SEQUENCE).setString(Tag.CODE_VALUE, VR.SH, "CTHEAD");
        dataset.setItems(Tag.REFERENCED_IMAGE_SEQUENCE);
        return dataset;
    }

    static ScannedObject scanned(Dataset dataset) {
        return new ScannedObject(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, dataset, List.of(), List.of(), 1000);
    }

    static HeaderFacts facts(Dataset dataset) {
        return new HeaderFacts(scanned(dataset), "CT_ER", "10.1.2.3", false, false, TODAY);
    }

    static HeaderFacts facts() {
        return facts(dataset());
    }
}
