// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

/** Something that does not fit what the index knew before. Filed all the same, and kept on the record until somebody resolves it. */
public enum Discrepancy {
    /** The SOP Instance UID is known, with another data set or transfer syntax: both are kept. */
    OTHER_CONTENT,
    /** The SOP Instance UID is known in another study or series: kept beside the known one, filed where that is. */
    OTHER_SERIES,
    /** The Study Instance UID is known for another patient: filed in the known study. */
    OTHER_PATIENT,
    /** The Series Instance UID is known in another study as well: filed as it says. */
    SERIES_IN_OTHER_STUDY
}
