// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.hostchooser.GlobalHostStatusTracker;
import org.postgresql.hostchooser.HostStatus;
import org.postgresql.util.HostSpec;

/**
 * A pool of PostgreSQL connections, none of which leads to an old primary. Each connection is asked once, by one round trip, which
 * history its server writes, and the other hosts are, once a second at most; after that, lending it compares two numbers.
 *
 * <p><em>Pitfalls:</em> a transaction that runs while a newer timeline is learned goes on where it is.
 */
final class FencedDataSource implements DataSource {

    private static final Logger LOG = Logger.getLogger(FencedDataSource.class.getName());

    /** A connection failure (08006), said by the server: with that, and nothing milder, a pool throws a connection away. */
    private static final String BREAK = """
            DO $$ BEGIN RAISE 'Dozo does not use this database: its log says why' USING ERRCODE = 'connection_failure'; END $$""";

    /** Milliseconds that a server has to say so; one that hangs says nothing, which is a connection failure as well. */
    private static final int PATIENCE = 1_000;

    /** New connections refused in a row until the caller is. */
    private static final int MOST_REFUSALS = 8;

    private final DataSource pool;
    private final OtherHosts others;
    private final DatabaseFence fence;
    /** By identity, as connections have no equals. */
    private final Map<BaseConnection, DatabaseHistory> histories = Collections.synchronizedMap(new WeakHashMap<>());

    FencedDataSource(DataSource pool, OtherHosts others, DatabaseFence fence) {
        this.pool = pool;
        this.others = others;
        this.fence = fence;
    }

    /**
     * @throws RefusedDatabaseException if there is an old primary, or another database, and no other host
     * @throws SQLException if there is no connection to be had, or it can't be asked
     */
    @Override
    public Connection getConnection() throws SQLException {
        for (int refusals = 0; ; ) {
            Connection connection = pool.getConnection();
            boolean admitted = false;
            try {
                BaseConnection physical = connection.unwrap(BaseConnection.class);
                DatabaseHistory known = histories.get(physical);
                try {
                    if (known == null) {
                        meet(connection, physical);
                    } else {
                        fence.confirm(known, server(physical));
                    }
                    admitted = true;
                    return connection;
                } catch (RefusedDatabaseException e) {
                    // The driver tries this host last for a while.
                    GlobalHostStatusTracker.reportHostStatus(server(physical), HostStatus.Secondary);
                    if (known == null && ++refusals == MOST_REFUSALS) {
                        throw e;
                    }
                }
            } finally {
                if (!admitted) {
                    discard(connection);
                }
            }
        }
    }

    private void meet(Connection connection, BaseConnection physical) throws SQLException {
        HostSpec server = server(physical);
        DatabaseHistory history = DatabaseHistory.ask(connection)
                .orElseThrow(() -> new RefusedDatabaseException("The database at " + server
                        + " is a standby. Remedy: name all hosts in database.url, with targetServerType=primary"));
        Optional<OtherHosts.Answer> ahead = others.ahead(server, history);
        if (ahead.isPresent()) {
            fence.meet(ahead.get().history(), ahead.get().host());
        }
        fence.meet(history, server);
        histories.put(physical, history);
    }

    private static HostSpec server(BaseConnection physical) {
        return physical.getQueryExecutor().getHostSpec();
    }

    private void discard(Connection connection) {
        try (connection) {
            BaseConnection physical = connection.unwrap(BaseConnection.class);
            histories.remove(physical);
            try (Statement statement = connection.createStatement()) {
                physical.setNetworkTimeout(Runnable::run, PATIENCE);
                statement.execute(BREAK);
            } catch (SQLException e) {
                LOG.log(Level.FINE, "A database connection was broken on purpose", e);
            } finally {
                physical.abort(Runnable::run);
            }
        } catch (SQLException e) {
            LOG.log(Level.FINE, "A database connection could not be thrown away", e);
        }
    }

    /** Of the container's pool there are none by name and password. */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("The pool has one user");
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        pool.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return pool.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || pool.isWrapperFor(type);
    }
}
