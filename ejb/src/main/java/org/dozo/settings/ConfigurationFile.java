// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * The operational records as one YAML file. The file is the whole truth: a record that it lacks is removed.
 *
 * <p><em>Pitfalls:</em> the difference is computed again when the file is applied, in the same transaction; show {@link #compare} first,
 * and say what {@link #apply} has really done.
 */
@Singleton
public class ConfigurationFile {

    private final Database database;
    private final PeerRegistry peers;

    @Inject
    public ConfigurationFile(Database database, PeerRegistry peers) {
        this.database = database;
        this.peers = peers;
    }

    /** All records, in an order that does not change by itself. */
    public String export() throws SQLException {
        return ConfigurationYaml.write(peers.list());
    }

    /**
     * What {@link #apply} would change.
     *
     * @throws FailureException {@link Failure#INVALID_RECORD} if the file is malformed
     */
    public ConfigurationDiff compare(String yaml) throws SQLException {
        List<KnownPeer> wanted = ConfigurationYaml.read(yaml);
        return ConfigurationDiff.of(peers.list(), wanted);
    }

    /**
     * Makes the records what the file says, all or nothing, and returns what that changed.
     *
     * @throws FailureException {@link Failure#INVALID_RECORD} if the file is malformed; nothing is changed
     */
    public ConfigurationDiff apply(String yaml) throws SQLException {
        List<KnownPeer> wanted = ConfigurationYaml.read(yaml);
        ConfigurationDiff diff = database.transaction(connection -> replace(connection, wanted));
        peers.forget();
        return diff;
    }

    private static ConfigurationDiff replace(Connection connection, List<KnownPeer> wanted) throws SQLException {
        try (Statement lock = connection.createStatement()) {
            // Others may read, but not change what is compared here.
            lock.execute("LOCK TABLE peer IN SHARE ROW EXCLUSIVE MODE");
        }
        List<KnownPeer> before = PeerRegistry.list(connection);
        Set<String> staying = wanted.stream().map(KnownPeer::aeTitle).collect(Collectors.toCollection(HashSet::new));
        for (KnownPeer peer : before) {
            if (!staying.contains(peer.aeTitle())) {
                PeerRegistry.delete(connection, peer.aeTitle());
            }
        }
        for (KnownPeer peer : wanted) {
            PeerRegistry.put(connection, peer);
        }
        return ConfigurationDiff.of(before, wanted);
    }
}
