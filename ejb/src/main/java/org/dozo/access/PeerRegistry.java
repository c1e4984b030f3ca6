// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Notices;
import org.dozo.shared.Refreshed;
import org.dozo.shared.Statements;

/**
 * The known peers, as rows. A change is seen here at once, on other nodes as soon as its notice gets there, and within
 * {@value #SECONDS_UNTIL_SEEN} seconds in any case.
 */
@Singleton
public class PeerRegistry {

    /** The longest a change made on another node stays unseen while the database answers. */
    public static final int SECONDS_UNTIL_SEEN = 3;

    private static final String COLUMNS =
            "SELECT ae_title, host, port, tls, allow, note, proof, notify, character_set FROM peer";

    /** A row that would not change keeps its version and its time. */
    private static final String PUT = """
            INSERT INTO peer AS p (ae_title, host, port, tls, allow, note, proof, notify, character_set)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (ae_title) DO UPDATE SET host = excluded.host, port = excluded.port, tls = excluded.tls,
                allow = excluded.allow, note = excluded.note, proof = excluded.proof, notify = excluded.notify,
                character_set = excluded.character_set, version = p.version + 1, updated_at = now()
            WHERE (p.host, p.port, p.tls, p.allow, p.note, p.proof, p.notify, p.character_set) IS DISTINCT FROM
                (excluded.host, excluded.port, excluded.tls, excluded.allow, excluded.note, excluded.proof,
                    excluded.notify, excluded.character_set)""";

    private final Database database;
    private final Refreshed<Map<String, KnownPeer>> known;

    @Inject
    public PeerRegistry(Database database, Notices notices) {
        this(database, notices, Duration.ofMillis(400));
    }

    /** @param patience how long {@link #find} waits for the database */
    PeerRegistry(Database database, Notices notices, Duration patience) {
        this.database = database;
        this.known = new Refreshed<>(
                () -> byAeTitle(database.read(PeerRegistry::list)),
                Duration.ofSeconds(SECONDS_UNTIL_SEEN),
                patience,
                notices,
                "changed-peers");
    }

    /** All peers, by AE title, from the database. */
    public List<KnownPeer> list() throws SQLException {
        return database.read(PeerRegistry::list);
    }

    /** All peers as this transaction sees them. */
    public static List<KnownPeer> list(Connection connection) throws SQLException {
        List<KnownPeer> peers = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS + " ORDER BY ae_title");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                peers.add(peer(row));
            }
        }
        return peers;
    }

    /** From the database. */
    public Optional<KnownPeer> get(String aeTitle) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(COLUMNS + " WHERE ae_title = ?")) {
                // PostgreSQL knows no NUL, and no peer has one.
                statement.setString(1, aeTitle.replace('\0', ' '));
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(peer(row)) : Optional.empty();
                }
            }
        });
    }

    /** As it was at most {@link #SECONDS_UNTIL_SEEN} ago; older only while the database does not answer. Waits less than half a second. */
    public Optional<KnownPeer> find(String aeTitle) {
        return known.get().map(peers -> peers.get(aeTitle));
    }

    /** Adds or replaces. */
    public void put(KnownPeer peer) throws SQLException {
        database.transaction(connection -> put(connection, peer));
        forget();
    }

    /** @return whether there was one */
    public boolean delete(String aeTitle) throws SQLException {
        boolean deleted = database.transaction(connection -> delete(connection, aeTitle.replace('\0', ' ')));
        forget();
        return deleted;
    }

    /**
     * Adds or replaces in the caller's transaction; call {@link #forget} after it has committed.
     *
     * @throws FailureException {@link Failure#CONFLICT} if a destination of another kind has its name
     */
    public static boolean put(Connection connection, KnownPeer peer) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PUT)) {
            Array allow = connection.createArrayOf(
                    "text", peer.allow().stream().map(Permission::word).toArray());
            statement.setString(1, peer.aeTitle());
            statement.setString(2, peer.host());
            statement.setInt(3, peer.port());
            statement.setBoolean(4, peer.tls());
            statement.setArray(5, allow);
            statement.setString(6, peer.note());
            statement.setString(7, peer.proof().word());
            statement.setBoolean(8, peer.notified());
            statement.setString(9, peer.characterSet().toString());
            return statement.executeUpdate() > 0;
        } catch (SQLException e) {
            throw SharedNames.explained(e, "peer", peer.aeTitle());
        }
    }

    /**
     * Deletes in the caller's transaction; call {@link #forget} after it has committed.
     *
     * @throws FailureException {@link Failure#CONFLICT} if another record still names it
     */
    public static boolean delete(Connection connection, String aeTitle) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM peer WHERE ae_title = ?")) {
            statement.setString(1, aeTitle);
            return statement.executeUpdate() > 0;
        } catch (SQLException e) {
            throw SharedNames.explained(e, "peer", aeTitle);
        }
    }

    /** Makes {@link #find} ask the database anew, here and on the other nodes. */
    public void forget() {
        known.forget();
    }

    private static Map<String, KnownPeer> byAeTitle(List<KnownPeer> peers) {
        Map<String, KnownPeer> map = new TreeMap<>();
        peers.forEach(peer -> map.put(peer.aeTitle(), peer));
        return map;
    }

    private static KnownPeer peer(ResultSet row) throws SQLException {
        Set<Permission> allow = EnumSet.noneOf(Permission.class);
        Statements.texts(row, 5).forEach(word -> allow.add(Permission.of(word)));
        return new KnownPeer(
                row.getString(1),
                row.getString(2),
                row.getInt(3),
                row.getBoolean(4),
                allow,
                row.getString(6),
                ProofWanted.of(row.getString(7)),
                row.getBoolean(8),
                KnownPeer.characterSetOf(row.getString(9)));
    }
}
