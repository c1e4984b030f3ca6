// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dozo.dicom.SopReference;
import org.dozo.jobs.Lease;
import org.dozo.shared.Bytes;
import org.dozo.shared.Statements;

/**
 * A delivery whose objects were all acknowledged, of which proof is wanted.
 *
 * @param sent instances by Series Instance UID
 * @param digests SHA-256 of their files by SOP Instance UID, of those that became files there
 */
record Claim(Lease lease, long id, String study, Map<String, Set<SopReference>> sent, Map<String, Bytes> digests) {

    private static final String DELIVERY =
            "SELECT study_instance_uid, state FROM delivery WHERE id = ? AND destination = ?";

    private static final String SENT = """
            SELECT series.series_instance_uid, instance.sop_class_uid, instance.sop_instance_uid, item.file_sha256
            FROM delivery_item AS item JOIN instance ON instance.id = item.instance_fk
            JOIN series ON series.id = instance.series_fk WHERE item.delivery_fk = ? AND item.state = 'SENT'
            ORDER BY item.updated_at""";

    /** Empty if the delivery is not there, or not in this state any more. */
    static Optional<Claim> of(Connection connection, Lease lease) throws SQLException {
        long id = Long.parseLong(lease.key());
        String study;
        try (PreparedStatement statement = Statements.prepare(connection, DELIVERY, id, lease.lane());
                ResultSet row = statement.executeQuery()) {
            if (!row.next() || !row.getString(2).equals(DeliveryState.SENT.name())) {
                return Optional.empty();
            }
            study = row.getString(1);
        }
        Map<String, Set<SopReference>> sent = new TreeMap<>();
        Map<String, Bytes> digests = new TreeMap<>();
        try (PreparedStatement statement = Statements.prepare(connection, SENT, id);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                sent.computeIfAbsent(row.getString(1), series -> new java.util.LinkedHashSet<>())
                        .add(new SopReference(row.getString(2), row.getString(3)));
                byte[] sha256 = row.getBytes(4);
                if (sha256 != null) {
                    digests.put(row.getString(3), Bytes.of(sha256));
                }
            }
        }
        return Optional.of(new Claim(lease, id, study, sent, digests));
    }

    Set<SopReference> instances() {
        return sent.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    /** SOP Instance UIDs by Series Instance UID. */
    Map<String, Set<String>> uids() {
        Map<String, Set<String>> uids = new TreeMap<>();
        sent.forEach((series, instances) -> uids.put(
                series,
                instances.stream().map(SopReference::sopInstanceUid).collect(Collectors.toCollection(TreeSet::new))));
        return uids;
    }
}
