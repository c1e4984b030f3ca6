// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import org.dozo.shared.Database;

/**
 * One batch in the hands of its handler. The leases are extended as long as the handler runs. Thread-safe.
 *
 * <p><em>Pitfalls:</em> a lease that is lost makes the call that ends it throw; the transaction must then be rolled back, and the
 * leases that were ended in it are held as before. The transaction must be one of {@link Database}.
 */
public final class JobRun {

    private static final Logger LOG = Logger.getLogger(JobRun.class.getName());

    private final Database database;
    private final Leases table;
    private final JobMetrics metrics;
    private final JobKind kind;
    private final List<Lease> leases;
    private final Set<Long> ended = ConcurrentHashMap.newKeySet();
    private final Set<Long> lost = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;
    private volatile long confirmedNanos;

    JobRun(Database database, JobMetrics metrics, JobKind kind, List<Lease> leases, long leasedNanos) {
        this.database = database;
        this.table = new Leases(database);
        this.metrics = metrics;
        this.kind = kind;
        this.leases = List.copyOf(leases);
        this.confirmedNanos = leasedNanos;
    }

    /** All of one lane; the most urgent first; at least one. */
    public List<Lease> leases() {
        return leases;
    }

    /** Whether to come to an end: the node stops, or no lease is held any more (lost, cancelled, the database silent for too long). */
    public boolean isStopping() {
        List<Lease> open = open();
        return draining || isSilent() || (!open.isEmpty() && open.stream().noneMatch(this::holds));
    }

    /** Whether the job is still ours, as far as is known: asked of a lease that is not ended. */
    public boolean holds(Lease lease) {
        return !draining && !isSilent() && !lost.contains(lease.jobId());
    }

    private boolean isSilent() {
        return System.nanoTime() - confirmedNanos > kind.lease().toNanos();
    }

    /** For an effect that does not end the job: it is kept only if the job is still ours when it is written. */
    public void hold(Connection connection, Lease lease) throws SQLException, LeaseLostException {
        table.hold(connection, lease);
    }

    /** The job is done, in the transaction of its effect. */
    public void complete(Connection connection, Lease lease) throws SQLException, LeaseLostException {
        complete(connection, List.of(lease));
    }

    /** As {@link #complete(Connection, Lease)}, for many in one round trip: all or none. */
    public void complete(Connection connection, Collection<Lease> done) throws SQLException, LeaseLostException {
        table.complete(connection, done);
        database.afterCommit(() -> {
            done.forEach(lease -> ended.add(lease.jobId()));
            metrics.done(done.size());
        });
    }

    /**
     * The attempt failed: tried again by the kind's plan, a dead letter at its end.
     *
     * @param error what happened and what to do, for the operator; no patient data
     */
    public void fail(Connection connection, Lease lease, String error) throws SQLException, LeaseLostException {
        failed(lease, table.fail(connection, lease, kind.retry().after(lease.attempt()), error), error);
    }

    /** A dead letter at once: trying again can't help. */
    public void reject(Connection connection, Lease lease, String error) throws SQLException, LeaseLostException {
        failed(lease, table.reject(connection, lease, error), error);
    }

    /** Not now, and not an attempt: the destination is busy, a window is closed. */
    public void putOff(Connection connection, Lease lease, Duration delay, String why)
            throws SQLException, LeaseLostException {
        table.putOff(connection, lease, delay, why);
        database.afterCommit(() -> ended.add(lease.jobId()));
    }

    private void failed(Lease lease, boolean givenUp, String error) {
        database.afterCommit(() -> {
            ended.add(lease.jobId());
            metrics.failed(givenUp);
            if (givenUp) {
                LOG.warning(
                        () -> "DOZO-JOB-006 Job " + lease.jobId() + " (" + lease.kind() + ") is given up at attempt "
                                + lease.attempt() + ": " + error + ". Remedy: see /api/jobs/" + lease.jobId()
                                + ", mend the cause, then retry or cancel it there");
            }
        });
    }

    /** The leases that nothing has ended yet. */
    List<Lease> open() {
        return leases.stream().filter(lease -> !ended.contains(lease.jobId())).toList();
    }

    void drain() {
        draining = true;
    }

    /** What the database said of the leases at {@code nanos}: those of {@code held} are ours. */
    void confirm(Set<Long> held, long nanos) {
        confirmedNanos = nanos;
        for (Lease lease : leases) {
            if (!held.contains(lease.jobId()) && !ended.contains(lease.jobId())) {
                lost.add(lease.jobId());
            }
        }
    }
}
