// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.Uid;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** What an object must have to be filed: valid UIDs, and a data set that is what the request says, PS3.4 §B.2.3. */
final class ArrivalCheck {

    private ArrivalCheck() {}

    /** @throws FailureException {@link Failure#CANNOT_UNDERSTAND} naming the field */
    static void verify(Arrival arrival) {
        requireUid(arrival.sopClassUid(), Failure.CANNOT_UNDERSTAND, "Affected SOP Class UID (0000,0002)");
        requireUid(arrival.sopInstanceUid(), Failure.CANNOT_UNDERSTAND, "Affected SOP Instance UID (0000,1000)");
        requireUid(arrival.transferSyntaxUid(), Failure.CANNOT_UNDERSTAND, "Transfer Syntax UID");
    }

    /** @throws FailureException {@link Failure#DATA_SET_MISMATCH} naming the attribute */
    static void verify(Arrival arrival, Dataset dataset) {
        requireSame(dataset, Tag.SOP_CLASS_UID, "SOP Class UID (0008,0016)", arrival.sopClassUid());
        requireSame(dataset, Tag.SOP_INSTANCE_UID, "SOP Instance UID (0008,0018)", arrival.sopInstanceUid());
        String study = "Study Instance UID (0020,000D)";
        requireUid(dataset.getString(Tag.STUDY_INSTANCE_UID, ""), Failure.DATA_SET_MISMATCH, study);
        String series = "Series Instance UID (0020,000E)";
        requireUid(dataset.getString(Tag.SERIES_INSTANCE_UID, ""), Failure.DATA_SET_MISMATCH, series);
        arrival.witness().accept(dataset);
    }

    private static void requireUid(String uid, Failure failure, String field) {
        if (uid.isEmpty()) {
            throw new FailureException(failure, field + " is missing");
        }
        if (!Uid.isValid(uid)) {
            throw new FailureException(failure, field + " is not a valid UID");
        }
    }

    private static void requireSame(Dataset dataset, int tag, String field, String expected) {
        String uid = dataset.getString(tag, "");
        if (!uid.equals(expected)) {
            String fault = uid.isEmpty() ? " is missing" : " is not that of the request";
            throw new FailureException(Failure.DATA_SET_MISMATCH, field + fault);
        }
    }
}
