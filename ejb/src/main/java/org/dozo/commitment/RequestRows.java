// SPDX-License-Identifier: Apache-2.0
package org.dozo.commitment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.FailedSopReference;
import org.dozo.dicom.SopReference;

/** The tables {@code commitment_request} and {@code commitment_request_item}. */
final class RequestRows {

    /** Copies are to be read, or are being read. */
    static final String REQUESTED = "REQUESTED";
    /** The peer is to be told. */
    static final String CHECKED = "CHECKED";
    /** The peer has said that it knows. */
    static final String REPORTED = "REPORTED";

    private static final String INSERT = """
            INSERT INTO commitment_request (ae_title, called_ae_title, transaction_uid, content_sha256)
            VALUES (?, ?, ?, ?) ON CONFLICT (ae_title, transaction_uid) DO NOTHING RETURNING id""";

    private static final String INSERT_ITEMS = """
            INSERT INTO commitment_request_item (request_fk, position, sop_class_uid, sop_instance_uid)
            SELECT ?, item.position, item.class, item.instance
            FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS item (class, instance, position)""";

    private static final String KNOWN = """
            SELECT id, state, content_sha256 FROM commitment_request WHERE ae_title = ? AND transaction_uid = ? FOR UPDATE""";

    private static final String BEGIN_ANEW = """
            WITH request AS (
                UPDATE commitment_request SET state = 'REQUESTED', called_ae_title = ?, requested_at = now(),
                    checked_at = NULL, reported_at = NULL
                WHERE id = ? RETURNING id)
            UPDATE commitment_request_item SET reason = NULL FROM request WHERE request_fk = request.id""";

    private static final String UNCHECKED = """
            SELECT position, sop_class_uid, sop_instance_uid FROM commitment_request_item
            WHERE request_fk = ? AND position > ? AND reason IS NULL ORDER BY position LIMIT ?""";

    private static final String DECIDE = """
            UPDATE commitment_request_item SET reason = decided.reason
            FROM unnest(?::integer[], ?::integer[]) AS decided (position, reason)
            WHERE request_fk = ? AND commitment_request_item.position = decided.position""";

    private static final String FINISH = """
            WITH request AS (
                UPDATE commitment_request SET state = 'CHECKED', checked_at = now()
                WHERE id = ? AND state = 'REQUESTED' RETURNING id),
            rest AS (
                UPDATE commitment_request_item SET reason = ? FROM request WHERE request_fk = request.id AND reason IS NULL)
            SELECT commitment_request.ae_title FROM commitment_request JOIN request ON request.id = commitment_request.id""";

    private static final String DUE = """
            SELECT ae_title, called_ae_title, transaction_uid FROM commitment_request WHERE id = ? AND state = 'CHECKED'""";

    private static final String ITEMS = """
            SELECT sop_class_uid, sop_instance_uid, reason FROM commitment_request_item
            WHERE request_fk = ? ORDER BY position""";

    private static final String REPORT =
            "UPDATE commitment_request SET state = 'REPORTED', reported_at = now() WHERE id = ? AND state = 'CHECKED'";

    /** A few at a time: the items go with them. */
    private static final String FORGET = """
            DELETE FROM commitment_request WHERE id IN (
                SELECT id FROM commitment_request WHERE state = 'REPORTED' AND reported_at < now() - interval '30 days'
                ORDER BY reported_at LIMIT 10 FOR UPDATE SKIP LOCKED)""";

    private static final String COMMITTED_STUDIES = """
            SELECT DISTINCT study.study_instance_uid FROM commitment_request_item AS item
            JOIN instance ON instance.sop_instance_uid = item.sop_instance_uid
            JOIN series ON series.id = instance.series_fk JOIN study ON study.id = series.study_fk
            WHERE item.request_fk = ? AND item.reason = 0""";

    private RequestRows() {}

    /** Writes the request, or finds it: one that was reported on begins anew. */
    static KeptRequest keep(Connection connection, String aeTitle, String ownAeTitle, CommitmentRequest request)
            throws SQLException {
        List<SopReference> references = List.copyOf(new LinkedHashSet<>(request.references()));
        byte[] content = digest(references);
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, aeTitle);
            statement.setString(2, ownAeTitle);
            statement.setString(3, request.transactionUid());
            statement.setBytes(4, content);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    long id = row.getLong(1);
                    insertItems(connection, id, references);
                    return new KeptRequest(id, REQUESTED, true);
                }
            }
        }
        return known(connection, aeTitle, ownAeTitle, request.transactionUid(), content);
    }

    private static void insertItems(Connection connection, long id, List<SopReference> references) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT_ITEMS)) {
            statement.setLong(1, id);
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            references.stream().map(SopReference::sopClassUid).toArray()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "text",
                            references.stream()
                                    .map(SopReference::sopInstanceUid)
                                    .toArray()));
            statement.executeUpdate();
        }
    }

    private static KeptRequest known(
            Connection connection, String aeTitle, String ownAeTitle, String transactionUid, byte[] content)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
            statement.setString(1, aeTitle);
            statement.setString(2, transactionUid);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("A request was deleted while it was sent again; send it once more", "40001");
                }
                KeptRequest kept =
                        new KeptRequest(row.getLong(1), row.getString(2), Arrays.equals(content, row.getBytes(3)));
                return kept.isTheSame() && kept.state().equals(REPORTED)
                        ? beginAnew(connection, kept, ownAeTitle)
                        : kept;
            }
        }
    }

    private static KeptRequest beginAnew(Connection connection, KeptRequest kept, String ownAeTitle)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BEGIN_ANEW)) {
            statement.setString(1, ownAeTitle);
            statement.setLong(2, kept.id());
            statement.executeUpdate();
        }
        return new KeptRequest(kept.id(), REQUESTED, true);
    }

    /** In order, up to {@code limit}; none that is decided. */
    static List<RequestItem> unchecked(Connection connection, long id, int after, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UNCHECKED)) {
            statement.setLong(1, id);
            statement.setInt(2, after);
            statement.setInt(3, limit);
            List<RequestItem> items = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    items.add(new RequestItem(row.getInt(1), new SopReference(row.getString(2), row.getString(3))));
                }
            }
            return items;
        }
    }

    /** @param reasons by position; 0 for committed */
    static void decide(Connection connection, long id, Map<Integer, Integer> reasons) throws SQLException {
        List<Integer> positions = List.copyOf(reasons.keySet());
        try (PreparedStatement statement = connection.prepareStatement(DECIDE)) {
            statement.setArray(1, connection.createArrayOf("int4", positions.toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", positions.stream().map(reasons::get).toArray()));
            statement.setLong(3, id);
            statement.executeUpdate();
        }
    }

    /**
     * The check is over.
     *
     * @param reason of what is not decided
     * @return whom to tell; empty if it was over before
     */
    static Optional<String> finish(Connection connection, long id, int reason) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FINISH)) {
            statement.setLong(1, id);
            statement.setInt(2, reason);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** Empty if there is nothing to tell (any more). */
    static Optional<DueReport> due(Connection connection, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DUE)) {
            statement.setLong(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new DueReport(
                                row.getString(1), row.getString(2), result(connection, id, row.getString(3))))
                        : Optional.empty();
            }
        }
    }

    private static CommitmentResult result(Connection connection, long id, String transactionUid) throws SQLException {
        List<SopReference> committed = new ArrayList<>();
        List<FailedSopReference> failed = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ITEMS)) {
            statement.setLong(1, id);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    SopReference reference = new SopReference(row.getString(1), row.getString(2));
                    int reason = row.getInt(3);
                    if (row.wasNull()) {
                        throw new SQLException("Storage commitment request " + id + " is checked, but not all of it");
                    }
                    if (reason == 0) {
                        committed.add(reference);
                    } else {
                        failed.add(new FailedSopReference(reference, reason));
                    }
                }
            }
        }
        return new CommitmentResult(transactionUid, committed, failed);
    }

    /** The studies that committed instances are of. */
    static List<String> committedStudies(Connection connection, long id) throws SQLException {
        List<String> studies = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COMMITTED_STUDIES)) {
            statement.setLong(1, id);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    studies.add(row.getString(1));
                }
            }
        }
        return studies;
    }

    /**
     * The peer knows. Forgets some that were told long ago.
     *
     * @return whether it is only known now that it knows
     */
    static boolean reported(Connection connection, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REPORT)) {
            statement.setLong(1, id);
            if (statement.executeUpdate() == 0) {
                return false;
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.executeUpdate();
        }
        return true;
    }

    /** Of the set of references, whatever their order. */
    private static byte[] digest(List<SopReference> references) {
        TreeSet<String> lines = new TreeSet<>();
        references.forEach(each -> lines.add(each.sopInstanceUid() + " " + each.sopClassUid() + "\n"));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            lines.forEach(line -> digest.update(line.getBytes(StandardCharsets.US_ASCII)));
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
