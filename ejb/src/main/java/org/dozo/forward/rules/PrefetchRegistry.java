// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.Statements;

/** The prefetch rules as rows. Who changes them lets the {@link PrefetchBook} know. */
@Singleton
public class PrefetchRegistry {

    private static final String DESTINATIONS = "prefetch_rule_destination";

    private static final String SELECT = """
            SELECT name, condition, modalities, same_body_part, max_age_months, prior_count, priority, enabled,
                ARRAY (SELECT ae_title FROM prefetch_rule_destination WHERE rule = prefetch_rule.name ORDER BY position)
            FROM prefetch_rule""";

    private static final String PUT = """
            INSERT INTO prefetch_rule AS r
                (name, condition, modalities, same_body_part, max_age_months, prior_count, priority, enabled)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET condition = excluded.condition, modalities = excluded.modalities,
                same_body_part = excluded.same_body_part, max_age_months = excluded.max_age_months,
                prior_count = excluded.prior_count, priority = excluded.priority, enabled = excluded.enabled,
                version = r.version + 1, updated_at = now()""";

    private final Database database;
    private final PrefetchBook book;

    @Inject
    public PrefetchRegistry(Database database, PrefetchBook book) {
        this.database = database;
        this.book = book;
    }

    /** All rules, by name, from the database. */
    public List<PrefetchRule> list() throws SQLException {
        return database.read(PrefetchRegistry::list);
    }

    /** From the database. */
    public Optional<PrefetchRule> get(String name) throws SQLException {
        // PostgreSQL knows no NUL, and no rule has one.
        return database.read(connection -> get(connection, name.replace('\0', ' ')));
    }

    /** @throws FailureException {@link Failure#CONFLICT} if there is one of this name, {@link Failure#INVALID_RECORD} as {@link #put} */
    public void add(PrefetchRule rule) throws SQLException {
        database.transaction(connection -> {
            if (get(connection, rule.name()).isPresent()) {
                throw new FailureException(
                        Failure.CONFLICT,
                        "There is a prefetch rule \"" + rule.name()
                                + "\" already: change it by PUT, or remove it first");
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
    public void put(PrefetchRule rule) throws SQLException {
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

    static List<PrefetchRule> list(Connection connection) throws SQLException {
        List<PrefetchRule> rules = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SELECT + " ORDER BY name");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rules.add(rule(row));
            }
        }
        return rules;
    }

    private static Optional<PrefetchRule> get(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT + " WHERE name = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(rule(row)) : Optional.empty();
            }
        }
    }

    /** @return whether something has changed; a rule that would not keeps its version and its time */
    static boolean put(Connection connection, PrefetchRule rule) throws SQLException {
        lock(connection);
        if (get(connection, rule.name()).filter(rule::equals).isPresent()) {
            return false;
        }
        RuleRegistry.refuseUnknownDestinations(connection, rule.name(), rule.destinations());
        PriorsWanted priors = rule.priors();
        try (PreparedStatement statement = connection.prepareStatement(PUT)) {
            statement.setString(1, rule.name());
            statement.setString(2, rule.condition().toString());
            statement.setArray(
                    3, connection.createArrayOf("text", priors.modalities().toArray()));
            statement.setBoolean(4, priors.sameBodyPart());
            statement.setInt(5, priors.maxAgeMonths());
            statement.setInt(6, priors.count());
            statement.setInt(7, rule.priority());
            statement.setBoolean(8, rule.enabled());
            statement.executeUpdate();
        }
        RuleRegistry.replaceDestinations(connection, DESTINATIONS, rule.name(), rule.destinations());
        return true;
    }

    /** What is compared is what is replaced. */
    static void lock(Connection connection) throws SQLException {
        Statements.lock(connection, "prefetch_rule");
    }

    static boolean delete(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM prefetch_rule WHERE name = ?")) {
            statement.setString(1, name);
            return statement.executeUpdate() > 0;
        }
    }

    private static PrefetchRule rule(ResultSet row) throws SQLException {
        String name = row.getString(1);
        try {
            return new PrefetchRule(
                    name,
                    Condition.parse(row.getString(2)),
                    new PriorsWanted(Statements.texts(row, 3), row.getBoolean(4), row.getInt(5), row.getInt(6)),
                    Statements.texts(row, 9),
                    row.getInt(7),
                    row.getBoolean(8));
        } catch (FailureException e) {
            // Nothing may pass by a rule that is not understood: whoever asks for the rules has to wait.
            throw new FailureException(
                    Failure.PROCESSING_FAILURE,
                    "The prefetch rule \"" + name + "\" as it is kept can't be read by this release: " + e.getMessage()
                            + " Remedy: replace it by PUT, or remove it by DELETE, at /api/prefetch",
                    e);
        }
    }
}
