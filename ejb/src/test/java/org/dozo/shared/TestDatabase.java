// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** One real PostgreSQL for all tests of this JVM, and in it a fresh, migrated database for each test that asks. */
public final class TestDatabase {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();
        static final String TEMPLATE = "dozo_template";

        static {
            try {
                create(POSTGRES, TEMPLATE, "template1");
                Flyway.configure().dataSource(source(POSTGRES, TEMPLATE)).load().migrate();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        static void create(EmbeddedPostgres postgres, String name, String template) throws SQLException {
            try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
                connection.createStatement().execute("CREATE DATABASE " + name + " TEMPLATE " + template);
            }
        }

        static PGSimpleDataSource source(EmbeddedPostgres postgres, String name) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl("jdbc:postgresql://localhost:" + postgres.getPort() + "/" + name);
            source.setUser("postgres");
            source.setSocketTimeout(60);
            return source;
        }

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .setServerConfig("fsync", "off")
                        // The library turns it off, and no commit would ever wait for a standby.
                        .setServerConfig("synchronous_commit", "on")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final String name;
    private final List<Pool> pools = new ArrayList<>();

    private TestDatabase(String name) {
        this.name = name;
    }

    /** Without a schema. */
    public static TestDatabase empty() throws SQLException {
        return create("template1");
    }

    /** With the schema of this release. */
    public static TestDatabase migrated() throws SQLException {
        return create(Server.TEMPLATE);
    }

    private static TestDatabase create(String template) throws SQLException {
        String name = "dozo" + NUMBER.incrementAndGet();
        Server.create(Server.POSTGRES, name, template);
        return new TestDatabase(name);
    }

    public String url() {
        return "jdbc:postgresql://localhost:" + Server.POSTGRES.getPort() + "/" + name;
    }

    /** A new connection each time. */
    public DataSource unpooled() {
        return Server.source(Server.POSTGRES, name);
    }

    /** As in the server: connections are used again. */
    public DataSource pooled() {
        Pool pool = new Pool(unpooled());
        pools.add(pool);
        return pool.asDataSource();
    }

    public Database database() {
        return new Database(pooled());
    }

    /** The first column of the first row. */
    public long number(String sql, Object... parameters) throws SQLException {
        try (Connection connection = unpooled().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** The first column of the first row. */
    public String text(String sql) throws SQLException {
        try (Connection connection = unpooled().getConnection();
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = unpooled().getConnection()) {
            connection.createStatement().execute(sql);
        }
    }

    /** From now on every commit of the server waits for a standby that does not exist; false ends that, and all waiting. */
    public void requireMissingStandby(boolean required) throws Exception {
        String name = required ? "missing" : "";
        execute(
                required
                        ? "ALTER SYSTEM SET synchronous_standby_names = 'missing'"
                        : "ALTER SYSTEM RESET synchronous_standby_names");
        execute("SELECT pg_reload_conf()");
        await("SELECT count(*) FROM pg_settings WHERE name = 'synchronous_standby_names' AND setting = '" + name + "'");
    }

    /** Calls the function for each process whose commit waits for the standby; whether there was one. */
    public boolean endWaitForStandby(String function) throws Exception {
        return number("SELECT count(" + function
                        + "(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = '" + name + "'")
                > 0;
    }

    /** How many wait for a lock that somebody else holds. */
    public long waitingForLocks() throws SQLException {
        return number(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '" + name + "'");
    }

    private void await(String sql) throws Exception {
        Await.until(sql, () -> number(sql) > 0);
    }

    public void close() {
        pools.forEach(Pool::close);
    }
}
