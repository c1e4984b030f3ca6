// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The one way to run SQL: a transaction that begins, runs and commits, and tells "rolled back" from "in doubt".
 *
 * <p><em>Pitfalls:</em> the data source must not take part in JTA transactions; the wait for a statement, a lock or a dead server is
 * bounded by the connection's own settings ({@code statement_timeout}, {@code lock_timeout}, {@code socketTimeout}), not here. A
 * transaction within another takes a second connection, of the pool and of the thread's {@link ConnectionShare}.
 */
@Singleton
public class Database {

    private static final Logger LOG = Logger.getLogger(Database.class.getName());

    /** SQLSTATE classes: data, integrity, transaction state, serialisation, access or syntax, resources, limits, object state. */
    private static final Set<String> UNDONE = Set.of("22", "23", "25", "40", "42", "53", "54", "55");

    private static final String QUERY_CANCELED = "57014";
    private static final String COMPLETION_UNKNOWN = "40003";

    private final DataSource dataSource;
    /** What the transaction of this thread wants done after it. */
    private final ThreadLocal<@Nullable List<Runnable>> afterwards = new ThreadLocal<>();

    @Inject
    public Database(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Runs {@code work} and commits. Any exception of {@code work} rolls back and is thrown on.
     *
     * @throws CommitInDoubtException if the commit may or may not have happened, or has not reached the synchronous standby
     * @throws SQLException if the work failed and nothing of it is kept
     */
    public <T, X extends Exception> T transaction(SqlWork<T, X> work) throws SQLException, X {
        List<Runnable> outer = afterwards.get();
        List<Runnable> mine = new ArrayList<>();
        afterwards.set(mine);
        T result;
        try {
            result = committed(work);
        } finally {
            afterwards.set(outer);
        }
        mine.forEach(Runnable::run);
        return result;
    }

    /**
     * Has something done once the transaction that runs on this thread has committed, and never if it has not; at once if there is
     * none. It must be short and not throw.
     */
    public void afterCommit(Runnable action) {
        List<Runnable> mine = afterwards.get();
        if (mine == null) {
            action.run();
        } else {
            mine.add(action);
        }
    }

    private <T, X extends Exception> T committed(SqlWork<T, X> work) throws SQLException, X {
        Connection connection = connect();
        boolean clean = false;
        try {
            connection.setAutoCommit(false);
            T result;
            try {
                result = work.run(connection);
            } catch (Throwable failure) {
                clean = rollBack(connection, failure);
                throw failure;
            }
            commit(connection);
            clean = true;
            return result;
        } finally {
            release(connection, clean);
        }
    }

    /**
     * Runs one statement that is a whole transaction: begin, work and commit in one round trip.
     *
     * @throws CommitInDoubtException as {@link #transaction}
     * @throws SQLException if it failed and nothing of it is kept
     */
    public <T> T statement(String sql, SqlBinding binding, SqlReading<T> reading) throws SQLException {
        Connection connection = connect();
        boolean clean = false;
        try {
            connection.setAutoCommit(true);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                binding.bind(statement);
                T result = execute(statement, reading);
                clean = true;
                return result;
            }
        } catch (SQLException e) {
            clean = isRolledBack(e.getSQLState());
            throw e;
        } finally {
            release(connection, clean);
        }
    }

    private static <T> T execute(PreparedStatement statement, SqlReading<T> reading) throws SQLException {
        T result;
        try (ResultSet rows = statement.executeQuery()) {
            result = reading.read(rows);
        } catch (SQLException e) {
            if (isRolledBack(e.getSQLState())) {
                throw e;
            }
            throw new CommitInDoubtException("The connection to the database failed during a commit", e);
        }
        refuseWarning(statement.getWarnings());
        return result;
    }

    /** Runs a single statement that changes nothing. Each statement of {@code work} sees its own snapshot. */
    public <T, X extends Exception> T read(SqlWork<T, X> work) throws SQLException, X {
        Connection connection = connect();
        try {
            connection.setAutoCommit(true);
            return work.run(connection);
        } finally {
            release(connection, true);
        }
    }

    /** What time it is for the database, whose clock times leases. */
    public Instant clock() throws SQLException {
        return read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
                row.next();
                return row.getObject(1, OffsetDateTime.class).toInstant();
            }
        });
    }

    private Connection connect() throws SQLException {
        ConnectionShare.take();
        try {
            return pooled();
        } catch (SQLException | RuntimeException | Error e) {
            ConnectionShare.giveBack();
            throw e;
        }
    }

    private Connection pooled() throws SQLException {
        try {
            return dataSource.getConnection();
        } catch (RefusedDatabaseException e) {
            throw e;
        } catch (SQLException e) {
            throw new SQLTransientConnectionException(
                    "No database connection to be had; check that PostgreSQL runs and that the pool is large enough",
                    "08001",
                    e);
        }
    }

    private static void commit(Connection connection) throws SQLException {
        connection.clearWarnings();
        try {
            connection.commit();
        } catch (SQLException e) {
            if (isRolledBack(e.getSQLState())) {
                throw e;
            }
            throw new CommitInDoubtException("The connection to the database failed during a commit", e);
        }
        refuseWarning(connection.getWarnings());
    }

    /**
     * PostgreSQL warns when the wait for the standby was cancelled ("has already committed locally"). The text is translated and its
     * SQLSTATE is the general 01000, hence any warning of a commit counts.
     */
    private static void refuseWarning(@Nullable SQLWarning warning) throws CommitInDoubtException {
        if (warning != null) {
            throw new CommitInDoubtException("The database committed with a warning: " + warning.getMessage(), warning);
        }
    }

    /** Whether the server itself has said that the statement or commit failed, and so that all is undone. */
    private static boolean isRolledBack(@Nullable String state) {
        return state != null
                && state.length() == 5
                && (UNDONE.contains(state.substring(0, 2)) || state.equals(QUERY_CANCELED))
                && !state.equals(COMPLETION_UNKNOWN);
    }

    private static boolean rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
            return true;
        } catch (SQLException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    /** Never throws: a connection that can't be given back changes nothing of what was committed. */
    private static void release(Connection connection, boolean clean) {
        try (connection) {
            if (clean) {
                connection.setAutoCommit(true);
            } else {
                // Returning it to auto-commit would commit what is still open.
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            LOG.log(Level.FINE, "A database connection could not be given back", e);
        } finally {
            ConnectionShare.giveBack();
        }
    }
}
