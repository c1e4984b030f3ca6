// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.NodeTerm;
import org.dozo.shared.Statements;

/** The table of nodes, timed by the database's clock. Whose epoch has passed is told so, and can write no more. */
@Singleton
public class NodeRegistry {

    /**
     * The first epoch is the transaction's number, which never comes again: greater than any epoch of a node of that name that was
     * forgotten, since each of them was raised by a transaction of its own.
     */
    private static final String REGISTER = """
            INSERT INTO node (name, incarnation, version, epoch)
            VALUES (?, ?, ?, pg_current_xact_id()::text::bigint)
            ON CONFLICT (name) DO UPDATE SET epoch = node.epoch + 1, incarnation = excluded.incarnation,
                version = excluded.version, state = 'NOT_READY', problems = '{}', associations = 0, jobs = 0,
                started_at = CASE WHEN node.incarnation = excluded.incarnation THEN node.started_at
                                  ELSE clock_timestamp() END,
                heartbeat_at = clock_timestamp()
            WHERE ?::boolean OR node.incarnation = excluded.incarnation
            RETURNING epoch""";

    /** Waits for no disk and no standby: without its standby the archive takes nothing in, but gives out, and is ready for that. */
    private static final String BEAT = """
            WITH soft AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
            UPDATE node SET state = ?, problems = ?, associations = ?, jobs = ?, heartbeat_at = clock_timestamp()
            FROM soft WHERE name = ? AND epoch = ? RETURNING drain, heartbeat_at""";

    private static final String STOP =
            "UPDATE node SET state = 'STOPPED', problems = '{}', associations = 0, jobs = 0 WHERE name = ? AND epoch = ?";

    /** Idempotent: of several who see the silence one gives the node up. */
    private static final String GIVE_UP = """
            UPDATE node SET state = 'LOST', epoch = epoch + 1, associations = 0, jobs = 0
            WHERE state NOT IN ('LOST', 'STOPPED') AND name <> ?
                AND heartbeat_at < clock_timestamp() - ? * interval '1 millisecond'
            RETURNING name""";

    private static final String LIST = """
            SELECT name, epoch, version, state, problems, drain, started_at,
                extract(epoch FROM clock_timestamp() - heartbeat_at) * 1000, associations, jobs
            FROM node ORDER BY length(name), name""";

    private final Database database;

    @Inject
    public NodeRegistry(Database database) {
        this.database = database;
    }

    /** What the database answers to a heartbeat. */
    record Answer(boolean drain, Instant databaseTime) {}

    /** Begins the first term of a process. The newest process of a name has it; an older one is fenced by that. Returns the epoch. */
    long register(String name, UUID incarnation, String version) throws SQLException {
        return begin(name, incarnation, version, true).orElseThrow();
    }

    /**
     * Begins a further term of a process whose term is over.
     *
     * @return the epoch; empty if another process has the name by now
     */
    Optional<Long> renew(String name, UUID incarnation, String version) throws SQLException {
        return begin(name, incarnation, version, false);
    }

    private Optional<Long> begin(String name, UUID incarnation, String version, boolean first) throws SQLException {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(REGISTER)) {
                statement.setString(1, name);
                statement.setObject(2, incarnation);
                statement.setString(3, version);
                statement.setBoolean(4, first);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
                }
            }
        });
    }

    /** @return empty if the term is over */
    Optional<Answer> beat(NodeTerm term, NodeStatus status, int associations, int jobs) throws SQLException {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(BEAT)) {
                statement.setString(1, status.state().name());
                statement.setArray(2, texts(connection, status.problems()));
                statement.setInt(3, associations);
                statement.setInt(4, jobs);
                statement.setString(5, term.node());
                statement.setLong(6, term.epoch());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Answer(
                                    row.getBoolean(1),
                                    row.getObject(2, OffsetDateTime.class).toInstant()))
                            : Optional.empty();
                }
            }
        });
    }

    private static Array texts(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    /** Ends the term in order. */
    void stop(NodeTerm term) throws SQLException {
        database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(STOP)) {
                statement.setString(1, term.node());
                statement.setLong(2, term.epoch());
                return statement.executeUpdate();
            }
        });
    }

    /** Ends the terms of nodes other than {@code own} that have been silent for so long; returns their names. */
    List<String> giveUpSilent(String own, Duration silence) throws SQLException {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(GIVE_UP)) {
                statement.setString(1, own);
                statement.setLong(2, silence.toMillis());
                List<String> names = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        names.add(row.getString(1));
                    }
                }
                return names;
            }
        });
    }

    /** All nodes that there are or were. */
    public List<RegisteredNode> list() throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LIST);
                    ResultSet row = statement.executeQuery()) {
                List<RegisteredNode> nodes = new ArrayList<>();
                while (row.next()) {
                    nodes.add(new RegisteredNode(
                            row.getString(1),
                            row.getLong(2),
                            row.getString(3),
                            NodeState.valueOf(row.getString(4)),
                            Statements.texts(row, 5),
                            row.getBoolean(6),
                            row.getObject(7, OffsetDateTime.class).toInstant(),
                            Duration.ofMillis(Math.max(0, row.getLong(8))),
                            true,
                            row.getInt(9),
                            row.getInt(10)));
                }
                return nodes;
            }
        });
    }

    /**
     * Wishes a node drained, or takes the wish back. The node hears of it with its next heartbeat; a node that does not run, when it
     * starts.
     *
     * @throws FailureException {@link Failure#NOT_FOUND}
     */
    public void wishDrain(String name, boolean drain) throws SQLException {
        int changed = database.transaction(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("UPDATE node SET drain = ? WHERE name = ?")) {
                statement.setBoolean(1, drain);
                statement.setString(2, name);
                return statement.executeUpdate();
            }
        });
        if (changed == 0) {
            throw unknown(name);
        }
    }

    /**
     * Takes a node off the list that is gone for good.
     *
     * @throws FailureException {@link Failure#NOT_FOUND}, or {@link Failure#CONFLICT} if it is alive
     */
    public void forget(String name) throws SQLException {
        int removed = database.transaction(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("DELETE FROM node WHERE name = ? AND state IN ('LOST', 'STOPPED')")) {
                statement.setString(1, name);
                return statement.executeUpdate();
            }
        });
        if (removed == 0) {
            boolean known = list().stream().anyMatch(node -> node.name().equals(name));
            throw known
                    ? new FailureException(
                            Failure.CONFLICT, "Node " + name + " is alive: stop it first (./dozo node stop K)")
                    : unknown(name);
        }
    }

    private static FailureException unknown(String name) {
        return new FailureException(Failure.NOT_FOUND, "There is no node " + name + "; GET /api/nodes lists all");
    }
}
