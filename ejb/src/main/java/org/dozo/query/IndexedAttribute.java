// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/**
 * An attribute that the index keeps in columns of its own, or computes. The tables go by their own names; every column is that of one
 * entity of {@code level}.
 *
 * @param expression SQL that is compared and ordered by
 * @param text SQL that gives the attribute's value as text, several values between backslashes
 * @param names for VR PN: the three name keys, alphabetic, ideographic, phonetic
 */
record IndexedAttribute(
        int tag, VR vr, QueryLevel level, Kind kind, String expression, String text, List<String> names) {

    /** How it is compared. */
    enum Kind {
        /** Never null, empty if there is none. */
        TEXT("text"),
        /** Null if there is none. */
        NUMBER("integer"),
        DATE("date"),
        TIME("time"),
        NAME("text"),
        /** Of the series of a study. */
        MODALITIES("text"),
        /** Of the instances of a study. */
        SOP_CLASSES("text"),
        /** Only returned. */
        COUNT("bigint");

        private final String sqlType;

        Kind(String sqlType) {
            this.sqlType = sqlType;
        }

        String sqlType() {
            return sqlType;
        }
    }

    private static final String NO_DATE = "DATE '0001-01-01'";

    /** Tags that no identifier has, for the minutes that a study's and a series' dates and times are ahead of UTC. */
    private static final int UTC_OFFSET_OF_STUDY = 0x0000_FFFE;

    private static final int UTC_OFFSET_OF_SERIES = 0x0000_FFFF;

    /** A date and the time that belongs to it. */
    static final Map<Integer, Integer> TIME_OF = Map.of(
            Tag.STUDY_DATE, Tag.STUDY_TIME,
            Tag.SERIES_DATE, Tag.SERIES_TIME,
            Tag.PERFORMED_PROCEDURE_STEP_START_DATE, Tag.PERFORMED_PROCEDURE_STEP_START_TIME);

    private static final Map<Integer, Integer> DATE_OF =
            TIME_OF.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private static final IndexedAttribute OFFSET_OF_STUDY =
            number(UTC_OFFSET_OF_STUDY, VR.SS, QueryLevel.STUDY, "study.utc_offset");
    private static final IndexedAttribute OFFSET_OF_SERIES =
            number(UTC_OFFSET_OF_SERIES, VR.SS, QueryLevel.SERIES, "series.utc_offset");

    private static final Map<Integer, IndexedAttribute> ALL = Arrays.asList(
                    name(Tag.PATIENT_NAME, QueryLevel.PATIENT, patientName(), "patient.", "name_key"),
                    text(Tag.PATIENT_ID, VR.LO, QueryLevel.PATIENT, "patient.patient_id"),
                    text(Tag.ISSUER_OF_PATIENT_ID, VR.LO, QueryLevel.PATIENT, "patient.issuer"),
                    date(Tag.PATIENT_BIRTH_DATE, QueryLevel.PATIENT, "patient.birth_date"),
                    text(Tag.PATIENT_SEX, VR.CS, QueryLevel.PATIENT, "patient.sex"),
                    count(
                            Tag.NUMBER_OF_PATIENT_RELATED_STUDIES,
                            QueryLevel.PATIENT,
                            "(SELECT count(*) FROM study AS s WHERE s.patient_fk = patient.id)"),
                    count(Tag.NUMBER_OF_PATIENT_RELATED_SERIES, QueryLevel.PATIENT, """
                            (SELECT count(*) FROM study AS t JOIN series AS s ON s.study_fk = t.id
                             WHERE t.patient_fk = patient.id)"""),
                    count(Tag.NUMBER_OF_PATIENT_RELATED_INSTANCES, QueryLevel.PATIENT, """
                            (SELECT coalesce(sum(s.instance_count + coalesce(
                                 (SELECT sum(tally.instances) FROM series_tally AS tally WHERE tally.series_fk = s.id), 0)), 0)
                             FROM study AS t JOIN series AS s ON s.study_fk = t.id WHERE t.patient_fk = patient.id)"""),
                    text(Tag.STUDY_INSTANCE_UID, VR.UI, QueryLevel.STUDY, "study.study_instance_uid"),
                    text(Tag.ACCESSION_NUMBER, VR.SH, QueryLevel.STUDY, "study.accession_number"),
                    text(Tag.STUDY_ID, VR.SH, QueryLevel.STUDY, "study.study_id"),
                    date(Tag.STUDY_DATE, QueryLevel.STUDY, "study.study_date"),
                    time(Tag.STUDY_TIME, QueryLevel.STUDY, "study.study_time"),
                    text(Tag.STUDY_DESCRIPTION, VR.LO, QueryLevel.STUDY, "study.description"),
                    name(
                            Tag.REFERRING_PHYSICIAN_NAME,
                            QueryLevel.STUDY,
                            "study.referring_physician_name",
                            "study.referring_",
                            "name_key"),
                    new IndexedAttribute(
                            Tag.MODALITIES_IN_STUDY,
                            VR.CS,
                            QueryLevel.STUDY,
                            Kind.MODALITIES,
                            "s.modality",
                            """
                            (SELECT string_agg(DISTINCT s.modality, '\\' ORDER BY s.modality) FROM series AS s
                             WHERE s.study_fk = study.id AND s.modality <> '')""",
                            List.of()),
                    new IndexedAttribute(
                            Tag.SOP_CLASSES_IN_STUDY,
                            VR.UI,
                            QueryLevel.STUDY,
                            Kind.SOP_CLASSES,
                            "i.sop_class_uid",
                            """
                            (SELECT string_agg(DISTINCT i.sop_class_uid, '\\' ORDER BY i.sop_class_uid)
                             FROM series AS s JOIN instance AS i ON i.series_fk = s.id WHERE s.study_fk = study.id)""",
                            List.of()),
                    count(
                            Tag.NUMBER_OF_STUDY_RELATED_SERIES,
                            QueryLevel.STUDY,
                            "(SELECT count(*) FROM series AS s WHERE s.study_fk = study.id)"),
                    count(Tag.NUMBER_OF_STUDY_RELATED_INSTANCES, QueryLevel.STUDY, """
                            (SELECT coalesce(sum(s.instance_count + coalesce(
                                 (SELECT sum(tally.instances) FROM series_tally AS tally WHERE tally.series_fk = s.id), 0)), 0)
                             FROM series AS s WHERE s.study_fk = study.id)"""),
                    text(Tag.SERIES_INSTANCE_UID, VR.UI, QueryLevel.SERIES, "series.series_instance_uid"),
                    text(Tag.MODALITY, VR.CS, QueryLevel.SERIES, "series.modality"),
                    number(Tag.SERIES_NUMBER, VR.IS, QueryLevel.SERIES, "series.series_number"),
                    date(Tag.SERIES_DATE, QueryLevel.SERIES, "series.series_date"),
                    time(Tag.SERIES_TIME, QueryLevel.SERIES, "series.series_time"),
                    text(Tag.SERIES_DESCRIPTION, VR.LO, QueryLevel.SERIES, "series.description"),
                    text(Tag.BODY_PART_EXAMINED, VR.CS, QueryLevel.SERIES, "series.body_part"),
                    text(Tag.LATERALITY, VR.CS, QueryLevel.SERIES, "series.laterality"),
                    text(Tag.STATION_NAME, VR.SH, QueryLevel.SERIES, "series.station_name"),
                    text(Tag.INSTITUTION_NAME, VR.LO, QueryLevel.SERIES, "series.institution"),
                    date(Tag.PERFORMED_PROCEDURE_STEP_START_DATE, QueryLevel.SERIES, "series.step_start_date"),
                    time(Tag.PERFORMED_PROCEDURE_STEP_START_TIME, QueryLevel.SERIES, "series.step_start_time"),
                    count(Tag.NUMBER_OF_SERIES_RELATED_INSTANCES, QueryLevel.SERIES, """
                            (series.instance_count + coalesce(
                                 (SELECT sum(tally.instances) FROM series_tally AS tally
                                  WHERE tally.series_fk = series.id), 0))"""),
                    text(Tag.SOP_INSTANCE_UID, VR.UI, QueryLevel.IMAGE, "instance.sop_instance_uid"),
                    text(Tag.SOP_CLASS_UID, VR.UI, QueryLevel.IMAGE, "instance.sop_class_uid"),
                    number(Tag.INSTANCE_NUMBER, VR.IS, QueryLevel.IMAGE, "instance.instance_number"),
                    number(Tag.ROWS, VR.US, QueryLevel.IMAGE, "instance.image_rows"),
                    number(Tag.COLUMNS, VR.US, QueryLevel.IMAGE, "instance.image_columns"),
                    number(Tag.NUMBER_OF_FRAMES, VR.IS, QueryLevel.IMAGE, "instance.frames"))
            .stream()
            .collect(Collectors.toUnmodifiableMap(IndexedAttribute::tag, Function.identity()));

    static @Nullable IndexedAttribute of(int tag) {
        return ALL.get(tag);
    }

    /** The time that belongs to this date; null if this is none that has one. */
    @Nullable
    IndexedAttribute time() {
        Integer time = TIME_OF.get(tag);
        return time == null ? null : of(time);
    }

    /** The date that this time belongs to; null if this is none. */
    @Nullable
    IndexedAttribute date() {
        Integer date = DATE_OF.get(tag);
        return date == null ? null : of(date);
    }

    /** Of a date or time of study or series: the minutes that it is ahead of UTC, null in the archive's own zone. */
    IndexedAttribute utcOffset() {
        return level == QueryLevel.STUDY ? OFFSET_OF_STUDY : OFFSET_OF_SERIES;
    }

    /** All of a level and those above, in no order. */
    static List<IndexedAttribute> upTo(QueryLevel level) {
        return ALL.values().stream()
                .filter(attribute -> level.reaches(attribute.level()))
                .toList();
    }

    /** An expression without nulls to order by. */
    String order() {
        return switch (kind) {
            case NUMBER -> "coalesce(" + expression + ", 2147483647)";
            case DATE -> dateOrder();
            case TIME -> "coalesce(" + expression + ", TIME '00:00')";
            default -> expression;
        };
    }

    /** As the index {@code study_date_order} has it. */
    String dateOrder() {
        return "coalesce(" + expression + ", " + NO_DATE + ")";
    }

    boolean isSortable() {
        return kind != Kind.MODALITIES && kind != Kind.SOP_CLASSES && kind != Kind.COUNT;
    }

    private static IndexedAttribute text(int tag, VR vr, QueryLevel level, String column) {
        return new IndexedAttribute(tag, vr, level, Kind.TEXT, column, column, List.of());
    }

    private static IndexedAttribute number(int tag, VR vr, QueryLevel level, String column) {
        return new IndexedAttribute(tag, vr, level, Kind.NUMBER, column, column + "::text", List.of());
    }

    private static IndexedAttribute date(int tag, QueryLevel level, String column) {
        return new IndexedAttribute(tag, VR.DA, level, Kind.DATE, column, column + "_text", List.of());
    }

    private static IndexedAttribute time(int tag, QueryLevel level, String column) {
        return new IndexedAttribute(tag, VR.TM, level, Kind.TIME, column, column + "_text", List.of());
    }

    private static IndexedAttribute count(int tag, QueryLevel level, String expression) {
        return new IndexedAttribute(tag, VR.IS, level, Kind.COUNT, expression, expression + "::text", List.of());
    }

    private static IndexedAttribute name(int tag, QueryLevel level, String text, String prefix, String key) {
        List<String> keys = List.of(prefix + key, prefix + "ideographic_" + key, prefix + "phonetic_" + key);
        return new IndexedAttribute(tag, VR.PN, level, Kind.NAME, keys.getFirst(), text, keys);
    }

    private static String patientName() {
        return List.of("", "ideographic_", "phonetic_").stream()
                .map(group -> List.of("family_name", "given_name", "middle_name", "name_prefix", "name_suffix").stream()
                        .map(component -> "patient." + group + component)
                        .collect(Collectors.joining(", ", "concat_ws('^', ", ")")))
                .collect(Collectors.joining(", ", "concat_ws('=', ", ")"));
    }
}
