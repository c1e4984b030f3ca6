// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.PersonName;
import org.dozo.dicom.data.Tag;

/**
 * What the index keeps of a patient, PS3.3 §C.7.1.1.
 *
 * @param birthDate as it came, empty for none
 * @param otherIds Other Patient IDs Sequence (0010,1002)
 */
public record PatientAttributes(
        PatientIdentity identity, PersonName name, String birthDate, String sex, List<OtherId> otherIds) {

    /** Another Patient ID of the same person. */
    public record OtherId(String patientId, String issuer) {}

    private static final int MOST_OTHER_IDS = 32;

    public PatientAttributes {
        otherIds = List.copyOf(otherIds);
    }

    /** @param studyInstanceUid of the study that the data set belongs to */
    public static PatientAttributes of(Dataset dataset, String studyInstanceUid) {
        List<OtherId> otherIds = dataset.getItems(Tag.OTHER_PATIENT_IDS_SEQUENCE).stream()
                .map(item ->
                        new OtherId(IndexText.of(item, Tag.PATIENT_ID), IndexText.of(item, Tag.ISSUER_OF_PATIENT_ID)))
                .filter(id -> !id.patientId().isEmpty())
                .distinct()
                .limit(MOST_OTHER_IDS)
                .toList();
        return new PatientAttributes(
                PatientIdentity.of(dataset, studyInstanceUid),
                PersonName.parse(dataset.getString(Tag.PATIENT_NAME, "")),
                IndexText.of(dataset, Tag.PATIENT_BIRTH_DATE),
                IndexText.of(dataset, Tag.PATIENT_SEX),
                otherIds);
    }
}
