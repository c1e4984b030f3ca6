// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.dozo.shared.Bytes;
import org.dozo.shared.Database;

/** Series as wholes: the headers of all their instances, and the document that was once made of them. */
@Singleton
public class SeriesEditions {

    private static final int PAGE = 500;

    private static final String EDITIONS = """
            SELECT series.id, study.study_instance_uid, series.series_instance_uid, count(*),
                count(*) || '-' || max(object.id) || '-' || sum(object.id) || '-' || (
                    SELECT count(*) || '-' || coalesce(sum(correction.id), 0) FROM correction
                    WHERE correction.patient_fk = study.patient_fk OR correction.study_fk = study.id
                        OR correction.series_fk = series.id OR correction.instance_fk = ANY (array_agg(instance.id))),
                max(object.received_at)
            FROM study JOIN series ON series.study_fk = study.id JOIN instance ON instance.series_fk = series.id
            JOIN stored_object AS object ON object.instance_fk = instance.id AND object.state = 'CURRENT'
            WHERE\s""";

    private static final String GROUP = " GROUP BY series.id, study.id ORDER BY series.series_number, series.id";

    private static final String IDS = "SELECT id FROM instance WHERE series_fk = ? ORDER BY instance_number, id";

    private static final String HEADERS = """
            SELECT instance.id, instance.sop_instance_uid, instance.header
            FROM unnest(?::bigint[]) WITH ORDINALITY AS wanted (id, position) JOIN instance ON instance.id = wanted.id
            WHERE EXISTS (SELECT 1 FROM stored_object WHERE instance_fk = instance.id AND state = 'CURRENT')
            ORDER BY wanted.position""";

    private static final String KEPT = "SELECT base_uri, body FROM series_metadata WHERE series_fk = ? AND edition = ?";

    private static final String KEEP = """
            INSERT INTO series_metadata (series_fk, edition, base_uri, body) VALUES (?, ?, ?, ?)
            ON CONFLICT (series_fk) DO UPDATE
            SET edition = excluded.edition, base_uri = excluded.base_uri, body = excluded.body, made_at = now()""";

    private final Database database;

    @Inject
    public SeriesEditions(Database database) {
        this.database = database;
    }

    /** The series of a study that have an instance, by series number. */
    public List<SeriesEdition> ofStudy(String studyInstanceUid) throws SQLException {
        return editions("study.study_instance_uid = ?", studyInstanceUid);
    }

    /** Empty if the series is not in the study, or has no instance. */
    public Optional<SeriesEdition> ofSeries(String studyInstanceUid, String seriesInstanceUid) throws SQLException {
        return editions(
                        "study.study_instance_uid = ? AND series.series_instance_uid = ?",
                        studyInstanceUid,
                        seriesInstanceUid)
                .stream()
                .findFirst();
    }

    /** Empty if there is no such series, or it has no instance. */
    public Optional<SeriesEdition> ofSeries(long seriesId) throws SQLException {
        return editions("series.id = ?::bigint", Long.toString(seriesId)).stream()
                .findFirst();
    }

    private List<SeriesEdition> editions(String condition, String... values) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(EDITIONS + condition + GROUP)) {
                Parameters parameters = new Parameters(statement);
                for (String value : values) {
                    parameters.text(value);
                }
                return editions(statement);
            }
        });
    }

    private static List<SeriesEdition> editions(PreparedStatement statement) throws SQLException {
        List<SeriesEdition> editions = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                editions.add(new SeriesEdition(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getInt(4),
                        row.getString(5),
                        row.getObject(6, OffsetDateTime.class).toInstant()));
            }
        }
        return editions;
    }

    /**
     * Hands over the headers of a series' instances, by instance number, a page at a time; meanwhile no connection is held.
     *
     * @throws X as {@code reader} threw it
     */
    public <X extends Exception> void headers(long seriesId, HeaderReader<X> reader) throws SQLException, X {
        long[] ids = database.read(connection -> ids(connection, seriesId));
        for (int from = 0; from < ids.length; from += PAGE) {
            long[] page = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + PAGE));
            reader.read(database.read(connection -> headers(connection, page)));
        }
    }

    /** Takes a page of headers. */
    @FunctionalInterface
    public interface HeaderReader<X extends Exception> {

        void read(List<InstanceHeader> page) throws SQLException, X;
    }

    private static long[] ids(Connection connection, long seriesId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(IDS)) {
            new Parameters(statement).id(seriesId);
            LongStream.Builder ids = LongStream.builder();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            return ids.build().toArray();
        }
    }

    private static List<InstanceHeader> headers(Connection connection, long[] ids) throws SQLException {
        List<InstanceHeader> headers = new ArrayList<>(ids.length);
        try (PreparedStatement statement = connection.prepareStatement(HEADERS)) {
            new Parameters(statement).array("int8", Arrays.stream(ids).boxed().toArray());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    headers.add(new InstanceHeader(row.getLong(1), row.getString(2), Bytes.of(row.getBytes(3))));
                }
            }
        }
        return headers;
    }

    /** The document that was made of this edition; empty if there is none. */
    public Optional<SeriesDocument> document(SeriesEdition series) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(KEPT)) {
                new Parameters(statement).id(series.seriesId()).text(series.edition());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(new SeriesDocument(row.getString(1), Bytes.of(row.getBytes(2))))
                            : Optional.empty();
                }
            }
        });
    }

    /** Keeps the document made of this edition, in place of that of another. */
    public void keepDocument(SeriesEdition series, SeriesDocument document) throws SQLException {
        database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(KEEP)) {
                new Parameters(statement)
                        .id(series.seriesId())
                        .text(series.edition())
                        .text(document.baseUri())
                        .bytes(document.body());
                return statement.executeUpdate();
            }
        });
    }
}
