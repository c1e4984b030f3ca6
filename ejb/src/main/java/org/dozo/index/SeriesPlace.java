// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;

/**
 * The series that an object is filed in, and which rows above it this transaction made.
 *
 * @param discrepancies between what the object says and where it is filed
 */
record SeriesPlace(
        long seriesId,
        FindOrCreate.Found patient,
        FindOrCreate.Found study,
        boolean seriesCreated,
        Set<Discrepancy> discrepancies) {

    /** A series that was known before this transaction. */
    static SeriesPlace known(long seriesId) {
        FindOrCreate.Found before = new FindOrCreate.Found(0, false);
        return new SeriesPlace(seriesId, before, before, false, Set.of());
    }

    SeriesPlace {
        discrepancies = Set.copyOf(discrepancies);
    }

    int patientsCreated() {
        return patient.created() ? 1 : 0;
    }

    int studiesCreated() {
        return study.created() ? 1 : 0;
    }

    int seriesCount() {
        return seriesCreated ? 1 : 0;
    }

    /** Takes back what this transaction made, when the object turns out to be filed elsewhere: no series without an instance. */
    void undo(Connection connection) throws SQLException {
        if (seriesCreated) {
            delete(connection, "DELETE FROM series WHERE id = ?", seriesId);
        }
        if (study.created()) {
            delete(connection, "DELETE FROM study WHERE id = ?", study.id());
        }
        if (patient.created()) {
            delete(connection, "DELETE FROM patient WHERE id = ?", patient.id());
        }
    }

    static void delete(Connection connection, String sql, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            statement.executeUpdate();
        }
    }
}
