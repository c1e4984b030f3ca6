// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.Uid;
import org.dozo.query.QueryLevel;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * What a query's address asks for, PS3.18 table 10.6.1-1: a level, and the study or series whose parts are wanted.
 *
 * @param study empty if the address names none
 * @param series empty if the address names none
 */
record QidoTarget(QueryLevel level, String study, String series) {

    /** PS3.18 table 10.6.3-3; Retrieve URL is the door's own. */
    private static final Set<Integer> STUDY = Set.of(
            Tag.STUDY_DATE,
            Tag.STUDY_TIME,
            Tag.ACCESSION_NUMBER,
            Tag.MODALITIES_IN_STUDY,
            Tag.REFERRING_PHYSICIAN_NAME,
            Tag.TIMEZONE_OFFSET_FROM_UTC,
            Tag.PATIENT_NAME,
            Tag.PATIENT_ID,
            Tag.PATIENT_BIRTH_DATE,
            Tag.PATIENT_SEX,
            Tag.STUDY_INSTANCE_UID,
            Tag.STUDY_ID,
            Tag.NUMBER_OF_STUDY_RELATED_SERIES,
            Tag.NUMBER_OF_STUDY_RELATED_INSTANCES);

    /** PS3.18 table 10.6.3-4, with the study's UID for those who gather series of many. */
    private static final Set<Integer> SERIES = Set.of(
            Tag.MODALITY,
            Tag.TIMEZONE_OFFSET_FROM_UTC,
            Tag.SERIES_DESCRIPTION,
            Tag.STUDY_INSTANCE_UID,
            Tag.SERIES_INSTANCE_UID,
            Tag.SERIES_NUMBER,
            Tag.NUMBER_OF_SERIES_RELATED_INSTANCES,
            Tag.PERFORMED_PROCEDURE_STEP_START_DATE,
            Tag.PERFORMED_PROCEDURE_STEP_START_TIME,
            Tag.REQUEST_ATTRIBUTES_SEQUENCE);

    /** PS3.18 table 10.6.3-5, with the UIDs above. */
    private static final Set<Integer> INSTANCE = Set.of(
            Tag.SOP_CLASS_UID,
            Tag.SOP_INSTANCE_UID,
            Tag.TIMEZONE_OFFSET_FROM_UTC,
            Tag.STUDY_INSTANCE_UID,
            Tag.SERIES_INSTANCE_UID,
            Tag.INSTANCE_NUMBER,
            Tag.ROWS,
            Tag.COLUMNS,
            Tag.BITS_ALLOCATED,
            Tag.NUMBER_OF_FRAMES);

    QidoTarget {
        requireUid(study, "study");
        requireUid(series, "series");
    }

    private static void requireUid(String uid, String what) {
        if (!uid.isEmpty() && !Uid.isValid(uid)) {
            throw new FailureException(
                    Failure.MALFORMED_REQUEST,
                    "The address names a " + what + ", but what it names is no UID (PS3.5 §9.1)");
        }
    }

    /** The attributes returned unasked: those of the level, and of the levels above that the address does not choose from. */
    Set<Integer> returned() {
        Set<Integer> tags = new LinkedHashSet<>();
        if (study.isEmpty()) {
            tags.addAll(STUDY);
        }
        if (level == QueryLevel.SERIES || (level == QueryLevel.IMAGE && series.isEmpty())) {
            tags.addAll(SERIES);
        }
        if (level == QueryLevel.IMAGE) {
            tags.addAll(INSTANCE);
        }
        return tags;
    }

    /** The UIDs of the address by their tags. */
    Map<Integer, String> uids() {
        Map<Integer, String> uids = new LinkedHashMap<>();
        if (!study.isEmpty()) {
            uids.put(Tag.STUDY_INSTANCE_UID, study);
        }
        if (!series.isEmpty()) {
            uids.put(Tag.SERIES_INSTANCE_UID, series);
        }
        return uids;
    }
}
