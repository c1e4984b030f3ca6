// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.dozo.access.KnownPeer;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.RetryPlan;
import org.dozo.settings.PullSettings;
import org.dozo.shared.Database;

/**
 * Brings the studies of a migration, one after the other in each of its slots: asks what the source has, has it send what is missing, and
 * certifies what is held. A slot whose node died goes on with the same study; what has come is not asked for again.
 */
@Singleton
public class PullHandler implements JobHandler {

    private static final Logger LOG = Logger.getLogger(PullHandler.class.getName());

    /** After so long a slot lets others of its source have their turn. */
    private static final Duration TURN = Duration.ofSeconds(20);

    static final Duration OUTSIDE_HOURS = Duration.ofMinutes(1);

    /** While the source is down; a destination that is left alone is not even called. */
    static final Duration UNTIL_BACK = Duration.ofSeconds(5);

    /** While a person is needed. */
    private static final Duration UNTIL_MENDED = Duration.ofSeconds(30);

    private final Database database;
    private final Sources sources;
    private final MigrationLedger ledger;
    private final MigrationMetrics metrics;
    private final PullSettings settings;
    private final Supplier<LocalTime> clock;
    private final JobKind kind;

    @Inject
    public PullHandler(
            Database database,
            Sources sources,
            MigrationLedger ledger,
            MigrationMetrics metrics,
            PullSettings settings) {
        this(database, sources, ledger, metrics, settings, LocalTime::now);
    }

    /** @param clock the time of day, for hours */
    PullHandler(
            Database database,
            Sources sources,
            MigrationLedger ledger,
            MigrationMetrics metrics,
            PullSettings settings,
            Supplier<LocalTime> clock) {
        this.database = database;
        this.sources = sources;
        this.ledger = ledger;
        this.metrics = metrics;
        this.settings = settings;
        this.clock = clock;
        this.kind = new JobKind(
                MigrationLedger.PULL_JOB,
                settings.associations(),
                1,
                settings.associationsPerSource(),
                JobKind.LEASE,
                new RetryPlan(20, Duration.ofSeconds(2), 2, Duration.ofMinutes(5), 0.2));
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(JobRun run) throws SQLException, InterruptedException {
        Lease lease = run.leases().getFirst();
        try {
            turn(run, lease);
        } catch (LeaseLostException e) {
            LOG.log(Level.FINE, e, () -> "Slot " + lease.key() + " is in other hands");
        }
    }

    private void turn(JobRun run, Lease lease) throws SQLException, LeaseLostException, InterruptedException {
        int slash = lease.key().indexOf('/');
        long id = Long.parseLong(lease.key(), 0, slash, 10);
        int slot = Integer.parseInt(lease.key(), slash + 1, lease.key().length(), 10);
        long deadline = System.nanoTime() + TURN.toNanos();
        Map<Double, Pace> paces = new HashMap<>();
        while (System.nanoTime() < deadline && !run.isStopping()) {
            Optional<PullTask> task = next(run, lease, id, slot);
            if (task.isEmpty()) {
                return;
            }
            Pace pace = paces.computeIfAbsent(task.get().objectsPerSecond(), Pace::new);
            if (!pull(run, lease, task.get(), pace)) {
                return;
            }
        }
        putOff(run, lease, Duration.ZERO);
    }

    /** The next study; empty if there is none for now, and then the job is ended. */
    private Optional<PullTask> next(JobRun run, Lease lease, long id, int slot)
            throws SQLException, LeaseLostException {
        AtomicBoolean nothingLeft = new AtomicBoolean();
        Optional<PullTask> task = database.<Optional<PullTask>, LeaseLostException>transaction(connection -> {
            run.hold(connection, lease);
            Optional<MigrationLedger.Terms> terms = MigrationLedger.terms(connection, id);
            if (terms.isEmpty() || terms.get().state() != MigrationState.RUNNING) {
                MigrationLedger.giveBack(connection, id, slot);
                run.complete(connection, lease);
                return Optional.empty();
            }
            if (!terms.get().isOpenAt(clock.get())) {
                run.putOff(connection, lease, OUTSIDE_HOURS, "");
                return Optional.empty();
            }
            Optional<PullTask> taken = MigrationLedger.take(connection, id, slot, terms.get());
            if (taken.isEmpty()) {
                Optional<Duration> due = MigrationLedger.due(connection, id);
                nothingLeft.set(due.isEmpty());
                if (due.isPresent()) {
                    run.putOff(connection, lease, due.get(), "");
                }
            }
            return taken;
        });
        if (nothingLeft.get()) {
            // Before the job ends: if the node dies in between, whoever has the job next does it.
            ledger.finish(id);
            database.<Boolean, LeaseLostException>transaction(connection -> {
                run.complete(connection, lease);
                return true;
            });
        }
        return task;
    }

    /** @return whether the slot goes on */
    private boolean pull(JobRun run, Lease lease, PullTask task, Pace pace)
            throws SQLException, LeaseLostException, InterruptedException {
        Watch watch = new Watch(run, lease, task.migrationId(), ledger);
        try (SourceArchive source = sources.open(task.source())) {
            return pull(run, lease, task, new Pull(source, task, pace, watch), source, watch);
        } catch (SourceRefusedException e) {
            // Of one study's trouble it is told within; this is about every study.
            return wait(run, lease, task, UNTIL_MENDED, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return wait(run, lease, task, UNTIL_BACK, "The source can't be reached: " + e.getMessage());
        }
    }

    private boolean pull(JobRun run, Lease lease, PullTask task, Pull pull, SourceArchive source, Watch watch)
            throws SQLException, LeaseLostException, SourceRefusedException, InterruptedException {
        SourceStudy said = new SourceStudy(0, List.of());
        String remark;
        try {
            said = source.study(task.study());
            if (!said.has(task.modality())) {
                end(run, lease, task, StudyState.SKIPPED, "It has no series of modality " + task.modality());
                return true;
            }
            remark = pull.run(said, uids(held(task.study())));
        } catch (SourceRefusedException e) {
            if (e.isOfUs()) {
                throw e;
            }
            remark = String.valueOf(e.getMessage());
        } catch (IOException e) {
            source.lost();
            remark = "The association was lost: " + e.getMessage();
        }
        if (watch.isCancelled()) {
            // Neither tried nor come short: it is taken up again where it is.
            stop(run, lease, task);
            return false;
        }
        certify(run, lease, task, source.peer(), said, remark);
        return true;
    }

    private List<HeldInstance> held(String study) throws SQLException {
        return database.read(connection -> MigrationLedger.held(connection, study));
    }

    private static Set<String> uids(List<HeldInstance> held) {
        return held.stream().map(HeldInstance::sopInstanceUid).collect(Collectors.toSet());
    }

    private void certify(JobRun run, Lease lease, PullTask task, KnownPeer peer, SourceStudy said, String remark)
            throws SQLException, LeaseLostException {
        Certificate certificate = database.<Certificate, LeaseLostException>transaction(connection -> {
            run.hold(connection, lease);
            Certificate issued = Certificate.of(
                    task.study(),
                    said,
                    MigrationLedger.held(connection, task.study()),
                    peer.aeTitle(),
                    peer.host() + ":" + peer.port(),
                    remark,
                    Instant.now());
            MigrationLedger.certify(connection, task.migrationId(), issued);
            MigrationLedger.error(connection, task.migrationId(), "");
            settle(connection, task, issued);
            return issued;
        });
        boolean last = task.attempt() >= settings.attempts();
        if (certificate.complete() || last) {
            metrics.certified(certificate);
        }
        if (!certificate.complete() && last) {
            LOG.warning(() -> "DOZO-MIG-004 Migration " + task.migrationId() + ": a study is incomplete after "
                    + task.attempt() + " attempts, " + certificate.held() + " instances of " + certificate.said()
                    + " are held. Remedy: GET /api/migrations/" + task.migrationId()
                    + "/studies?state=incomplete names it and why; mend the source, then POST /api/migrations/"
                    + task.migrationId() + "/retry");
        }
    }

    private void settle(Connection connection, PullTask task, Certificate certificate) throws SQLException {
        if (certificate.complete()) {
            MigrationLedger.end(connection, task, StudyState.COMPLETE, "", Duration.ZERO);
            return;
        }
        boolean last = task.attempt() >= settings.attempts();
        MigrationLedger.end(
                connection,
                task,
                last ? StudyState.INCOMPLETE : StudyState.QUEUED,
                fault(certificate),
                settings.retryDelay().multipliedBy(task.attempt()));
    }

    private static String fault(Certificate certificate) {
        String fault = certificate.said() == 0
                ? "The source names no instance of it"
                : certificate.missingCount() + " of the " + certificate.named() + " instances named by the source are"
                        + " missing; it counts " + certificate.said() + ", " + certificate.held() + " are held";
        return certificate.remark().isEmpty() ? fault : fault + ". " + certificate.remark();
    }

    private void end(JobRun run, Lease lease, PullTask task, StudyState state, String error)
            throws SQLException, LeaseLostException {
        database.<Boolean, LeaseLostException>transaction(connection -> {
            run.hold(connection, lease);
            MigrationLedger.end(connection, task, state, error, Duration.ZERO);
            return true;
        });
    }

    private void stop(JobRun run, Lease lease, PullTask task) throws SQLException, LeaseLostException {
        database.<Boolean, LeaseLostException>transaction(connection -> {
            MigrationLedger.giveBack(connection, task.migrationId(), task.slot());
            run.putOff(connection, lease, Duration.ZERO, "");
            return true;
        });
    }

    /** The source as a whole is in trouble: no study's attempt, and the slot waits. */
    private boolean wait(JobRun run, Lease lease, PullTask task, Duration delay, String fault)
            throws SQLException, LeaseLostException {
        boolean isNews = database.<Boolean, LeaseLostException>transaction(connection -> {
            MigrationLedger.giveBack(connection, task.migrationId(), task.slot());
            run.putOff(connection, lease, delay, "");
            return MigrationLedger.error(connection, task.migrationId(), fault);
        });
        if (isNews) {
            LOG.warning(() -> "DOZO-MIG-005 Migration " + task.migrationId() + " waits: " + fault);
        }
        return false;
    }

    private void putOff(JobRun run, Lease lease, Duration delay) throws SQLException, LeaseLostException {
        database.<Boolean, LeaseLostException>transaction(connection -> {
            run.putOff(connection, lease, delay, "");
            return true;
        });
    }

    @Override
    public String remedy() {
        return "See /api/migrations for the migration, mend what the error names, then POST /api/migrations/ID/resume";
    }
}
