// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;

/**
 * Whether an object says of itself that it is of an emergency: a Requested Procedure Priority (0040,1003) of STAT, in it or in its
 * Request Attributes Sequence (0040,0275).
 */
public final class Urgency {

    private static final String STAT = "STAT";

    private Urgency() {}

    public static boolean isStat(Dataset dataset) {
        return says(dataset)
                || dataset.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE).stream().anyMatch(Urgency::says);
    }

    private static boolean says(Dataset dataset) {
        return STAT.equalsIgnoreCase(dataset.getString(Tag.REQUESTED_PROCEDURE_PRIORITY, ""));
    }
}
