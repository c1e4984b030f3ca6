// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dozo.ingest.imports.Verdict.Receipt;
import org.dozo.shared.Bytes;
import org.dozo.shared.Database;

/**
 * The table {@code imported_file}: which files need not be read again. It speaks only of content that the archive still holds: after a
 * restore of an older database, or a deletion, the file is simply read again.
 */
final class ImportJournal {

    private static final String KNOWN = """
            SELECT file.address_sha256, file.size, file.modified_millis
            FROM imported_file AS file
            JOIN instance ON instance.sop_instance_uid = file.sop_instance_uid
            JOIN stored_object AS object ON object.instance_fk = instance.id
                AND object.data_set_sha256 = file.data_set_sha256
                AND object.transfer_syntax_uid = file.transfer_syntax_uid
            WHERE file.address_sha256 = ANY (?)""";

    private static final String RECORD = """
            INSERT INTO imported_file (address_sha256, size, modified_millis, sop_instance_uid, transfer_syntax_uid,
                data_set_sha256)
            SELECT * FROM unnest(?::bytea[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bytea[])
            ON CONFLICT (address_sha256) DO UPDATE SET size = excluded.size, modified_millis = excluded.modified_millis,
                sop_instance_uid = excluded.sop_instance_uid, transfer_syntax_uid = excluded.transfer_syntax_uid,
                data_set_sha256 = excluded.data_set_sha256, imported_at = now()""";

    private final Database database;

    ImportJournal(Database database) {
        this.database = database;
    }

    /** Those whose content is in the archive, if they are as they were: same size, same time of change. */
    Set<Candidate> known(Collection<Candidate> candidates) throws SQLException {
        Map<Bytes, Candidate> byAddress = candidates.stream()
                .collect(Collectors.toMap(Candidate::address, Function.identity(), (one, two) -> one));
        return database.read(connection -> {
            Set<Candidate> known = new HashSet<>();
            try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
                statement.setArray(1, bytes(connection, byAddress.keySet(), Function.identity()));
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        Candidate candidate = byAddress.get(Bytes.of(rows.getBytes(1)));
                        if (candidate != null
                                && candidate.size() == rows.getLong(2)
                                && candidate.modifiedMillis() == rows.getLong(3)) {
                            known.add(candidate);
                        }
                    }
                }
            }
            return known;
        });
    }

    /** Remembers files whose content is in the archive. */
    void record(Map<Candidate, Receipt> taken) throws SQLException {
        List<Candidate> files = List.copyOf(taken.keySet());
        List<Receipt> receipts = files.stream().map(taken::get).toList();
        database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(RECORD)) {
                statement.setArray(1, bytes(connection, files, Candidate::address));
                statement.setArray(2, array(connection, "int8", files, Candidate::size));
                statement.setArray(3, array(connection, "int8", files, Candidate::modifiedMillis));
                statement.setArray(4, array(connection, "text", receipts, Receipt::sopInstanceUid));
                statement.setArray(5, array(connection, "text", receipts, Receipt::transferSyntaxUid));
                statement.setArray(6, bytes(connection, receipts, Receipt::dataSetSha256));
                return statement.executeUpdate();
            }
        });
    }

    private static <T> Array array(Connection connection, String type, Collection<T> values, Function<T, Object> column)
            throws SQLException {
        return connection.createArrayOf(type, values.stream().map(column).toArray());
    }

    /** The driver takes bytes as an array of arrays only. */
    private static <T> Array bytes(Connection connection, Collection<T> values, Function<T, Bytes> column)
            throws SQLException {
        return connection.createArrayOf(
                "bytea",
                values.stream().map(value -> column.apply(value).toArray()).toArray(byte[][]::new));
    }
}
