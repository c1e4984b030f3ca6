// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.util.Map;
import org.dozo.dicom.data.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A sequence whose items have rows of their own.
 *
 * @param items SQL for the rows of one entity, which go by the name "item"
 * @param columns what an item can be asked, by tag
 */
record IndexedSequence(QueryLevel level, String items, Map<Integer, String> columns) {

    private static final Map<Integer, IndexedSequence> ALL = Map.of(
            Tag.OTHER_PATIENT_IDS_SEQUENCE,
            new IndexedSequence(
                    QueryLevel.PATIENT,
                    "patient_other_id AS item WHERE item.patient_fk = patient.id",
                    Map.of(Tag.PATIENT_ID, "item.patient_id", Tag.ISSUER_OF_PATIENT_ID, "item.issuer")),
            Tag.PROCEDURE_CODE_SEQUENCE,
            new IndexedSequence(
                    QueryLevel.STUDY,
                    "study_procedure AS item WHERE item.study_fk = study.id",
                    Map.of(
                            Tag.CODE_VALUE, "item.code_value",
                            Tag.CODING_SCHEME_DESIGNATOR, "item.coding_scheme",
                            Tag.CODE_MEANING, "item.code_meaning")),
            // The index keeps one of the two names, see org.dozo.index.StudyAttributes.
            Tag.ISSUER_OF_ACCESSION_NUMBER_SEQUENCE,
            new IndexedSequence(
                    QueryLevel.STUDY,
                    "(SELECT study.accession_issuer AS issuer) AS item WHERE true",
                    Map.of(Tag.LOCAL_NAMESPACE_ENTITY_ID, "item.issuer", Tag.UNIVERSAL_ENTITY_ID, "item.issuer")),
            Tag.REQUEST_ATTRIBUTES_SEQUENCE,
            new IndexedSequence(
                    QueryLevel.SERIES,
                    "series_request AS item WHERE item.series_fk = series.id",
                    Map.of(
                            Tag.REQUESTED_PROCEDURE_ID, "item.requested_procedure_id",
                            Tag.SCHEDULED_PROCEDURE_STEP_ID, "item.scheduled_step_id",
                            Tag.ACCESSION_NUMBER, "item.accession_number")));

    static @Nullable IndexedSequence of(int tag) {
        return ALL.get(tag);
    }
}
