// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dozo.access.DestinationFields;
import org.dozo.access.DestinationRegistry;
import org.dozo.access.NamedDestination;

/** The destinations that are no peers, in the configuration file. */
@Singleton
public class DestinationSection implements ConfigurationSection {

    @Override
    public String name() {
        return "destinations";
    }

    @Override
    public String noun() {
        return "destination";
    }

    @Override
    public boolean isNamedByOthers() {
        return true;
    }

    @Override
    public List<ConfigurationRecord> list(Connection connection) throws SQLException {
        return DestinationRegistry.list(connection).stream()
                .map(DestinationSection::record)
                .toList();
    }

    @Override
    public ConfigurationRecord read(Map<String, Object> fields, Set<String> names) {
        return record(DestinationFields.read(fields));
    }

    private static ConfigurationRecord record(NamedDestination destination) {
        return new ConfigurationRecord(destination.name(), DestinationFields.of(destination));
    }

    @Override
    public void replace(Connection connection, List<ConfigurationRecord> wanted) throws SQLException {
        try (Statement lock = connection.createStatement()) {
            lock.execute("LOCK TABLE destination IN SHARE ROW EXCLUSIVE MODE");
        }
        for (ConfigurationRecord each : wanted) {
            DestinationRegistry.put(connection, DestinationFields.read(each.fields()));
        }
    }

    @Override
    public void prune(Connection connection, List<ConfigurationRecord> wanted) throws SQLException {
        Set<String> staying = wanted.stream().map(ConfigurationRecord::name).collect(Collectors.toSet());
        for (NamedDestination destination : DestinationRegistry.list(connection)) {
            if (!staying.contains(destination.name())) {
                DestinationRegistry.delete(connection, destination.name());
            }
        }
    }

    @Override
    public void forget() {
        // Nothing of it is remembered.
    }
}
