// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
    public void replace(Connection connection, List<ConfigurationRecord> wanted) throws SQLException {
        PrefetchRegistry.lock(connection);
        Set<String> staying = wanted.stream().map(ConfigurationRecord::name).collect(Collectors.toSet());
        for (PrefetchRule rule : PrefetchRegistry.list(connection)) {
            if (!staying.contains(rule.name())) {
                PrefetchRegistry.delete(connection, rule.name());
            }
        }
        for (ConfigurationRecord record : wanted) {
            PrefetchRegistry.put(connection, PrefetchFields.read(record.fields()));
        }
    }

    @Override
    public void forget() {
        book.forget();
    }
}
