// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.jobs.NewJob;
import org.dozo.shared.Bytes;

/**
 * Everything that is recorded of one object that came in.
 *
 * @param isStat whether it says that it is of an emergency
 * @param header the header blob of the data set ({@code dicom.io.HeaderBlob})
 */
public record NewInstance(
        PatientAttributes patient,
        StudyAttributes study,
        SeriesAttributes series,
        InstanceAttributes instance,
        boolean isStat,
        Bytes header,
        NewObject object) {

    /** @param dataset whose four UIDs are valid */
    public static NewInstance of(Dataset dataset, Bytes header, NewObject object) {
        return new NewInstance(
                PatientAttributes.of(dataset, dataset.getString(Tag.STUDY_INSTANCE_UID, "")),
                StudyAttributes.of(dataset),
                SeriesAttributes.of(dataset),
                InstanceAttributes.of(dataset),
                Urgency.isStat(dataset),
                header,
                object);
    }

    /** Of the job that tells of its arrival: an emergency's overtakes all others'. */
    int arrivalPriority() {
        return isStat ? NewJob.STAT : NewJob.ROUTINE;
    }

    SeriesKey seriesKey() {
        return new SeriesKey(study.studyInstanceUid(), series.seriesInstanceUid(), patient.identity());
    }
}
