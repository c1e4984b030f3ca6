// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dozo.access.DestinationFields;
import org.dozo.access.DestinationRegistry;
import org.dozo.access.NamedDestination;
import org.dozo.shared.Statements;

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
    public void lock(Connection connection) throws SQLException {
        Statements.lock(connection, "destination");
    }

    @Override
    public void put(Connection connection, ConfigurationRecord wanted) throws SQLException {
        DestinationRegistry.put(connection, DestinationFields.read(wanted.fields()));
    }

    @Override
    public void delete(Connection connection, String name) throws SQLException {
        DestinationRegistry.delete(connection, name);
    }

    @Override
    public void forget() {
        // Nothing of it is remembered.
    }
}
