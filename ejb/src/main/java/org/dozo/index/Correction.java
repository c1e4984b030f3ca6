// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import org.dozo.dicom.data.Dataset;

/**
 * Attributes that are to be read otherwise than they were received.
 *
 * @param key of the row at that level: {@code patient.id}, {@code study.id}, {@code series.id} or {@code instance.id}
 * @param attributes each replaces the one received; one without a value empties it
 * @param reason for the record, 1 to 1000 characters; no patient data
 * @param createdBy who or what corrects: a user, or the message that asked for it
 */
public record Correction(Level level, long key, Dataset attributes, String reason, String createdBy) {

    /** What a correction belongs to; it holds for every instance below. */
    public enum Level {
        PATIENT("patient_fk"),
        STUDY("study_fk"),
        SERIES("series_fk"),
        INSTANCE("instance_fk");

        private final String column;

        Level(String column) {
            this.column = column;
        }

        String column() {
            return column;
        }
    }
}
