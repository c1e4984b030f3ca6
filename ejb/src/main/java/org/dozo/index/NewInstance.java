// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.shared.Bytes;

/**
 * Everything that is recorded of one object that came in.
 *
 * @param header the header blob of the data set ({@code dicom.io.HeaderBlob})
 */
public record NewInstance(
        PatientAttributes patient,
        StudyAttributes study,
        SeriesAttributes series,
        InstanceAttributes instance,
        Bytes header,
        NewObject object) {

    /** @param dataset whose four UIDs are valid */
    public static NewInstance of(Dataset dataset, Bytes header, NewObject object) {
        return new NewInstance(
                PatientAttributes.of(dataset, dataset.getString(Tag.STUDY_INSTANCE_UID, "")),
                StudyAttributes.of(dataset),
                SeriesAttributes.of(dataset),
                InstanceAttributes.of(dataset),
                header,
                object);
    }

    SeriesKey seriesKey() {
        return new SeriesKey(study.studyInstanceUid(), series.seriesInstanceUid(), patient.identity());
    }
}
