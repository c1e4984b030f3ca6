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
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.shared.Bytes;
import org.dozo.shared.Database;
import org.dozo.storage.StoredCopy;

/** Finds the instances that are to be retrieved, where their files lie, and their headers. Of each instance the current object only. */
@Singleton
public class InstanceCatalogue {

    private static final String SELECT = """
            SELECT instance.id
            FROM instance JOIN series ON series.id = instance.series_fk JOIN study ON study.id = series.study_fk
            JOIN patient ON patient.id = study.patient_fk
            WHERE\s""";

    private static final String ORDER =
            " ORDER BY study.id, series.series_number, series.id, instance.instance_number, instance.id";

    private static final String LOAD = """
            SELECT instance.id, object.id, study.study_instance_uid, series.series_instance_uid, instance.sop_instance_uid,
                instance.sop_class_uid, object.transfer_syntax_uid, object.name, object.data_set_offset,
                object.data_set_length, object.data_set_sha256, object.received_at, volume.id, volume.name, copy.path
            FROM unnest(?::bigint[]) WITH ORDINALITY AS wanted (id, position)
            JOIN instance ON instance.id = wanted.id
            JOIN stored_object AS object ON object.instance_fk = instance.id AND object.state = 'CURRENT'
            JOIN series ON series.id = instance.series_fk JOIN study ON study.id = series.study_fk
            LEFT JOIN object_copy AS copy ON copy.object_fk = object.id AND copy.state <> 'LOST'
            LEFT JOIN volume ON volume.id = copy.volume_fk
            ORDER BY wanted.position, copy.state, volume.id""";

    private static final String HEADER = """
            SELECT header FROM instance
            WHERE id = ? AND EXISTS (SELECT 1 FROM stored_object
                WHERE instance_fk = instance.id AND stored_object.id = ? AND state = 'CURRENT')""";

    private static final String KINDS = """
            SELECT DISTINCT instance.sop_class_uid, object.transfer_syntax_uid
            FROM unnest(?::bigint[]) AS wanted (id) JOIN instance ON instance.id = wanted.id
            JOIN stored_object AS object ON object.instance_fk = instance.id AND object.state = 'CURRENT'
            ORDER BY 1, 2""";

    private static final String SUSPECT =
            "UPDATE object_copy SET state = 'SUSPECT' WHERE object_fk = ? AND volume_fk = ? AND state = 'GOOD'";

    private final Database database;

    @Inject
    public InstanceCatalogue(Database database) {
        this.database = database;
    }

    /** The instances that are meant, as of now. */
    public SelectedInstances select(InstanceSelection selection) throws SQLException {
        List<String> conditions = new ArrayList<>();
        List<List<String>> values = new ArrayList<>();
        restrict("patient.patient_id", selection.patientIds(), conditions, values);
        restrict("study.study_instance_uid", selection.studyInstanceUids(), conditions, values);
        restrict("series.series_instance_uid", selection.seriesInstanceUids(), conditions, values);
        restrict("instance.sop_instance_uid", selection.sopInstanceUids(), conditions, values);
        String sql = SELECT + String.join(" AND ", conditions) + ORDER;
        return new SelectedInstances(this, database.read(connection -> ids(connection, sql, values)));
    }

    /** Those of these keys that have a current object, in their order. */
    public SelectedInstances select(long... instanceIds) {
        return new SelectedInstances(this, instanceIds.clone());
    }

    private static void restrict(
            String column, List<String> wanted, List<String> conditions, List<List<String>> values) {
        if (!wanted.isEmpty()) {
            conditions.add(column + " = ANY (?)");
            values.add(wanted);
        }
    }

    private static long[] ids(Connection connection, String sql, List<List<String>> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters parameters = new Parameters(statement);
            for (List<String> each : values) {
                parameters.array("text", each.toArray());
            }
            LongStream.Builder ids = LongStream.builder();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
            return ids.build().toArray();
        }
    }

    List<ObjectKind> kinds(long[] ids) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(KINDS)) {
                new Parameters(statement)
                        .array("int8", Arrays.stream(ids).boxed().toArray());
                List<ObjectKind> kinds = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        kinds.add(new ObjectKind(row.getString(1), row.getString(2)));
                    }
                }
                return kinds;
            }
        });
    }

    /** In the order of the ids; without those that are no more. */
    List<StoredInstance> load(long[] ids) throws SQLException {
        Object[] wanted = Arrays.stream(ids).boxed().toArray();
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LOAD)) {
                new Parameters(statement).array("int8", wanted);
                try (ResultSet rows = statement.executeQuery()) {
                    return instances(rows);
                }
            }
        });
    }

    /** One row a copy; a row without copy if there is none. */
    private static List<StoredInstance> instances(ResultSet rows) throws SQLException {
        List<StoredInstance> instances = new ArrayList<>();
        List<StoredCopy> copies = new ArrayList<>();
        boolean there = rows.next();
        while (there) {
            long id = rows.getLong(1);
            StoredInstance instance = withoutCopies(rows);
            copies.clear();
            do {
                short volume = rows.getShort(13);
                if (!rows.wasNull()) {
                    copies.add(new StoredCopy(volume, rows.getString(14), rows.getString(15)));
                }
                there = rows.next();
            } while (there && rows.getLong(1) == id);
            instances.add(instance.withCopies(copies));
        }
        return instances;
    }

    private static StoredInstance withoutCopies(ResultSet row) throws SQLException {
        return new StoredInstance(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                List.of(),
                row.getInt(9),
                row.getLong(10),
                Bytes.of(row.getBytes(11)),
                row.getObject(12, OffsetDateTime.class).toInstant());
    }

    /**
     * The object's header and where its bulk values lie; empty if the instance has another current object by now, or is gone.
     *
     * @throws DicomFormatException if the kept header is damaged
     */
    public Optional<ScannedObject> header(StoredInstance instance) throws SQLException, DicomFormatException {
        Optional<byte[]> blob = database.read(connection -> header(connection, instance));
        return blob.isPresent() ? Optional.of(HeaderBlob.decode(blob.get())) : Optional.empty();
    }

    private static Optional<byte[]> header(Connection connection, StoredInstance instance) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HEADER)) {
            new Parameters(statement).id(instance.instanceId()).id(instance.objectId());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }

    /**
     * Puts on the record that a copy could not be read, or is not as long as it was: it is tried last from now on, until a
     * fixity check says otherwise.
     *
     * @return whether that was news
     */
    public boolean suspect(StoredInstance instance, StoredCopy copy) throws SQLException {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SUSPECT)) {
                new Parameters(statement).id(instance.objectId()).number((int) copy.volumeId());
                return statement.executeUpdate() > 0;
            }
        });
    }
}
