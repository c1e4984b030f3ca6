// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.dozo.jobs.Window;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Statements;

/** The forwarding rules as rows. Who changes them lets the {@link RuleBook} know. */
@Singleton
public class RuleRegistry {

    private static final String SELECT = """
            SELECT name, applied, condition, priority, enabled, delay_seconds, quiet_seconds, note, sending_window,
                coercion::text, transfer_syntaxes,
                ARRAY (SELECT ae_title FROM forward_rule_destination WHERE rule = forward_rule.name ORDER BY position)
            FROM forward_rule""";

    /** A rule that would not change keeps its version and its time. */
    private static final String PUT = """
            INSERT INTO forward_rule AS r
                (name, applied, condition, priority, enabled, delay_seconds, quiet_seconds, note, sending_window, coercion,
                transfer_syntaxes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
            ON CONFLICT (name) DO UPDATE SET applied = excluded.applied, condition = excluded.condition,
                priority = excluded.priority, enabled = excluded.enabled, delay_seconds = excluded.delay_seconds,
                quiet_seconds = excluded.quiet_seconds, note = excluded.note,
                sending_window = excluded.sending_window, coercion = excluded.coercion,
                transfer_syntaxes = excluded.transfer_syntaxes, version = r.version + 1, updated_at = now()""";

    private static final String UNKNOWN_DESTINATIONS = """
            SELECT string_agg(wanted.ae_title, ', ' ORDER BY wanted.position)
            FROM unnest(?::text[]) WITH ORDINALITY AS wanted (ae_title, position)
            WHERE NOT EXISTS (SELECT FROM destination_name WHERE name = wanted.ae_title)""";

    private final Database database;
    private final RuleBook book;

    @Inject
    public RuleRegistry(Database database, RuleBook book) {
        this.database = database;
        this.book = book;
    }

    /** All rules, by name, from the database. */
    public List<Rule> list() throws SQLException {
        return database.read(RuleRegistry::list);
    }

    /** From the database. */
    public Optional<Rule> get(String name) throws SQLException {
        // PostgreSQL knows no NUL, and no rule has one.
        return database.read(connection -> get(connection, name.replace('\0', ' ')));
    }

    /** @throws FailureException {@link Failure#CONFLICT} if there is one of this name, {@link Failure#INVALID_RECORD} as {@link #put} */
    public void add(Rule rule) throws SQLException {
        database.transaction(connection -> {
            if (get(connection, rule.name()).isPresent()) {
                throw new FailureException(
                        Failure.CONFLICT,
                        "There is a rule \"" + rule.name() + "\" already: change it by PUT, or remove it first");
            }
            return put(connection, rule);
        });
        book.forget();
    }

    /**
     * Adds or replaces.
     *
     * @throws FailureException {@link Failure#INVALID_RECORD} naming the destinations that there are not
     */
    public void put(Rule rule) throws SQLException {
        database.transaction(connection -> put(connection, rule));
        book.forget();
    }

    /** @return whether there was one */
    public boolean delete(String name) throws SQLException {
        boolean deleted = database.transaction(connection -> delete(connection, name.replace('\0', ' ')));
        book.forget();
        return deleted;
    }

    // --- in the caller's transaction

    static List<Rule> list(Connection connection) throws SQLException {
        List<Rule> rules = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SELECT + " ORDER BY name");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rules.add(rule(row));
            }
        }
        return rules;
    }

    /** As it is kept now, in the caller's transaction. */
    public static Optional<Rule> get(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT + " WHERE name = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(rule(row)) : Optional.empty();
            }
        }
    }

    /** @return whether something has changed */
    static boolean put(Connection connection, Rule rule) throws SQLException {
        lock(connection);
        if (get(connection, rule.name()).filter(rule::equals).isPresent()) {
            return false;
        }
        refuseUnknownDestinations(connection, rule.name(), rule.destinations());
        try (PreparedStatement statement = connection.prepareStatement(PUT)) {
            statement.setString(1, rule.name());
            statement.setString(2, rule.when().word());
            statement.setString(3, rule.condition().toString());
            statement.setInt(4, rule.priority());
            statement.setBoolean(5, rule.enabled());
            statement.setLong(6, rule.delay().toSeconds());
            statement.setLong(7, rule.quiet().toSeconds());
            statement.setString(8, rule.note());
            statement.setString(
                    9, rule.handling().window().map(Window::toString).orElse(""));
            statement.setString(10, coercion(rule.handling().coercion()));
            statement.setArray(
                    11,
                    connection.createArrayOf(
                            "text", rule.handling().transferSyntaxes().toArray()));
            statement.executeUpdate();
        }
        replaceDestinations(connection, "forward_rule_destination", rule.name(), rule.destinations());
        return true;
    }

    /** @param table where the destinations of this sort of rules are */
    static void replaceDestinations(Connection connection, String table, String rule, List<String> destinations)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM " + table + " WHERE rule = ?")) {
            statement.setString(1, rule);
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + table
                + " (rule, position, ae_title) SELECT ?, position, ae_title"
                + " FROM unnest(?::text[]) WITH ORDINALITY AS wanted (ae_title, position)")) {
            statement.setString(1, rule);
            statement.setArray(2, connection.createArrayOf("text", destinations.toArray()));
            statement.executeUpdate();
        }
    }

    /** What is compared is what is replaced. */
    static void lock(Connection connection) throws SQLException {
        Statements.lock(connection, "forward_rule");
    }

    static void refuseUnknownDestinations(Connection connection, String rule, List<String> destinations)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UNKNOWN_DESTINATIONS)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            destinations.stream()
                                    .map(title -> title.replace('\0', ' '))
                                    .toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String unknown = row.getString(1);
                if (unknown != null) {
                    throw unknownDestinations(rule, unknown);
                }
            }
        }
    }

    /** Refuses destinations that are none of these. */
    static void refuseOthers(String rule, List<String> destinations, Set<String> names) {
        List<String> unknown =
                destinations.stream().filter(title -> !names.contains(title)).toList();
        if (!unknown.isEmpty()) {
            throw unknownDestinations(rule, String.join(", ", unknown));
        }
    }

    private static FailureException unknownDestinations(String rule, String titles) {
        return new FailureException(
                Failure.INVALID_RECORD,
                "The rule \"" + rule + "\" has destinations that are neither peers nor destinations of another kind: "
                        + titles + "; add them by ./dozo peer add AET HOST PORT or POST /api/destinations, or correct"
                        + " the rule");
    }

    static boolean delete(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM forward_rule WHERE name = ?")) {
            statement.setString(1, name);
            return statement.executeUpdate() > 0;
        }
    }

    private static String coercion(Coercion coercion) {
        return Json.createObjectBuilder(coercion.values()).build().toString();
    }

    private static Coercion coercion(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            JsonObject object = reader.readObject();
            Map<String, String> values = new TreeMap<>();
            object.forEach((name, value) -> values.put(name, ((JsonString) value).getString()));
            return Coercion.parse(values);
        }
    }

    private static Rule rule(ResultSet row) throws SQLException {
        String name = row.getString(1);
        try {
            return new Rule(
                    name,
                    Trigger.of(row.getString(2)),
                    Condition.parse(row.getString(3)),
                    Statements.texts(row, 12),
                    row.getInt(4),
                    row.getBoolean(5),
                    Duration.ofSeconds(row.getLong(6)),
                    Duration.ofSeconds(row.getLong(7)),
                    row.getString(8),
                    new Handling(
                            RuleFields.window(row.getString(9)),
                            coercion(row.getString(10)),
                            Statements.texts(row, 11)));
        } catch (FailureException e) {
            // Nothing may pass by a rule that is not understood: whoever asks for the rules has to wait.
            throw new FailureException(
                    Failure.PROCESSING_FAILURE,
                    "The rule \"" + name + "\" as it is kept can't be read by this release: " + e.getMessage()
                            + " Remedy: replace it by PUT, or remove it by DELETE, at /api/rules",
                    e);
        }
    }
}
