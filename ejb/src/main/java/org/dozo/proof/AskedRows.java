// SPDX-License-Identifier: Apache-2.0
package org.dozo.proof;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.SopReference;

/** The tables {@code commitment_asked} and {@code commitment_asked_item}. */
final class AskedRows {

    private static final String INSERT = "INSERT INTO commitment_asked (transaction_uid, ae_title) VALUES (?, ?)";

    private static final String INSERT_ITEMS = """
            INSERT INTO commitment_asked_item (transaction_uid, sop_instance_uid, sop_class_uid)
            SELECT ?, item.instance, item.class FROM unnest(?::text[], ?::text[]) AS item (instance, class)
            ON CONFLICT DO NOTHING""";

    private static final String FORGET = """
            DELETE FROM commitment_asked WHERE transaction_uid IN (
                SELECT transaction_uid FROM commitment_asked WHERE asked_at < now() - interval '30 days'
                ORDER BY asked_at LIMIT 10 FOR UPDATE SKIP LOCKED)""";

    private static final String DELETE = "DELETE FROM commitment_asked WHERE transaction_uid = ?";

    private static final String KNOWN =
            "SELECT answered_at IS NULL FROM commitment_asked WHERE transaction_uid = ? AND ae_title = ? FOR UPDATE";

    private static final String ANSWER = "UPDATE commitment_asked SET answered_at = now() WHERE transaction_uid = ?";

    private static final String ANSWER_ITEMS = """
            UPDATE commitment_asked_item SET reason = said.reason
            FROM unnest(?::text[], ?::text[], ?::integer[]) AS said (instance, class, reason)
            WHERE transaction_uid = ? AND sop_instance_uid = said.instance AND sop_class_uid = said.class""";

    private static final String FIND = """
            SELECT asked.answered_at IS NOT NULL, extract(epoch FROM clock_timestamp() - asked.asked_at), item.sop_instance_uid,
                item.reason
            FROM commitment_asked AS asked JOIN commitment_asked_item AS item USING (transaction_uid)
            WHERE asked.transaction_uid = ? ORDER BY item.sop_instance_uid""";

    private static final int PROCESSING_FAILURE = 0x0110;

    private AskedRows() {}

    /** Forgets some of long ago, too. */
    static void insert(Connection connection, String aeTitle, CommitmentRequest request) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, request.transactionUid());
            statement.setString(2, aeTitle);
            statement.executeUpdate();
        }
        List<SopReference> asked = request.references();
        try (PreparedStatement statement = connection.prepareStatement(INSERT_ITEMS)) {
            statement.setString(1, request.transactionUid());
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            asked.stream().map(SopReference::sopInstanceUid).toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "text",
                            asked.stream().map(SopReference::sopClassUid).toArray()));
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.executeUpdate();
        }
    }

    static void delete(Connection connection, String transactionUid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
            statement.setString(1, transactionUid);
            statement.executeUpdate();
        }
    }

    /** What became of an answer. */
    enum Kept {
        /** This was not asked of this AE title. */
        UNASKED,
        KEPT,
        /** It was answered before: nothing has changed. */
        KNOWN
    }

    static Kept answer(Connection connection, String aeTitle, CommitmentResult result) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
            statement.setString(1, result.transactionUid());
            statement.setString(2, aeTitle);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Kept.UNASKED;
                }
                if (!row.getBoolean(1)) {
                    return Kept.KNOWN;
                }
                answerOpen(connection, result);
                return Kept.KEPT;
            }
        }
    }

    private static void answerOpen(Connection connection, CommitmentResult result) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ANSWER)) {
            statement.setString(1, result.transactionUid());
            statement.executeUpdate();
        }
        Map<SopReference, Integer> said = new LinkedHashMap<>();
        result.committed().forEach(reference -> said.put(reference, 0));
        // Of an instance that is said to be both, the worse holds; a failure without a reason is one all the same.
        result.failed()
                .forEach(failed ->
                        said.put(failed.reference(), failed.reason() == 0 ? PROCESSING_FAILURE : failed.reason()));
        try (PreparedStatement statement = connection.prepareStatement(ANSWER_ITEMS)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            said.keySet().stream()
                                    .map(SopReference::sopInstanceUid)
                                    .toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            said.keySet().stream()
                                    .map(SopReference::sopClassUid)
                                    .toArray()));
            statement.setArray(3, connection.createArrayOf("int4", said.values().toArray()));
            statement.setString(4, result.transactionUid());
            statement.executeUpdate();
        }
    }

    static Optional<Promise> find(Connection connection, String transactionUid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, transactionUid);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(promise(row)) : Optional.empty();
            }
        }
    }

    private static Promise promise(ResultSet row) throws SQLException {
        boolean answered = row.getBoolean(1);
        Duration age = Duration.ofMillis((long) (row.getDouble(2) * 1000));
        List<String> committed = new ArrayList<>();
        Map<String, Integer> failed = new HashMap<>();
        List<String> open = new ArrayList<>();
        do {
            int reason = row.getInt(4);
            if (row.wasNull()) {
                open.add(row.getString(3));
            } else if (reason == 0) {
                committed.add(row.getString(3));
            } else {
                failed.put(row.getString(3), reason);
            }
        } while (row.next());
        return new Promise(answered, age, committed, failed, open);
    }
}
