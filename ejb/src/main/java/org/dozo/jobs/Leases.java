// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dozo.shared.Database;
import org.jspecify.annotations.Nullable;

/**
 * Who may do which job. Every lease raises the job's epoch; what comes from an older epoch or after the lease's end (by the database's
 * clock) is refused, so a frozen node that wakes up changes nothing.
 */
final class Leases {

    /** The longest error that is kept, in characters. */
    private static final int LONGEST_ERROR = 2000;

    private static final int MOST_SWEPT = 1000;

    /** One probe of the index a lane finds the head of each: what else stands in a lane is not looked at. */
    static final String HEADS = """
            WITH RECURSIVE head AS (
                (SELECT lane, priority, due_at FROM job WHERE kind = ? AND state = 'READY'
                 ORDER BY lane, priority DESC, due_at, id LIMIT 1)
                UNION ALL
                SELECT next.lane, next.priority, next.due_at FROM head CROSS JOIN LATERAL (
                    SELECT lane, priority, due_at FROM job WHERE kind = ? AND state = 'READY' AND lane > head.lane
                    ORDER BY lane, priority DESC, due_at, id LIMIT 1) AS next)
            SELECT lane, priority, due_at FROM head
            WHERE NOT EXISTS (SELECT FROM job_pause AS pause
                              WHERE pause.kind = ? AND (pause.lane IS NULL OR pause.lane = head.lane))""";

    /**
     * Takes from one lane, only STAT jobs if there are any, and says who is its head then. A CTE is run once, so that never more rows are
     * locked than are leased.
     */
    private static final String LEASE = """
            WITH chosen AS MATERIALIZED (
                SELECT CASE WHEN priority = 9 THEN 9 ELSE 0 END AS least FROM job
                WHERE kind = ? AND state = 'READY' AND lane = ? AND priority >= ?
                  AND NOT EXISTS (SELECT FROM job_pause AS pause
                                  WHERE pause.kind = ? AND (pause.lane IS NULL OR pause.lane = job.lane))
                ORDER BY priority DESC, due_at, id LIMIT 1),
            taken AS MATERIALIZED (
                SELECT here.id FROM chosen CROSS JOIN LATERAL (
                    SELECT id FROM job WHERE kind = ? AND state = 'READY' AND lane = ? AND priority >= chosen.least
                    ORDER BY priority DESC, due_at, id LIMIT ? FOR UPDATE SKIP LOCKED) AS here),
            next AS (
                SELECT priority, due_at FROM job WHERE kind = ? AND state = 'READY' AND lane = ? AND id NOT IN (SELECT id FROM taken)
                ORDER BY priority DESC, due_at, id LIMIT 1)
            UPDATE job SET state = 'LEASED', lease_owner = ?, attempts = attempts + 1, max_attempts = ?, epoch = epoch + 1,
                   due_at = clock_timestamp() + ? * interval '1 millisecond'
            FROM taken LEFT JOIN next ON true WHERE job.id = taken.id
            RETURNING job.id, job_key, payload::text, attempts, epoch, job.due_at, job.priority, next.priority, next.due_at""";

    private static final String MINE =
            " FROM unnest(?::bigint[], ?::bigint[]) AS mine (id, epoch) WHERE job.id = mine.id AND job.epoch = mine.epoch"
                    + " AND job.state = 'LEASED' AND job.due_at > clock_timestamp()";

    private static final String HELD =
            " WHERE id = ? AND epoch = ? AND state = 'LEASED' AND due_at > clock_timestamp()";

    private static final String HOLD = "SELECT id FROM job" + HELD + " FOR UPDATE";

    private static final String COMPLETE =
            "DELETE FROM job USING" + MINE.substring(" FROM".length()) + " AND NOT again";

    private static final String ONCE_MORE = """
            UPDATE job SET state = 'READY', lease_owner = NULL, again = false, attempts = 0, last_error = '',
                   due_at = clock_timestamp(), announced_at = clock_timestamp()""" + MINE + " AND again";

    /** A job that its owner holds locked now (it is about to end it) is not waited for: it needs no extension. */
    private static final String EXTEND = """
            WITH mine AS (SELECT job.id""" + MINE.replace(" FROM unnest", " FROM job, unnest") + """
            ),
            free AS MATERIALIZED (SELECT id FROM job WHERE id IN (SELECT id FROM mine) FOR UPDATE SKIP LOCKED),
            extended AS (
                UPDATE job SET due_at = clock_timestamp() + ? * interval '1 millisecond' FROM free WHERE job.id = free.id)
            SELECT id FROM mine""";

    /** What was announced once more meanwhile is tried again in any case. */
    private static final String FAIL = """
            UPDATE job SET state = CASE WHEN attempts >= max_attempts AND NOT again THEN 'FAILED' ELSE 'WAITING' END,
                   attempts = CASE WHEN attempts >= max_attempts AND again THEN 0 ELSE attempts END,
                   again = false, lease_owner = NULL, last_error = ?, due_at = clock_timestamp() + ? * interval '1 millisecond'""" + HELD + " RETURNING state";

    private static final String REJECT = """
            UPDATE job SET state = CASE WHEN again THEN 'READY' ELSE 'FAILED' END,
                   attempts = CASE WHEN again THEN 0 ELSE attempts END,
                   again = false, lease_owner = NULL, last_error = ?, due_at = clock_timestamp()""" + HELD + " RETURNING state";

    /** What was announced once more meanwhile is begun again at once: whoever puts it off does not know of that. */
    private static final String PUT_OFF = """
            UPDATE job SET state = CASE WHEN again THEN 'READY' ELSE 'WAITING' END, attempts = attempts - 1, again = false,
                   lease_owner = NULL, last_error = ?,
                   due_at = clock_timestamp() + CASE WHEN again THEN 0 ELSE ? END * interval '1 millisecond'""" + HELD + " RETURNING state";

    private static final String HAND_BACK =
            "UPDATE job SET state = 'READY', attempts = attempts - 1, again = false, lease_owner = NULL, due_at = clock_timestamp()"
                    + MINE;

    /** A job of which nobody says a word was the last attempt's of a node that died: this is the only place that can give it up. */
    private static final String SWEEP = """
            WITH due AS MATERIALIZED (
                SELECT id FROM job
                WHERE state IN ('LEASED', 'WAITING') AND due_at <= statement_timestamp()
                  AND (state = 'LEASED' OR after_key IS NULL OR NOT EXISTS (
                       SELECT FROM job AS before WHERE before.kind = job.after_kind AND before.job_key = job.after_key))
                ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED)
            UPDATE job SET
                state = CASE WHEN state = 'LEASED' AND attempts >= max_attempts AND NOT again THEN 'FAILED' ELSE 'READY' END,
                last_error = CASE WHEN state = 'LEASED'
                                  THEN left('The lease ran out: node ' || lease_owner || ' died or hung. ' || last_error, 2000)
                                  ELSE last_error END,
                again = false, lease_owner = NULL
            FROM due WHERE job.id = due.id
            RETURNING job.kind""";

    private static final Comparator<Lease> MOST_URGENT_FIRST =
            Comparator.comparingInt(Lease::priority).reversed().thenComparingLong(Lease::jobId);

    private final Database database;

    Leases(Database database) {
        this.database = database;
    }

    /**
     * What was leased.
     *
     * @param lane the most urgent one; null if there is nothing to be done
     * @param leases of that lane; empty if others were quicker
     */
    record Taken(@Nullable String lane, List<Lease> leases) {}

    /** As {@link #lease(JobKind, String, Set, int, LaneHeads)}, of heads that are looked at now. */
    Taken lease(JobKind kind, String owner, Set<String> without, int least) throws SQLException {
        return lease(kind, owner, without, least, new LaneHeads());
    }

    /**
     * Takes up to a batch of jobs of the lane whose head is the most urgent; only STAT ones if there are any.
     *
     * @param owner the name of this node
     * @param without lanes that are not asked
     * @param least the least urgent priority that is taken
     * @param heads what is known of the lanes: looked at if it is old, and brought up to date
     */
    Taken lease(JobKind kind, String owner, Set<String> without, int least, LaneHeads heads) throws SQLException {
        if (heads.isOld()) {
            heads.replace(heads(kind.name()));
        }
        LaneHeads.Head head = heads.first(without, least);
        if (head == null && least < NewJob.STAT && !heads.isNew()) {
            // That nothing is left is said only after a look. STAT that this node does not know of may wait for the
            // next.
            heads.replace(heads(kind.name()));
            head = heads.first(without, least);
        }
        return head == null ? new Taken(null, List.of()) : lease(kind, owner, head.lane(), least, heads);
    }

    private List<LaneHeads.Head> heads(String kind) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(HEADS)) {
                bindHeads(statement, kind);
                List<LaneHeads.Head> heads = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        heads.add(new LaneHeads.Head(row.getString(1), row.getInt(2), instant(row, 3)));
                    }
                }
                return heads;
            }
        });
    }

    static void bindHeads(PreparedStatement statement, String kind) throws SQLException {
        statement.setString(1, kind);
        statement.setString(2, kind);
        statement.setString(3, kind);
    }

    private Taken lease(JobKind kind, String owner, String lane, int least, LaneHeads heads) throws SQLException {
        List<Lease> leases = database.statement(
                LEASE,
                statement -> bind(statement, kind, owner, lane, least),
                row -> taken(kind.name(), lane, row, heads));
        // RETURNING knows no order.
        leases.sort(MOST_URGENT_FIRST);
        return new Taken(lane, leases);
    }

    private static void bind(PreparedStatement statement, JobKind kind, String owner, String lane, int least)
            throws SQLException {
        String name = kind.name();
        statement.setString(1, name);
        statement.setString(2, lane);
        statement.setInt(3, least);
        statement.setString(4, name);
        statement.setString(5, name);
        statement.setString(6, lane);
        statement.setInt(7, kind.batch());
        statement.setString(8, name);
        statement.setString(9, lane);
        statement.setString(10, owner);
        statement.setInt(11, kind.retry().attempts());
        statement.setLong(12, kind.lease().toMillis());
    }

    private static List<Lease> taken(String kind, String lane, ResultSet row, LaneHeads heads) throws SQLException {
        List<Lease> leases = new ArrayList<>();
        LaneHeads.Head next = null;
        while (row.next()) {
            leases.add(new Lease(
                    row.getLong(1),
                    kind,
                    row.getString(2),
                    lane,
                    row.getString(3),
                    row.getInt(7),
                    row.getInt(4),
                    row.getLong(5),
                    instant(row, 6)));
            int priority = row.getInt(8);
            next = row.wasNull() ? null : new LaneHeads.Head(lane, priority, instant(row, 9));
        }
        heads.set(lane, next);
        return leases;
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** The jobs are done; those that were announced once more meanwhile are due again. All or none. */
    void complete(Connection connection, Collection<Lease> leases) throws SQLException, LeaseLostException {
        int ended = all(connection, COMPLETE, leases);
        if (ended < leases.size()) {
            ended += all(connection, ONCE_MORE, leases);
        }
        if (ended < leases.size()) {
            throw new LeaseLostException(leases);
        }
    }

    private static int all(Connection connection, String sql, Collection<Lease> leases) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(connection, statement, leases);
            return statement.executeUpdate();
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, Collection<Lease> leases)
            throws SQLException {
        statement.setArray(
                1,
                connection.createArrayOf(
                        "bigint", leases.stream().map(Lease::jobId).toArray()));
        statement.setArray(
                2,
                connection.createArrayOf(
                        "bigint", leases.stream().map(Lease::epoch).toArray()));
    }

    /** Nobody else has the job until the transaction ends, or it is thrown that somebody may. */
    void hold(Connection connection, Lease lease) throws SQLException, LeaseLostException {
        try (PreparedStatement statement = connection.prepareStatement(HOLD)) {
            statement.setLong(1, lease.jobId());
            statement.setLong(2, lease.epoch());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new LeaseLostException(List.of(lease));
                }
            }
        }
    }

    /** @return whether it was given up, this being the last attempt */
    boolean fail(Connection connection, Lease lease, Duration delay, String error)
            throws SQLException, LeaseLostException {
        try (PreparedStatement statement = connection.prepareStatement(FAIL)) {
            statement.setString(1, kept(error));
            statement.setLong(2, delay.toMillis());
            return isGivenUp(statement, 3, lease);
        }
    }

    /** @return whether it was given up, and not announced once more meanwhile */
    boolean reject(Connection connection, Lease lease, String error) throws SQLException, LeaseLostException {
        try (PreparedStatement statement = connection.prepareStatement(REJECT)) {
            statement.setString(1, kept(error));
            return isGivenUp(statement, 2, lease);
        }
    }

    void putOff(Connection connection, Lease lease, Duration delay, String why)
            throws SQLException, LeaseLostException {
        try (PreparedStatement statement = connection.prepareStatement(PUT_OFF)) {
            statement.setString(1, kept(why));
            statement.setLong(2, delay.toMillis());
            isGivenUp(statement, 3, lease);
        }
    }

    private static boolean isGivenUp(PreparedStatement statement, int first, Lease lease)
            throws SQLException, LeaseLostException {
        statement.setLong(first, lease.jobId());
        statement.setLong(first + 1, lease.epoch());
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new LeaseLostException(List.of(lease));
            }
            return row.getString(1).equals("FAILED");
        }
    }

    private static String kept(String error) {
        String text = error.replace('\0', ' ');
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR);
    }

    /**
     * Keeps jobs for {@code duration} from now.
     *
     * @return those that are still ours
     */
    Set<Long> extend(Collection<Lease> leases, Duration duration) throws SQLException {
        return database.transaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(EXTEND)) {
                bind(connection, statement, leases);
                statement.setLong(3, duration.toMillis());
                Set<Long> held = new HashSet<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        held.add(row.getLong(1));
                    }
                }
                return held;
            }
        });
    }

    /** Gives jobs back as if they had never been leased; those that are no longer ours stay as they are. */
    void handBack(Collection<Lease> leases) throws SQLException {
        database.transaction(connection -> all(connection, HAND_BACK, leases));
    }

    /**
     * Makes ready what is due: jobs that waited, jobs of nodes that died.
     *
     * @return the kinds that have new work
     */
    Set<String> sweep() throws SQLException {
        Set<String> kinds = new HashSet<>();
        int swept;
        do {
            swept = database.transaction(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(SWEEP)) {
                    statement.setInt(1, MOST_SWEPT);
                    int rows = 0;
                    try (ResultSet row = statement.executeQuery()) {
                        for (; row.next(); rows++) {
                            kinds.add(row.getString(1));
                        }
                    }
                    return rows;
                }
            });
        } while (swept == MOST_SWEPT);
        return kinds;
    }
}
