// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;

/**
 * Who a patient is: Patient ID (0010,0020) and its issuer (0010,0021), PS3.3 §C.7.1.1. One without Patient ID is a patient of one study
 * only, never the same as another without.
 *
 * @param unidentifiedStudyUid the Study Instance UID if {@code patientId} is empty, otherwise empty
 */
public record PatientIdentity(String patientId, String issuer, String unidentifiedStudyUid) {

    /** @param studyInstanceUid of the study that the data set belongs to */
    public static PatientIdentity of(Dataset dataset, String studyInstanceUid) {
        String patientId = IndexText.of(dataset.getString(Tag.PATIENT_ID, "").strip());
        return patientId.isEmpty()
                ? new PatientIdentity("", "", studyInstanceUid)
                : new PatientIdentity(
                        patientId,
                        IndexText.of(
                                dataset.getString(Tag.ISSUER_OF_PATIENT_ID, "").strip()),
                        "");
    }
}
