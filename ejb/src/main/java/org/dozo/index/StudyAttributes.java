// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.List;
import java.util.Optional;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.jspecify.annotations.Nullable;

/**
 * What the index keeps of a study, PS3.3 §C.7.2.1. Texts are empty where the data set has none; dates and times are as they came.
 *
 * @param utcOffset Timezone Offset From UTC (0008,0201) in minutes; null if there is none
 * @param procedures Procedure Code Sequence (0008,1032)
 */
public record StudyAttributes(
        String studyInstanceUid,
        String accessionNumber,
        String accessionIssuer,
        String studyId,
        String date,
        String time,
        String description,
        String referringPhysicianName,
        @Nullable Integer utcOffset,
        List<Procedure> procedures) {

    /** What was done, as a code, PS3.3 §8. */
    public record Procedure(String codeValue, String codingScheme, String codeMeaning) {}

    private static final int MOST_PROCEDURES = 32;

    public StudyAttributes {
        procedures = List.copyOf(procedures);
    }

    public static StudyAttributes of(Dataset dataset) {
        return new StudyAttributes(
                dataset.getString(Tag.STUDY_INSTANCE_UID, ""),
                IndexText.of(dataset, Tag.ACCESSION_NUMBER),
                accessionIssuer(dataset),
                IndexText.of(dataset, Tag.STUDY_ID),
                IndexText.of(dataset, Tag.STUDY_DATE),
                IndexText.of(dataset, Tag.STUDY_TIME),
                IndexText.of(dataset, Tag.STUDY_DESCRIPTION),
                IndexText.of(dataset, Tag.REFERRING_PHYSICIAN_NAME),
                UtcOffset.minutes(dataset),
                procedures(dataset));
    }

    private static List<Procedure> procedures(Dataset dataset) {
        return dataset.getItems(Tag.PROCEDURE_CODE_SEQUENCE).stream()
                .limit(MOST_PROCEDURES)
                .map(item -> new Procedure(
                        IndexText.of(item, Tag.CODE_VALUE),
                        IndexText.of(item, Tag.CODING_SCHEME_DESIGNATOR),
                        IndexText.of(item, Tag.CODE_MEANING)))
                .toList();
    }

    /** The local name, or else the universal one, PS3.3 §10.14. */
    private static String accessionIssuer(Dataset dataset) {
        return Optional.ofNullable(dataset.getItem(Tag.ISSUER_OF_ACCESSION_NUMBER_SEQUENCE))
                .map(item -> item.getString(Tag.LOCAL_NAMESPACE_ENTITY_ID, item.getString(Tag.UNIVERSAL_ENTITY_ID, "")))
                .map(IndexText::of)
                .orElse("");
    }
}
