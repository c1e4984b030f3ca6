// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dozo.shared.Database;

/**
 * Announces work: a row, written in the transaction that makes it necessary. Whoever announces what is announced already waits for
 * nothing and loses nothing: a job that is being done is done once more.
 */
@Singleton
public class Jobs {

    /**
     * The row is locked even when nothing of it changes: so nobody leases it before the announcing transaction has ended, and does the
     * job without what that transaction wrote. A job that failed or was put off keeps its time, unless what is announced is more urgent.
     */
    private static final String ONCE_MORE = """
             ON CONFLICT (kind, job_key) DO UPDATE SET
                again = job.state = 'LEASED',
                priority = greatest(job.priority, excluded.priority),
                attempts = CASE WHEN job.state = 'FAILED' THEN 0 ELSE job.attempts END,
                state = CASE WHEN job.state IN ('LEASED', 'READY') THEN job.state
                             WHEN job.state = 'FAILED' OR job.after_key IS NULL AND excluded.due_at < job.due_at
                             THEN excluded.state ELSE job.state END,
                due_at = CASE WHEN job.state = 'FAILED' OR job.state = 'WAITING' AND job.after_key IS NULL
                                   AND excluded.due_at < job.due_at
                              THEN excluded.due_at ELSE job.due_at END
            WHERE job.state = 'LEASED' AND NOT job.again OR job.state = 'FAILED' OR excluded.priority > job.priority
               OR job.state = 'WAITING' AND job.last_error = '' AND job.after_key IS NULL AND excluded.due_at < job.due_at""";

    private static final String ANNOUNCE = """
            INSERT INTO job (kind, job_key, payload, priority, lane, state, due_at, after_kind, after_key)
            VALUES (?, ?, ?::jsonb, ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond', ?, ?)""" + ONCE_MORE;

    private static final String COUNTS = """
            SELECT kind, count(*) FILTER (WHERE state IN ('READY', 'WAITING')), count(*) FILTER (WHERE state = 'LEASED'),
                   count(*) FILTER (WHERE state = 'FAILED')
            FROM job GROUP BY kind""";

    private static final Comparator<NewJob> BY_NAME =
            Comparator.comparing(NewJob::kind).thenComparing(NewJob::key);

    private final Database database;
    private final JobBell bell;

    @Inject
    public Jobs(Database database, JobBell bell) {
        this.database = database;
        this.bell = bell;
    }

    /** Rings no bell: the sweeper finds what is announced. */
    public Jobs(Database database) {
        this(database, new JobBell());
    }

    /**
     * The statement that announces jobs, for those who write them together with what they are about; see {@link JobBell#ring}.
     *
     * @param source rows of kind, key, payload (jsonb) and priority, as {@code VALUES} or {@code SELECT}, each kind and key once
     */
    public static String announcing(String source) {
        return "INSERT INTO job (kind, job_key, payload, priority) " + source + ONCE_MORE;
    }

    /** Writes the job in the caller's transaction: it exists if and only if the transaction commits. Then the bell is rung. */
    public void announce(Connection connection, NewJob job) throws SQLException {
        announce(connection, List.of(job));
    }

    /** As {@link #announce(Connection, NewJob)}, for many in one round trip. */
    public void announce(Connection connection, Collection<NewJob> jobs) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ANNOUNCE)) {
            // In one order, so that two who announce the same jobs never wait for each other.
            for (NewJob job : jobs.stream().sorted(BY_NAME).toList()) {
                bind(statement, job);
                statement.addBatch();
            }
            statement.executeBatch();
        }
        for (NewJob job : jobs) {
            if (isReady(job)) {
                database.afterCommit(() -> bell.ring(job.kind(), job.priority()));
            }
        }
    }

    private static boolean isReady(NewJob job) {
        return job.delay().isZero() && job.after() == null;
    }

    private static void bind(PreparedStatement statement, NewJob job) throws SQLException {
        NewJob.Name after = job.after();
        statement.setString(1, job.kind());
        statement.setString(2, job.key());
        statement.setString(3, job.payload());
        statement.setInt(4, job.priority());
        statement.setString(5, job.lane());
        statement.setString(6, isReady(job) ? "READY" : "WAITING");
        statement.setLong(7, job.delay().toMillis());
        statement.setString(8, after == null ? null : after.kind());
        statement.setString(9, after == null ? null : after.key());
    }

    /** By kind; kinds without a job are absent. A lease that ran out counts as leased until a sweeper has seen it. */
    public Map<String, JobCounts> counts() throws SQLException {
        return database.read(connection -> {
            Map<String, JobCounts> counts = new TreeMap<>();
            try (PreparedStatement statement = connection.prepareStatement(COUNTS);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    counts.put(row.getString(1), new JobCounts(row.getLong(2), row.getLong(3), row.getLong(4)));
                }
            }
            return counts;
        });
    }
}
