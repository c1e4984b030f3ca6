// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.dozo.dicom.data.PersonName;

/** The patients. The first to come under an identity gives the attributes; changing them is the business of orders and corrections. */
@Singleton
public class PatientRegistry {

    private static final FindOrCreate PATIENT = new FindOrCreate(
            """
            INSERT INTO patient (patient_id, issuer, unidentified_study_uid,
                family_name, given_name, middle_name, name_prefix, name_suffix,
                ideographic_family_name, ideographic_given_name, ideographic_middle_name,
                ideographic_name_prefix, ideographic_name_suffix,
                phonetic_family_name, phonetic_given_name, phonetic_middle_name,
                phonetic_name_prefix, phonetic_name_suffix,
                name_key, ideographic_name_key, phonetic_name_key, name_sounds, birth_date_text, birth_date, sex)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (patient_id, issuer, unidentified_study_uid) DO NOTHING RETURNING id""", "SELECT id FROM patient WHERE patient_id = ? AND issuer = ? AND unidentified_study_uid = ?");

    private static final String OTHER_ID =
            "INSERT INTO patient_other_id (patient_fk, patient_id, issuer) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";

    /** Finds the patient or makes it, in the caller's transaction. */
    FindOrCreate.Found findOrCreate(Connection connection, PatientAttributes patient) throws SQLException {
        FindOrCreate.Found found =
                PATIENT.in(connection, values -> bind(values, patient), key -> identify(key, patient.identity()));
        if (found.created() && !patient.otherIds().isEmpty()) {
            addOtherIds(connection, found.id(), patient);
        }
        return found;
    }

    private static void bind(Parameters values, PatientAttributes patient) throws SQLException {
        identify(values, patient.identity());
        group(values, patient.name().alphabetic());
        group(values, patient.name().ideographic());
        group(values, patient.name().phonetic());
        NameKeys keys = NameKeys.of(patient.name());
        values.text(keys.alphabetic()).text(keys.ideographic()).text(keys.phonetic());
        values.array("text", NameSounds.of(patient.name()).toArray());
        values.text(patient.birthDate()).date(IndexText.date(patient.birthDate()));
        values.text(patient.sex());
    }

    private static void identify(Parameters parameters, PatientIdentity identity) throws SQLException {
        parameters.text(identity.patientId()).text(identity.issuer()).text(identity.unidentifiedStudyUid());
    }

    private static void group(Parameters values, PersonName.Group group) throws SQLException {
        values.text(IndexText.of(group.family()))
                .text(IndexText.of(group.given()))
                .text(IndexText.of(group.middle()))
                .text(IndexText.of(group.prefix()))
                .text(IndexText.of(group.suffix()));
    }

    private static void addOtherIds(Connection connection, long patient, PatientAttributes attributes)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OTHER_ID)) {
            for (PatientAttributes.OtherId id : attributes.otherIds()) {
                new Parameters(statement).id(patient).text(id.patientId()).text(id.issuer());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
