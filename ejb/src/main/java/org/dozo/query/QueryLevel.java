// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import org.dozo.dicom.data.Tag;

/** Query/Retrieve Level (0008,0052), PS3.4 §C.3, from the widest to the narrowest. */
public enum QueryLevel {
    PATIENT(Tag.PATIENT_ID),
    STUDY(Tag.STUDY_INSTANCE_UID),
    SERIES(Tag.SERIES_INSTANCE_UID),
    IMAGE(Tag.SOP_INSTANCE_UID);

    private final int uniqueKey;

    QueryLevel(int uniqueKey) {
        this.uniqueKey = uniqueKey;
    }

    /** The tag of the attribute that identifies one entity of this level. */
    public int uniqueKey() {
        return uniqueKey;
    }

    /** Whether it is this level or one above. */
    boolean reaches(QueryLevel other) {
        return compareTo(other) >= 0;
    }
}
