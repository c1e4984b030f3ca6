// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dozo.settings.ConfigurationRecord;
import org.dozo.settings.ConfigurationSection;

/** The prefetch rules in the configuration file. */
@Singleton
public class PrefetchSection implements ConfigurationSection {

    private final PrefetchBook book;

    @Inject
    public PrefetchSection(PrefetchBook book) {
        this.book = book;
    }

    @Override
    public String name() {
        return "prefetch";
    }

    @Override
    public String noun() {
        return "prefetch rule";
    }

    @Override
    public List<ConfigurationRecord> list(Connection connection) throws SQLException {
        return PrefetchRegistry.list(connection).stream()
                .map(PrefetchSection::record)
                .toList();
    }

    @Override
    public ConfigurationRecord read(Map<String, Object> fields, Set<String> names) {
        PrefetchRule rule = PrefetchFields.read(fields);
        RuleRegistry.refuseOthers(rule.name(), rule.destinations(), names);
        return record(rule);
    }

    private static ConfigurationRecord record(PrefetchRule rule) {
        return new ConfigurationRecord(rule.name(), PrefetchFields.of(rule));
    }

    @Override
    public void lock(Connection connection) throws SQLException {
        PrefetchRegistry.lock(connection);
    }

    @Override
    public void put(Connection connection, ConfigurationRecord wanted) throws SQLException {
        PrefetchRegistry.put(connection, PrefetchFields.read(wanted.fields()));
    }

    @Override
    public void delete(Connection connection, String name) throws SQLException {
        PrefetchRegistry.delete(connection, name);
    }

    @Override
    public void forget() {
        book.forget();
    }
}
