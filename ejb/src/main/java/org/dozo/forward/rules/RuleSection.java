// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
    public void replace(Connection connection, List<ConfigurationRecord> wanted) throws SQLException {
        RuleRegistry.lock(connection);
        Set<String> staying =
                wanted.stream().map(ConfigurationRecord::name).collect(Collectors.toCollection(HashSet::new));
        for (Rule rule : RuleRegistry.list(connection)) {
            if (!staying.contains(rule.name())) {
                RuleRegistry.delete(connection, rule.name());
            }
        }
        for (ConfigurationRecord record : wanted) {
            RuleRegistry.put(connection, RuleFields.read(record.fields()));
        }
    }

    @Override
    public void forget() {
        book.forget();
    }
}
