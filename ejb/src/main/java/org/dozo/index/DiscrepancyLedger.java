// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;

/** Puts discrepancies on the record, with both identities, in the transaction that files the object. */
final class DiscrepancyLedger {

    private static final String WRITE = """
            INSERT INTO discrepancy (kind, object_fk, study_instance_uid, series_instance_uid, sop_instance_uid,
                filed_under, claimed)
            SELECT ?, ?, study.study_instance_uid, series.series_instance_uid, instance.sop_instance_uid,
                jsonb_build_object('patient_id', patient.patient_id, 'issuer', patient.issuer,
                    'study_instance_uid', study.study_instance_uid, 'series_instance_uid', series.series_instance_uid),
                jsonb_build_object('patient_id', ?::text, 'issuer', ?::text,
                    'study_instance_uid', ?::text, 'series_instance_uid', ?::text)
            FROM instance JOIN series ON series.id = instance.series_fk JOIN study ON study.id = series.study_fk
                JOIN patient ON patient.id = study.patient_fk
            WHERE instance.id = ?""";

    private DiscrepancyLedger() {}

    static void write(Connection connection, Set<Discrepancy> kinds, NewInstance newcomer, ObjectRows.Written written)
            throws SQLException {
        if (kinds.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            for (Discrepancy kind : kinds) {
                new Parameters(statement)
                        .text(kind.name())
                        .id(written.objectId())
                        .text(newcomer.patient().identity().patientId())
                        .text(newcomer.patient().identity().issuer())
                        .text(newcomer.study().studyInstanceUid())
                        .text(newcomer.series().seriesInstanceUid())
                        .id(written.instanceId());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
