// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.dozo.shared.Bytes;
import org.dozo.shared.Database;

/** Finds the kept headers of instances, to be looked at one after the other. */
@Singleton
public class FiledHeaders {

    /** The first instance of each series, then the second of each: what is alike comes late. */
    private static final String BY_TURN = """
            SELECT instance.id, octet_length(instance.header),
                row_number() OVER (PARTITION BY instance.series_fk ORDER BY instance.id) AS turn
            FROM series JOIN instance ON instance.series_fk = series.id
            WHERE series.study_fk = ? ORDER BY turn, instance.id LIMIT ?""";

    private static final String BY_NUMBER = """
            SELECT instance.id, octet_length(instance.header)
            FROM series JOIN instance ON instance.series_fk = series.id
            WHERE series.study_fk = ?
            ORDER BY series.series_number, series.id, instance.instance_number, instance.id LIMIT ?""";

    private static final String LOAD = """
            SELECT instance.id, study.study_instance_uid, series.series_instance_uid, instance.sop_instance_uid,
                object.source_ae_title, object.source_address, instance.header
            FROM unnest(?::bigint[]) WITH ORDINALITY AS wanted (id, position)
            JOIN instance ON instance.id = wanted.id
            JOIN stored_object AS object ON object.instance_fk = instance.id AND object.state = 'CURRENT'
            JOIN series ON series.id = instance.series_fk JOIN study ON study.id = series.study_fk
            ORDER BY wanted.position""";

    /** In which order the instances of a study come. */
    public enum Order {
        /** By series number and instance number. */
        NUMBER,
        /** The first of each series, then the second of each, and so on. */
        TURN
    }

    private final Database database;

    @Inject
    public FiledHeaders(Database database) {
        this.database = database;
    }

    /** The rows of the studies that began to arrive last, the newest first. */
    public List<Long> latestStudies(int most) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT id FROM study ORDER BY id DESC LIMIT ?")) {
                new Parameters(statement).number(most);
                List<Long> studies = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        studies.add(row.getLong(1));
                    }
                }
                return studies;
            }
        });
    }

    /** The row of a study; empty if it is not there. */
    public OptionalLong study(String studyInstanceUid) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT id FROM study WHERE study_instance_uid = ?")) {
                // PostgreSQL knows no NUL, and no study has one.
                new Parameters(statement).text(studyInstanceUid.replace('\0', ' '));
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
                }
            }
        });
    }

    /**
     * The headers of a study's instances as of now.
     *
     * @param study its row
     * @param most how many are looked at; each costs 16 bytes
     */
    public StudyHeaders of(long study, Order order, int most) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(order == Order.TURN ? BY_TURN : BY_NUMBER)) {
                new Parameters(statement).id(study).number(most);
                List<StudyHeaders.Place> places = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        places.add(new StudyHeaders.Place(row.getLong(1), row.getInt(2)));
                    }
                }
                return new StudyHeaders(this, places);
            }
        });
    }

    /** In the order of the ids, without those that are no more. All are in memory at once. */
    public List<FiledHeader> load(List<Long> instanceIds) throws SQLException {
        return database.read(connection -> load(connection, instanceIds));
    }

    private static List<FiledHeader> load(Connection connection, List<Long> instanceIds) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOAD)) {
            new Parameters(statement).array("int8", instanceIds.toArray());
            List<FiledHeader> headers = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    headers.add(new FiledHeader(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            Bytes.of(row.getBytes(7))));
                }
            }
            return headers;
        }
    }
}
