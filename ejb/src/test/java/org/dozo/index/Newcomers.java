// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.shared.Bytes;
import org.dozo.shared.NodeTerm;

/** Objects to record, as tests need them. */
final class Newcomers {

    private Newcomers() {}

    static Dataset dataset(String patient, String study, String series, String instance) {
        return new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, instance)
                .setString(Tag.STUDY_DATE, VR.DA, "20261122")
                .setString(Tag.STUDY_TIME, VR.TM, "101112.5")
                .setString(Tag.MODALITY, VR.CS, "CT")
                .setString(Tag.PATIENT_NAME, VR.PN, "Yamada^Tarou")
                .setString(Tag.PATIENT_ID, VR.LO, patient)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, study)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, series)
                .setString(Tag.INSTANCE_NUMBER, VR.IS, "7");
    }

    /** An object under a fresh name, whose content is told by a word. */
    static NewInstance of(Dataset dataset, String content) {
        return NewInstance.of(dataset, Bytes.of(new byte[] {1, 2, 3}), object(content, (short) 1));
    }

    static NewObject object(String content, short volume) {
        String name = UUID.randomUUID().toString();
        return new NewObject(
                name,
                "1.2.840.10008.1.2.1",
                sha256(content),
                1000,
                5000,
                sha256("head"),
                "CT1",
                "127.0.0.1",
                new NodeTerm("node1", NodeTerm.NONE),
                List.of(new NewObject.Copy(volume, "2026/11/22/00/" + name + ".dcm")));
    }

    static Bytes sha256(String text) {
        try {
            return Bytes.of(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
