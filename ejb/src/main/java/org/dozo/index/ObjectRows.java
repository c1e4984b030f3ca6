// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.dozo.jobs.Jobs;
import org.dozo.shared.Database;
import org.jspecify.annotations.Nullable;

/**
 * Writes instance, stored object, copies, tally and the job that tells of the arrival: one statement, one round trip. Each statement that makes an object first takes the
 * advisory lock of its name, which ends with the transaction: whoever takes it later ({@link ObjectLedger}) knows the outcome. Then it
 * fails if the writer's term is over: a node that was taken for dead writes nothing that it began before.
 */
final class ObjectRows {

    private static final String GUARD =
            "WITH guard AS MATERIALIZED (SELECT " + ObjectLedger.LOCK + ", require_term(?, ?)),\n";

    private static final String OBJECT_COLUMNS = """
            name, transfer_syntax_uid, data_set_sha256, data_set_offset, data_set_length, head_sha256,
            source_ae_title, source_address, node, state, instance_fk""";

    private static final String COPIES = """
            copies AS (
                INSERT INTO object_copy (object_fk, volume_fk, path)
                SELECT object.id, copy.volume, copy.path
                FROM object, unnest(?::smallint[], ?::text[]) AS copy (volume, path)),
            """;

    /** Of two parameters, kind and priority. */
    private static final String ARRIVAL =
            "SELECT ?, name, jsonb_build_object('instance', instance_fk, 'object', id), ?::smallint FROM ";

    private static final String INSERT_NEW =
            GUARD + """
            instance AS (
                INSERT INTO instance (series_fk, sop_instance_uid, sop_class_uid, instance_number, image_rows, image_columns,
                    frames, content_date_text, content_time_text, header)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM guard
                ON CONFLICT (sop_instance_uid) DO NOTHING RETURNING id),
            object AS (
                INSERT INTO stored_object (""" + OBJECT_COLUMNS + """
            ) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, 'CURRENT', id FROM instance RETURNING id, instance_fk, name),
            """ + COPIES + """
            tally AS (
                INSERT INTO series_tally (series_fk, patients, studies, series, instances, bytes)
                SELECT ?, ?, ?, ?, 1, ? FROM object),
            announced AS (""" + Jobs.announcing(ARRIVAL + "object") + """
            )
            SELECT id, instance_fk FROM object""";

    private static final String INSERT_ALTERNATE =
            GUARD + "object AS (\n    INSERT INTO stored_object (" + OBJECT_COLUMNS + ")\n" + """
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, 'ALTERNATE', ? FROM guard
                ON CONFLICT (instance_fk, data_set_sha256, transfer_syntax_uid) DO NOTHING RETURNING id, instance_fk),
            """ + COPIES + """
            tally AS (INSERT INTO series_tally (series_fk, bytes) SELECT ?, ? FROM object)
            SELECT id, instance_fk FROM object""";

    private static final String SHOW = "UPDATE stored_object SET state = 'CURRENT' WHERE id = ?";

    private static final String HIDE =
            "UPDATE stored_object SET state = 'ALTERNATE' WHERE instance_fk = ? AND state = 'CURRENT'";

    private static final String ANNOUNCE = Jobs.announcing(ARRIVAL + "stored_object WHERE id = ?");

    private static final String DESCRIBE = """
            UPDATE instance SET sop_class_uid = ?, instance_number = ?, image_rows = ?, image_columns = ?, frames = ?,
                content_date_text = ?, content_time_text = ?, header = ? WHERE id = ?""";

    private ObjectRows() {}

    /** The keys of an object that was written. */
    record Written(long objectId, long instanceId) {}

    /** Writes the first object of an instance; null if the instance is known. */
    static @Nullable Written insertNew(Connection connection, NewInstance newcomer, SeriesPlace place)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT_NEW)) {
            bindNew(statement, newcomer, place);
            try (ResultSet row = statement.executeQuery()) {
                return written(row);
            }
        }
    }

    /** As {@link #insertNew}, and commits it in the same round trip; empty if the instance is known. */
    static Optional<Written> commitNew(Database database, NewInstance newcomer, SeriesPlace place) throws SQLException {
        return database.statement(
                INSERT_NEW,
                statement -> bindNew(statement, newcomer, place),
                rows -> Optional.ofNullable(written(rows)));
    }

    private static void bindNew(PreparedStatement statement, NewInstance newcomer, SeriesPlace place)
            throws SQLException {
        InstanceAttributes instance = newcomer.instance();
        Parameters values = guard(statement, newcomer.object())
                .id(place.seriesId())
                .text(instance.sopInstanceUid())
                .text(instance.sopClassUid());
        describe(values, newcomer);
        object(values, newcomer.object());
        copies(values, newcomer.object().copies());
        values.id(place.seriesId())
                .number(place.patientsCreated())
                .number(place.studiesCreated())
                .number(place.seriesCount())
                .id(newcomer.object().fileLength());
        arrival(values, newcomer);
    }

    private static Parameters guard(PreparedStatement statement, NewObject object) throws SQLException {
        return new Parameters(statement)
                .text(object.name())
                .text(object.writer().node())
                .id(object.writer().epoch());
    }

    private static void arrival(Parameters values, NewInstance newcomer) throws SQLException {
        values.text(InstanceIndex.ARRIVAL_JOB).number(newcomer.arrivalPriority());
    }

    /** Writes a further object of a known instance; null if the same content is recorded already. */
    static @Nullable Written insertAlternate(
            Connection connection, NewInstance newcomer, long instanceId, long seriesId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT_ALTERNATE)) {
            Parameters values = guard(statement, newcomer.object());
            object(values, newcomer.object());
            values.id(instanceId);
            copies(values, newcomer.object().copies());
            values.id(seriesId).id(newcomer.object().fileLength());
            try (ResultSet row = statement.executeQuery()) {
                return written(row);
            }
        }
    }

    /** Makes the alternate the current object, and tells of its arrival. */
    static void show(Connection connection, NewInstance newcomer, Written alternate) throws SQLException {
        try (PreparedStatement hide = connection.prepareStatement(HIDE)) {
            hide.setLong(1, alternate.instanceId());
            hide.executeUpdate();
        }
        try (PreparedStatement show = connection.prepareStatement(SHOW)) {
            show.setLong(1, alternate.objectId());
            show.executeUpdate();
        }
        try (PreparedStatement describe = connection.prepareStatement(DESCRIBE)) {
            Parameters values =
                    new Parameters(describe).text(newcomer.instance().sopClassUid());
            describe(values, newcomer);
            values.id(alternate.instanceId());
            describe.executeUpdate();
        }
        try (PreparedStatement announce = connection.prepareStatement(ANNOUNCE)) {
            Parameters values = new Parameters(announce);
            arrival(values, newcomer);
            values.id(alternate.objectId());
            announce.executeUpdate();
        }
    }

    private static void describe(Parameters values, NewInstance newcomer) throws SQLException {
        InstanceAttributes instance = newcomer.instance();
        values.number(instance.number())
                .number(instance.rows())
                .number(instance.columns())
                .number(instance.frames())
                .text(instance.contentDate())
                .text(instance.contentTime())
                .bytes(newcomer.header());
    }

    private static void object(Parameters values, NewObject object) throws SQLException {
        values.text(object.name())
                .text(object.transferSyntaxUid())
                .bytes(object.dataSetSha256())
                .number(object.dataSetOffset())
                .id(object.dataSetLength())
                .bytes(object.headSha256())
                .text(IndexText.of(object.sourceAeTitle()))
                .text(object.sourceAddress())
                .text(object.writer().node());
    }

    private static void copies(Parameters values, List<NewObject.Copy> copies) throws SQLException {
        values.array("int2", copies.stream().map(NewObject.Copy::volumeId).toArray())
                .array("text", copies.stream().map(NewObject.Copy::path).toArray());
    }

    private static @Nullable Written written(ResultSet row) throws SQLException {
        return row.next() ? new Written(row.getLong(1), row.getLong(2)) : null;
    }
}
