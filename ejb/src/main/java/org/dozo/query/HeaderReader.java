// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.shared.Database;
import org.jspecify.annotations.Nullable;

/** Reads the kept headers of one page's instances in their order, a few MiB at a time: most have a kilobyte, one may have many MiB. */
final class HeaderReader {

    private static final Logger LOG = Logger.getLogger(HeaderReader.class.getName());

    /** Deflated bytes held at once; a single header may be larger. */
    private static final long MOST_BYTES = 4L << 20;

    private final Database database;
    private final List<Long> instances;
    private final Map<Long, Long> sizes = new HashMap<>();
    private final Map<Long, byte[]> blobs = new HashMap<>();
    private int next;

    HeaderReader(Database database, List<Long> instances) throws SQLException {
        this.database = database;
        this.instances = instances;
        read(
                "SELECT id, octet_length(header) FROM instance WHERE id = ANY (?)",
                instances,
                row -> sizes.put(row.getLong(1), row.getLong(2)));
    }

    /** The header of the next instance; null if there is none, or none that can be read. */
    @Nullable
    Dataset next() throws SQLException {
        long instance = instances.get(next);
        if (!blobs.containsKey(instance) && sizes.containsKey(instance)) {
            load();
        }
        next++;
        byte[] blob = blobs.get(instance);
        try {
            return blob == null ? null : HeaderBlob.decode(blob).header();
        } catch (DicomFormatException e) {
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "DOZO-QRY-003 The kept header of instance row " + instance
                            + " can't be read; queries answer with the index's columns only. Remedy: ./dozo reindex");
            return null;
        }
    }

    private void load() throws SQLException {
        blobs.clear();
        List<Long> batch = new ArrayList<>();
        long bytes = 0;
        for (int i = next; i < instances.size(); i++) {
            bytes += sizes.getOrDefault(instances.get(i), 0L);
            if (!batch.isEmpty() && bytes > MOST_BYTES) {
                break;
            }
            batch.add(instances.get(i));
        }
        read(
                "SELECT id, header FROM instance WHERE id = ANY (?)",
                batch,
                row -> blobs.put(row.getLong(1), row.getBytes(2)));
    }

    @FunctionalInterface
    private interface RowTaker {
        @Nullable
        Object take(ResultSet row) throws SQLException;
    }

    private void read(String sql, List<Long> ids, RowTaker taker) throws SQLException {
        database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("int8", ids.toArray()));
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        taker.take(rows);
                    }
                }
            }
            return ids;
        });
    }
}
