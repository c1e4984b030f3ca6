// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Statements;

/**
 * The operational records as one YAML file. The file is the whole truth: a record that it lacks is removed;
 * only a section that is not in it at all is left alone.
 *
 * <p><em>Pitfalls:</em> the difference is computed again when the file is applied, in the same transaction; show {@link #compare} first,
 * and say what {@link #apply} has really done.
 */
@Singleton
public class ConfigurationFile {

    private final Database database;
    private final PeerRegistry peers;
    private final List<ConfigurationSection> sections;

    @Inject
    public ConfigurationFile(Database database, PeerRegistry peers, @Any Instance<ConfigurationSection> sections) {
        this(database, peers, sections.stream().toList());
    }

    /** @param sections what there is besides the peers */
    public ConfigurationFile(Database database, PeerRegistry peers, List<ConfigurationSection> sections) {
        this.database = database;
        this.peers = peers;
        this.sections = sections.stream()
                .sorted(Comparator.comparing((ConfigurationSection section) -> !section.isNamedByOthers())
                        .thenComparing(ConfigurationSection::name))
                .toList();
    }

    /** All records, in an order that does not change by itself. */
    public String export() throws SQLException {
        return ConfigurationYaml.write(database.read(this::present), sections);
    }

    /**
     * What {@link #apply} would change.
     *
     * @throws FailureException {@link Failure#INVALID_RECORD} if the file is malformed
     */
    public ConfigurationDiff compare(String yaml) throws SQLException {
        ConfigurationDocument wanted = ConfigurationYaml.read(yaml, sections, database.read(this::names));
        return ConfigurationDiff.of(database.read(this::present), wanted, sections);
    }

    /**
     * Makes the records what the file says, all or nothing, and returns what that changed.
     *
     * @throws FailureException {@link Failure#INVALID_RECORD} if the file is malformed, {@link Failure#CONFLICT} if it lacks a peer that
     *     a record of a section it does not have still names; nothing is changed
     */
    public ConfigurationDiff apply(String yaml) throws SQLException {
        ConfigurationDocument wanted = ConfigurationYaml.read(yaml, sections, database.read(this::names));
        ConfigurationDiff diff = database.transaction(connection -> replace(connection, wanted));
        peers.forget();
        sections.forEach(ConfigurationSection::forget);
        return diff;
    }

    private ConfigurationDocument present(Connection connection) throws SQLException {
        Map<String, List<ConfigurationRecord>> records = new HashMap<>();
        for (ConfigurationSection section : sections) {
            records.put(section.name(), section.list(connection));
        }
        return new ConfigurationDocument(PeerRegistry.list(connection), records);
    }

    /** What others may name of each section, for a file that leaves it alone. */
    private Map<String, Set<String>> names(Connection connection) throws SQLException {
        Map<String, Set<String>> names = new HashMap<>();
        for (ConfigurationSection section : sections) {
            if (section.isNamedByOthers()) {
                names.put(section.name(), names(section.list(connection)));
            }
        }
        return names;
    }

    private ConfigurationDiff replace(Connection connection, ConfigurationDocument wanted) throws SQLException {
        List<ConfigurationSection> given = sections.stream()
                .filter(section -> wanted.sections().containsKey(section.name()))
                .toList();
        // What is compared is what is replaced.
        Statements.lock(connection, "peer");
        for (ConfigurationSection section : given) {
            section.lock(connection);
        }
        ConfigurationDocument before = present(connection);
        for (KnownPeer peer : wanted.peers()) {
            PeerRegistry.put(connection, peer);
        }
        for (ConfigurationSection section : given) {
            for (ConfigurationRecord record : wanted.section(section.name())) {
                section.put(connection, record);
            }
        }
        // Those that name others go before these.
        for (ConfigurationSection section : given.reversed()) {
            Set<String> staying = names(wanted.section(section.name()));
            for (ConfigurationRecord record : before.section(section.name())) {
                if (!staying.contains(record.name())) {
                    section.delete(connection, record.name());
                }
            }
        }
        Set<String> staying = wanted.peers().stream().map(KnownPeer::aeTitle).collect(Collectors.toSet());
        for (KnownPeer peer : before.peers()) {
            if (!staying.contains(peer.aeTitle())) {
                PeerRegistry.delete(connection, peer.aeTitle());
            }
        }
        return ConfigurationDiff.of(before, wanted, sections);
    }

    private static Set<String> names(List<ConfigurationRecord> records) {
        return records.stream().map(ConfigurationRecord::name).collect(Collectors.toSet());
    }
}
