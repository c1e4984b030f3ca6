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

/** The rules in the configuration file. */
@Singleton
public class RuleSection implements ConfigurationSection {

    private final RuleBook book;

    @Inject
    public RuleSection(RuleBook book) {
        this.book = book;
    }

    @Override
    public String name() {
        return "rules";
    }

    @Override
    public String noun() {
        return "rule";
    }

    @Override
    public List<ConfigurationRecord> list(Connection connection) throws SQLException {
        return RuleRegistry.list(connection).stream().map(RuleSection::record).toList();
    }

    @Override
    public ConfigurationRecord read(Map<String, Object> fields, Set<String> names) {
        Rule rule = RuleFields.read(fields);
        RuleRegistry.refuseOthers(rule.name(), rule.destinations(), names);
        return record(rule);
    }

    private static ConfigurationRecord record(Rule rule) {
        return new ConfigurationRecord(rule.name(), RuleFields.of(rule));
    }

    @Override
    public void lock(Connection connection) throws SQLException {
        RuleRegistry.lock(connection);
    }

    @Override
    public void put(Connection connection, ConfigurationRecord wanted) throws SQLException {
        RuleRegistry.put(connection, RuleFields.read(wanted.fields()));
    }

    @Override
    public void delete(Connection connection, String name) throws SQLException {
        RuleRegistry.delete(connection, name);
    }

    @Override
    public void forget() {
        book.forget();
    }
}
