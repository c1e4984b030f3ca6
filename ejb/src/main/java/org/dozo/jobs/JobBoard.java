// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Logger;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/** The operators' hand on the jobs of all nodes: see them, retry, cancel, hurry and halt them. */
@Singleton
public class JobBoard {

    /** Jobs that one page has at most. */
    public static final int LONGEST_PAGE = 1000;

    private static final Logger LOG = Logger.getLogger(JobBoard.class.getName());

    /** Jobs that one transaction changes at most: none holds the rows of a million. */
    private static final int PORTION = 5000;

    private static final String COLUMNS = """
            SELECT id, kind, job_key, lane, priority, state, due_at, announced_at, attempts, max_attempts, lease_owner, after_key,
                   last_error
            FROM job WHERE id > ?""";

    private static final String RETRY = """
            UPDATE job SET state = 'READY', attempts = 0, due_at = clock_timestamp(), after_kind = NULL, after_key = NULL""";

    private static final String CANCEL = "DELETE FROM job";

    private final Database database;
    private final JobRunner runner;
    private final JobBell bell;

    @Inject
    public JobBoard(Database database, JobRunner runner, JobBell bell) {
        this.database = database;
        this.runner = runner;
        this.bell = bell;
    }

    /**
     * A page of jobs, the oldest first.
     *
     * @param afterId the last job of the page before; 0 for the first page
     * @param limit 1 to {@link #LONGEST_PAGE}
     */
    public List<JobRow> list(JobFilter filter, long afterId, int limit) throws SQLException {
        if (limit < 1 || limit > LONGEST_PAGE) {
            throw new FailureException(
                    Failure.INVALID_RECORD, "A page of " + limit + " jobs is not one of 1 to " + LONGEST_PAGE);
        }
        return database.read(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement(COLUMNS + filter.condition() + " ORDER BY id LIMIT ?")) {
                statement.setLong(1, afterId);
                statement.setInt(filter.bind(statement, 2), limit);
                List<JobRow> rows = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        rows.add(row(row));
                    }
                }
                return rows;
            }
        });
    }

    private JobRow row(ResultSet row) throws SQLException {
        String kind = row.getString(2);
        String state = row.getString(6);
        return new JobRow(
                row.getLong(1),
                kind,
                row.getString(3),
                row.getString(4),
                row.getInt(5),
                state,
                row.getObject(7, OffsetDateTime.class).toInstant(),
                row.getObject(8, OffsetDateTime.class).toInstant(),
                row.getInt(9),
                row.getInt(10),
                row.getString(11),
                row.getString(12),
                row.getString(13),
                state.equals("FAILED") ? remedy(kind) : "");
    }

    private String remedy(String kind) {
        KindRunner known = runner.kinds().get(kind);
        return known == null
                ? "This node does no jobs of kind " + kind + ": ask one that does, or cancel it"
                : known.handler().remedy();
    }

    /**
     * Jobs that wait or were given up are due at once, as if new.
     *
     * @return how many
     */
    public long retry(JobFilter filter) throws SQLException {
        return change("retried", RETRY, "state IN ('FAILED', 'WAITING')", filter, 0);
    }

    /**
     * Jobs are deleted; who does one now is told, and his result refused.
     *
     * @return how many
     */
    public long cancel(JobFilter filter) throws SQLException {
        return change("cancelled", CANCEL, "true", filter, 0);
    }

    /**
     * @param priority 0 to 9, for all of them
     *
     * @return how many have another priority now
     */
    public long prioritise(JobFilter filter, int priority) throws SQLException {
        if (priority < 0 || priority > NewJob.STAT) {
            throw new FailureException(
                    Failure.INVALID_RECORD, "Priority " + priority + " is not in 0 (bulk) to 9 (STAT)");
        }
        return change(
                "given priority " + priority,
                "UPDATE job SET priority = " + priority,
                "priority <> " + priority,
                filter,
                priority);
    }

    private long change(String what, String action, String applicable, JobFilter filter, int priority)
            throws SQLException {
        String find = "SELECT id FROM job WHERE id > ? AND " + applicable + filter.condition() + " ORDER BY id LIMIT ?";
        String lock = "SELECT id FROM job WHERE id = ANY (?) AND " + applicable + filter.condition() + " FOR UPDATE";
        long all = 0;
        List<Long> portion = List.of();
        do {
            portion = portion(find, filter, portion.isEmpty() ? 0 : portion.getLast());
            Set<Long> left = new TreeSet<>(portion);
            left.removeAll(changed(action, lock + " SKIP LOCKED", filter, portion));
            // Whoever holds these may want others too: nothing is held while he is waited for.
            int waited = 0;
            for (Long each : left) {
                waited += changed(action, lock, filter, List.of(each)).size();
            }
            all += portion.size() - left.size() + waited;
        } while (portion.size() == PORTION);
        if (all > 0) {
            long number = all;
            LOG.info(() -> "DOZO-JOB-007 An operator has " + what + " " + number + " jobs: " + filter);
            runner.kinds().keySet().forEach(kind -> bell.ring(kind, priority));
        }
        return all;
    }

    private List<Long> portion(String find, JobFilter filter, long last) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(find)) {
                statement.setLong(1, last);
                statement.setInt(filter.bind(statement, 2), PORTION);
                return ids(statement);
            }
        });
    }

    private List<Long> changed(String action, String lock, JobFilter filter, List<Long> ids) throws SQLException {
        String sql = "WITH free AS MATERIALIZED (" + lock + ") " + action
                + " WHERE id IN (SELECT id FROM free) RETURNING id";
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
                filter.bind(statement, 2);
                return ids(statement);
            }
        });
    }

    private static List<Long> ids(PreparedStatement statement) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        }
        return ids;
    }

    /**
     * Nothing of the kind, or of one of its lanes, is begun on any node; what runs goes on.
     *
     * @param lane null for the whole kind
     */
    public void pause(String kind, @Nullable String lane, String reason) throws SQLException {
        requireKind(kind);
        database.transaction(connection -> pause(connection, kind, lane, reason));
        LOG.info(() -> "DOZO-JOB-008 An operator has paused " + named(kind, lane));
    }

    private static int pause(Connection connection, String kind, @Nullable String lane, String reason)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO job_pause (kind, lane, reason) VALUES (?, ?, ?)
                ON CONFLICT (kind, lane) DO UPDATE SET reason = excluded.reason""")) {
            statement.setString(1, kind);
            statement.setString(2, lane);
            statement.setString(3, reason);
            return statement.executeUpdate();
        }
    }

    /**
     * Ends just that pause: a lane stays halted while its kind is.
     *
     * @return whether there was one
     */
    public boolean resume(String kind, @Nullable String lane) throws SQLException {
        requireKind(kind);
        boolean resumed = database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "DELETE FROM job_pause WHERE kind = ? AND lane IS NOT DISTINCT FROM ?")) {
                statement.setString(1, kind);
                statement.setString(2, lane);
                return statement.executeUpdate() > 0;
            }
        });
        if (resumed) {
            LOG.info(() -> "DOZO-JOB-009 An operator has resumed " + named(kind, lane));
            bell.ring(kind, NewJob.ROUTINE);
        }
        return resumed;
    }

    private static String named(String kind, @Nullable String lane) {
        return lane == null ? "all jobs of kind " + kind : "lane " + lane + " of kind " + kind;
    }

    private void requireKind(String kind) {
        if (!runner.kinds().containsKey(kind)) {
            throw new FailureException(
                    Failure.NOT_FOUND,
                    "This node does no jobs of kind " + kind + "; the kinds are "
                            + String.join(
                                    ", ",
                                    runner.kinds().keySet().stream().sorted().toList()));
        }
    }

    public List<Pause> pauses() throws SQLException {
        return database.read(connection -> {
            List<Pause> pauses = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(
                            "SELECT kind, lane, reason, paused_at FROM job_pause ORDER BY kind, lane NULLS FIRST");
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    pauses.add(new Pause(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getObject(4, OffsetDateTime.class).toInstant()));
                }
            }
            return pauses;
        });
    }

    /** What this node does, by name. */
    public List<KindStatus> kinds() {
        return runner.kinds().values().stream()
                .map(KindRunner::status)
                .sorted((a, b) -> a.kind().name().compareTo(b.kind().name()))
                .toList();
    }
}
