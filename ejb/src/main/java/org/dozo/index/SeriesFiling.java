// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds or makes the way from patient to series. Always in this order, one key a level, so that transactions wait for each other but
 * never in a circle.
 */
final class SeriesFiling {

    private static final String KNOWN_STUDY = """
            SELECT study.id, patient.id, patient.patient_id, patient.issuer, patient.unidentified_study_uid
            FROM study JOIN patient ON patient.id = study.patient_fk WHERE study.study_instance_uid = ?""";

    private static final FindOrCreate STUDY =
            new FindOrCreate("""
            INSERT INTO study (patient_fk, study_instance_uid, accession_number, accession_issuer, study_id,
                study_date_text, study_date, study_time_text, study_time, description,
                referring_physician_name, referring_name_key, referring_ideographic_name_key, referring_phonetic_name_key, utc_offset)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (study_instance_uid) DO NOTHING RETURNING id""", "SELECT id FROM study WHERE study_instance_uid = ?");

    private static final FindOrCreate SERIES =
            new FindOrCreate("""
            INSERT INTO series (study_fk, series_instance_uid, modality, series_number, series_date_text, series_date,
                series_time_text, series_time, description, body_part, laterality, station_name, institution,
                step_start_date_text, step_start_date, step_start_time_text, step_start_time, utc_offset)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (study_fk, series_instance_uid) DO NOTHING RETURNING id""", "SELECT id FROM series WHERE study_fk = ? AND series_instance_uid = ?");

    private static final String REQUEST = """
            INSERT INTO series_request (series_fk, position, requested_procedure_id, scheduled_step_id, accession_number)
            VALUES (?, ?, ?, ?, ?)""";

    private static final String PROCEDURE = """
            INSERT INTO study_procedure (study_fk, position, code_value, coding_scheme, code_meaning)
            VALUES (?, ?, ?, ?, ?)""";

    private static final String ELSEWHERE =
            "SELECT 1 FROM series WHERE series_instance_uid = ? AND study_fk <> ? LIMIT 1";

    private final PatientRegistry patients;

    SeriesFiling(PatientRegistry patients) {
        this.patients = patients;
    }

    /** A study with the patient it belongs to. */
    private record StudyOf(FindOrCreate.Found study, FindOrCreate.Found patient, PatientIdentity identity) {}

    SeriesPlace file(Connection connection, NewInstance instance) throws SQLException {
        Set<Discrepancy> discrepancies = EnumSet.noneOf(Discrepancy.class);
        StudyOf study = study(connection, instance);
        if (!study.identity().equals(instance.patient().identity())) {
            discrepancies.add(Discrepancy.OTHER_PATIENT);
        }
        SeriesAttributes series = instance.series();
        FindOrCreate.Found found = SERIES.in(
                connection,
                values -> bind(values, study.study().id(), series),
                key -> key.id(study.study().id()).text(series.seriesInstanceUid()));
        if (found.created()) {
            addRequests(connection, found.id(), series);
            if (isElsewhere(
                    connection, series.seriesInstanceUid(), study.study().id())) {
                discrepancies.add(Discrepancy.SERIES_IN_OTHER_STUDY);
            }
        }
        return new SeriesPlace(found.id(), study.patient(), study.study(), found.created(), discrepancies);
    }

    private StudyOf study(Connection connection, NewInstance instance) throws SQLException {
        String uid = instance.study().studyInstanceUid();
        StudyOf known = knownStudy(connection, uid);
        if (known != null) {
            return known;
        }
        FindOrCreate.Found patient = patients.findOrCreate(connection, instance.patient());
        FindOrCreate.Found study =
                STUDY.in(connection, values -> bind(values, patient.id(), instance.study()), key -> key.text(uid));
        if (study.created()) {
            addProcedures(connection, study.id(), instance.study());
            return new StudyOf(study, patient, instance.patient().identity());
        }
        // Another transaction made the study meanwhile, perhaps for another patient: then ours has no study and must
        // not stay.
        StudyOf other = knownStudy(connection, uid);
        if (other == null) {
            throw new SQLException(
                    "A study was deleted while an object was filed in it; send the object again", "40001");
        }
        if (patient.created()) {
            SeriesPlace.delete(connection, "DELETE FROM patient WHERE id = ?", patient.id());
        }
        return other;
    }

    private static @Nullable StudyOf knownStudy(Connection connection, String uid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KNOWN_STUDY)) {
            statement.setString(1, uid);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? new StudyOf(
                                new FindOrCreate.Found(row.getLong(1), false),
                                new FindOrCreate.Found(row.getLong(2), false),
                                new PatientIdentity(row.getString(3), row.getString(4), row.getString(5)))
                        : null;
            }
        }
    }

    private static void bind(Parameters values, long patient, StudyAttributes study) throws SQLException {
        NameKeys referring = NameKeys.of(org.dozo.dicom.data.PersonName.parse(study.referringPhysicianName()));
        values.id(patient)
                .text(study.studyInstanceUid())
                .text(study.accessionNumber())
                .text(study.accessionIssuer())
                .text(study.studyId())
                .text(study.date())
                .date(IndexText.date(study.date()))
                .text(study.time())
                .time(IndexText.time(study.time()))
                .text(study.description())
                .text(study.referringPhysicianName())
                .text(referring.alphabetic())
                .text(referring.ideographic())
                .text(referring.phonetic())
                .number(study.utcOffset());
    }

    private static void bind(Parameters values, long study, SeriesAttributes series) throws SQLException {
        values.id(study)
                .text(series.seriesInstanceUid())
                .text(series.modality())
                .number(series.number())
                .text(series.date())
                .date(IndexText.date(series.date()))
                .text(series.time())
                .time(IndexText.time(series.time()))
                .text(series.description())
                .text(series.bodyPart())
                .text(series.laterality())
                .text(series.stationName())
                .text(series.institution())
                .text(series.stepStartDate())
                .date(IndexText.date(series.stepStartDate()))
                .text(series.stepStartTime())
                .time(IndexText.time(series.stepStartTime()))
                .number(series.utcOffset());
    }

    private static void addRequests(Connection connection, long seriesId, SeriesAttributes series) throws SQLException {
        if (series.requests().isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(REQUEST)) {
            int position = 0;
            for (SeriesAttributes.Request request : series.requests()) {
                new Parameters(statement)
                        .id(seriesId)
                        .number(position++)
                        .text(request.requestedProcedureId())
                        .text(request.scheduledProcedureStepId())
                        .text(request.accessionNumber());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void addProcedures(Connection connection, long studyId, StudyAttributes study) throws SQLException {
        if (study.procedures().isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(PROCEDURE)) {
            int position = 0;
            for (StudyAttributes.Procedure procedure : study.procedures()) {
                new Parameters(statement)
                        .id(studyId)
                        .number(position++)
                        .text(procedure.codeValue())
                        .text(procedure.codingScheme())
                        .text(procedure.codeMeaning());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static boolean isElsewhere(Connection connection, String seriesUid, long study) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ELSEWHERE)) {
            new Parameters(statement).text(seriesUid).id(study);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }
}
