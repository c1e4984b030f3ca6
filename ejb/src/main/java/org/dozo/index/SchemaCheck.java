// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.dozo.shared.Database;

/** Whether the database has the schema that this release needs. The server never migrates: {@code ./dozo migrate} does. */
@Singleton
public class SchemaCheck {

    /** The last migration that this release needs. Later ones are of the next release, and readable by this one (expand, contract). */
    public static final int REQUIRED = 22;

    private static final String APPLIED = """
            SELECT coalesce(max(version::integer) FILTER (WHERE success), 0), count(*) FILTER (WHERE NOT success)
            FROM flyway_schema_history WHERE version ~ '^[0-9]+$'""";

    private final Database database;

    @Inject
    public SchemaCheck(Database database) {
        this.database = database;
    }

    /** What is wrong and what to do; empty if the schema is right. */
    public Optional<String> problem() {
        try {
            return database.read(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(APPLIED);
                        ResultSet row = statement.executeQuery()) {
                    row.next();
                    return judge(row.getInt(1), row.getInt(2));
                }
            });
        } catch (SQLException e) {
            // 42P01: the table is not there, so nothing was ever migrated
            return "42P01".equals(e.getSQLState())
                    ? judge(0, 0)
                    : Optional.of("The database does not answer: " + e.getMessage());
        }
    }

    private static Optional<String> judge(int applied, int failed) {
        if (failed > 0) {
            return Optional.of("A migration of the database has failed; see its error, then run ./dozo migrate");
        }
        return applied >= REQUIRED
                ? Optional.empty()
                : Optional.of("The database schema is at version " + applied + ", this release needs " + REQUIRED
                        + "; run ./dozo migrate");
    }
}
