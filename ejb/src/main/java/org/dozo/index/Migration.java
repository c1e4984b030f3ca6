// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Brings the database to this release's schema: {@code Migration URL USER}, with the password in the environment variable
 * {@value #PASSWORD}. Run by {@code ./dozo migrate}, once, before nodes roll. Exits 0 if the schema is right.
 */
public final class Migration {

    static final String PASSWORD = "DOZO_DATABASE_PASSWORD";

    private Migration() {}

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("Usage: Migration JDBC-URL USER, with the password in " + PASSWORD);
            System.exit(2);
        }
        try {
            MigrateResult result = migrate(arguments[0], arguments[1], System.getenv());
            System.out.println(
                    result.migrationsExecuted == 0
                            ? "The schema is up to date"
                            : result.migrationsExecuted + " migrations applied, schema is at version "
                                    + result.targetSchemaVersion);
        } catch (FlywayException e) {
            System.err.println("The database could not be migrated: " + e.getMessage());
            System.exit(1);
        }
    }

    static MigrateResult migrate(String url, String user, Map<String, String> environment) {
        return Flyway.configure(Migration.class.getClassLoader())
                .dataSource(url, user, environment.getOrDefault(PASSWORD, ""))
                .locations("classpath:db/migration")
                .connectRetries(10)
                .load()
                .migrate();
    }
}
