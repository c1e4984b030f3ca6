// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.dozo.shared.Database;
import org.dozo.storage.CopyLedger;

/**
 * Tells for certain whether an object is recorded: waits for a transaction about it that is still open, and answers yes only once that
 * is as durable as every commit of this archive (here, and on the synchronous standby where there is one).
 */
@Singleton
public class ObjectLedger implements CopyLedger {

    /** Of one parameter, the object's name. */
    static final String LOCK = "pg_advisory_xact_lock(hashtextextended(?, 0))";

    /** FOR UPDATE writes to the log, so that the commit waits for the standby up to here, past the commit in question. */
    private static final String OBJECT = "SELECT 1 FROM stored_object WHERE name = ? FOR UPDATE";

    private static final String COPY = "SELECT 1 FROM object_copy WHERE object_fk = "
            + "(SELECT id FROM stored_object WHERE name = ?) AND volume_fk = ?";

    /** FOR UPDATE as in {@link #OBJECT}: a failover must not bring the node's term back. */
    private static final String LOST = "SELECT 1 FROM node WHERE name = ? AND state = 'LOST' FOR UPDATE";

    private static final Duration RECOVERY_PATIENCE = Duration.ofSeconds(10);

    private final Database database;

    @Inject
    public ObjectLedger(Database database) {
        this.database = database;
    }

    /**
     * Whether the object is recorded. No is final.
     *
     * @param patience how long to wait for a transaction that is still open, at least 1 ms
     * @throws SQLException if it can't be told now
     */
    public boolean isRecorded(String objectName, Duration patience) throws SQLException {
        return database.transaction(connection -> waitForOutcome(connection, objectName, patience));
    }

    @Override
    public boolean isRecorded(String objectName, short volumeId) throws IOException {
        try {
            return database.transaction(connection -> {
                if (!waitForOutcome(connection, objectName, RECOVERY_PATIENCE)) {
                    return false;
                }
                try (PreparedStatement statement = connection.prepareStatement(COPY)) {
                    statement.setString(1, objectName);
                    statement.setShort(2, volumeId);
                    return hasRow(statement);
                }
            });
        } catch (SQLException e) {
            throw new IOException("The database could not tell whether an object is recorded: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean isLost(String node) throws IOException {
        try {
            return database.transaction(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(LOST)) {
                    statement.setString(1, node);
                    return hasRow(statement);
                }
            });
        } catch (SQLException e) {
            throw new IOException(
                    "The database could not tell whether node " + node + " is lost: " + e.getMessage(), e);
        }
    }

    private static boolean waitForOutcome(Connection connection, String objectName, Duration patience)
            throws SQLException {
        try (PreparedStatement limit = connection.prepareStatement("SELECT set_config('lock_timeout', ?, true)")) {
            limit.setString(1, Long.toString(Math.max(1, patience.toMillis())));
            hasRow(limit);
        }
        try (PreparedStatement lock = connection.prepareStatement("SELECT " + LOCK)) {
            lock.setString(1, objectName);
            hasRow(lock);
        }
        // A statement of its own: it sees what was committed before the lock was had.
        try (PreparedStatement object = connection.prepareStatement(OBJECT)) {
            object.setString(1, objectName);
            return hasRow(object);
        }
    }

    private static boolean hasRow(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }
}
