// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dozo.shared.Database;

/**
 * The job table: announce, lease, complete, retry, give up. Every lease raises the job's epoch; what comes from an older epoch or
 * after the lease's end (by the database's clock) is refused, so a frozen node that wakes up changes nothing.
 *
 * <p><em>Pitfalls:</em> a job may run more than once (its node died after the effect, before {@link #complete}); every effect must be
 * idempotent under the job's key.
 */
@Singleton
public class Jobs {

    private static final String ANNOUNCE = announcing("VALUES (?, ?, ?::jsonb, ?)");

    /** Jobs whose last permitted attempt ended with its node: nobody reported a failure, so this is the only place that can. */
    private static final String GIVE_UP_EXHAUSTED = """
            UPDATE job SET state = 'FAILED', lease_owner = NULL,
                   last_error = 'The lease of the last attempt ran out; the node died or hung. ' || last_error
            WHERE id IN (SELECT id FROM job WHERE kind = ? AND state <> 'FAILED' AND due_at <= clock_timestamp()
                         AND attempts >= max_attempts FOR UPDATE SKIP LOCKED)""";

    private static final String LEASE = """
            UPDATE job SET state = 'LEASED', lease_owner = ?, attempts = attempts + 1, epoch = epoch + 1,
                   due_at = clock_timestamp() + ? * interval '1 millisecond'
            WHERE id IN (SELECT id FROM job WHERE kind = ? AND state <> 'FAILED' AND due_at <= clock_timestamp()
                         AND attempts < max_attempts
                         ORDER BY priority DESC, due_at, id LIMIT ? FOR UPDATE SKIP LOCKED)
            RETURNING id, kind, job_key, payload::text, attempts, epoch, due_at, priority""";

    private static final String HELD =
            " WHERE id = ? AND epoch = ? AND state = 'LEASED' AND due_at > clock_timestamp()";

    private static final String COMPLETE = "DELETE FROM job" + HELD;

    private static final String EXTEND =
            "UPDATE job SET due_at = clock_timestamp() + ? * interval '1 millisecond'" + HELD + " RETURNING due_at";

    private static final String FAIL = """
            UPDATE job SET state = CASE WHEN attempts >= max_attempts THEN 'FAILED' ELSE 'READY' END, lease_owner = NULL,
                   last_error = ?, due_at = clock_timestamp() + ? * interval '1 millisecond'""" + HELD;

    private static final String COUNTS = """
            SELECT kind,
                   count(*) FILTER (WHERE state = 'READY' OR state = 'LEASED' AND due_at <= clock_timestamp()) AS ready,
                   count(*) FILTER (WHERE state = 'LEASED' AND due_at > clock_timestamp()) AS leased,
                   count(*) FILTER (WHERE state = 'FAILED') AS failed
            FROM job GROUP BY kind""";

    private final Database database;

    @Inject
    public Jobs(Database database) {
        this.database = database;
    }

    /**
     * The statement that announces jobs, for those who write them together with what they are about. A job that exists already stays.
     *
     * @param source rows of kind, key, payload (jsonb) and priority, as {@code VALUES} or {@code SELECT}
     */
    public static String announcing(String source) {
        return "INSERT INTO job (kind, job_key, payload, priority) " + source
                + " ON CONFLICT (kind, job_key) DO NOTHING";
    }

    /** Writes the job in the caller's transaction: it exists if and only if the transaction commits. */
    public void announce(Connection connection, NewJob job) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ANNOUNCE)) {
            statement.setString(1, job.kind());
            statement.setString(2, job.key());
            statement.setString(3, job.payload());
            statement.setInt(4, job.priority());
            statement.executeUpdate();
        }
    }

    /**
     * Takes up to {@code limit} due jobs of a kind, the most urgent first; also those whose lease ran out.
     *
     * @param owner the name of this node
     * @param duration how long nobody else may have them
     */
    public List<Lease> lease(String kind, int limit, String owner, Duration duration) throws SQLException {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(GIVE_UP_EXHAUSTED)) {
                statement.setString(1, kind);
                statement.executeUpdate();
            }
            try (PreparedStatement statement = connection.prepareStatement(LEASE)) {
                statement.setString(1, owner);
                statement.setLong(2, duration.toMillis());
                statement.setString(3, kind);
                statement.setInt(4, limit);
                return leases(statement);
            }
        });
    }

    private static List<Lease> leases(PreparedStatement statement) throws SQLException {
        record Ranked(int priority, Lease lease) {}
        List<Ranked> ranked = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Lease lease = new Lease(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getInt(5),
                        row.getLong(6),
                        row.getObject(7, OffsetDateTime.class).toInstant());
                ranked.add(new Ranked(row.getInt(8), lease));
            }
        }
        // RETURNING knows no order.
        ranked.sort((a, b) -> a.priority() != b.priority()
                ? Integer.compare(b.priority(), a.priority())
                : Long.compare(a.lease().jobId(), b.lease().jobId()));
        return ranked.stream().map(Ranked::lease).toList();
    }

    /** The job is done, in the same transaction as its effect. */
    public void complete(Connection connection, Lease lease) throws SQLException, LeaseLostException {
        try (PreparedStatement statement = connection.prepareStatement(COMPLETE)) {
            hold(statement, 1, lease);
            refuseLost(statement.executeUpdate(), lease);
        }
    }

    /**
     * The attempt failed. The job is due again after {@code delay}, or given up if this was the last attempt.
     *
     * @param error what happened and what to do, for the operator; no patient data
     */
    public void fail(Connection connection, Lease lease, Duration delay, String error)
            throws SQLException, LeaseLostException {
        try (PreparedStatement statement = connection.prepareStatement(FAIL)) {
            statement.setString(1, error.replace('\0', ' '));
            statement.setLong(2, delay.toMillis());
            hold(statement, 3, lease);
            refuseLost(statement.executeUpdate(), lease);
        }
    }

    /** Keeps the job for {@code duration} from now. */
    public Lease extend(Lease lease, Duration duration) throws SQLException, LeaseLostException {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(EXTEND)) {
                statement.setLong(1, duration.toMillis());
                hold(statement, 2, lease);
                try (ResultSet row = statement.executeQuery()) {
                    refuseLost(row.next() ? 1 : 0, lease);
                    return new Lease(
                            lease.jobId(),
                            lease.kind(),
                            lease.key(),
                            lease.payload(),
                            lease.attempt(),
                            lease.epoch(),
                            row.getObject(1, OffsetDateTime.class).toInstant());
                }
            }
        });
    }

    /** By kind; kinds without a job are absent. */
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

    private static void hold(PreparedStatement statement, int first, Lease lease) throws SQLException {
        statement.setLong(first, lease.jobId());
        statement.setLong(first + 1, lease.epoch());
    }

    private static void refuseLost(int rows, Lease lease) throws LeaseLostException {
        if (rows == 0) {
            throw new LeaseLostException(lease);
        }
    }
}
