// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dozo.index.KeptInstance.KeptCopy;
import org.dozo.index.KeptInstance.KeptObject;
import org.dozo.shared.Database;
import org.dozo.storage.Fixity;
import org.dozo.storage.StoredCopy;

/** Tells what the copies of instances must be, and puts on the record what they are found to be. */
@Singleton
public class FixityCatalogue {

    private static final String FIND = """
            SELECT instance.sop_instance_uid, instance.sop_class_uid, object.id, object.name, object.data_set_offset,
                object.head_sha256, object.data_set_length, object.data_set_sha256, volume.id, volume.name, copy.path,
                copy.state = 'SUSPECT'
            FROM instance JOIN stored_object AS object ON object.instance_fk = instance.id
            LEFT JOIN object_copy AS copy ON copy.object_fk = object.id AND copy.state <> 'LOST'
            LEFT JOIN volume ON volume.id = copy.volume_fk
            WHERE instance.sop_instance_uid = ANY (?)
            ORDER BY instance.id, object.id, volume.id""";

    private static final String RECORD =
            "UPDATE object_copy SET state = ? WHERE object_fk = ? AND volume_fk = ? AND state = ?";

    private final Database database;

    @Inject
    public FixityCatalogue(Database database) {
        this.database = database;
    }

    /** By SOP Instance UID; without those that are not known. */
    public Map<String, KeptInstance> find(Collection<String> sopInstanceUids) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FIND)) {
                new Parameters(statement).array("text", sopInstanceUids.toArray());
                try (ResultSet rows = statement.executeQuery()) {
                    return instances(rows);
                }
            }
        });
    }

    /**
     * Puts on the record that a copy is not what it should be, or is so again.
     *
     * @return whether that was news
     */
    public boolean record(KeptObject object, StoredCopy copy, boolean good) throws SQLException {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(RECORD)) {
                new Parameters(statement)
                        .text(good ? "GOOD" : "SUSPECT")
                        .id(object.objectId())
                        .number((int) copy.volumeId())
                        .text(good ? "SUSPECT" : "GOOD");
                return statement.executeUpdate() > 0;
            }
        });
    }

    /** One row a copy; a row without copy if an object has none. */
    private static Map<String, KeptInstance> instances(ResultSet rows) throws SQLException {
        Map<String, KeptInstance> found = new LinkedHashMap<>();
        boolean there = rows.next();
        while (there) {
            String uid = rows.getString(1);
            String sopClassUid = rows.getString(2);
            List<KeptObject> objects = new ArrayList<>();
            while (there && rows.getString(1).equals(uid)) {
                long id = rows.getLong(3);
                String name = rows.getString(4);
                Fixity fixity = new Fixity(rows.getInt(5), rows.getBytes(6), rows.getLong(7), rows.getBytes(8));
                List<KeptCopy> copies = new ArrayList<>();
                while (there && rows.getLong(3) == id) {
                    addCopy(rows, copies);
                    there = rows.next();
                }
                objects.add(new KeptObject(id, name, fixity, copies));
            }
            found.put(uid, new KeptInstance(uid, sopClassUid, objects));
        }
        return found;
    }

    private static void addCopy(ResultSet row, List<KeptCopy> copies) throws SQLException {
        short volume = row.getShort(9);
        if (!row.wasNull()) {
            copies.add(new KeptCopy(new StoredCopy(volume, row.getString(10), row.getString(11)), row.getBoolean(12)));
        }
    }
}
