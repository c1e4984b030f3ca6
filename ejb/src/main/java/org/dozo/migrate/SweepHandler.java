// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.RetryPlan;
import org.dozo.settings.PullSettings;
import org.dozo.shared.Database;

/**
 * Asks the source for the studies of a range of dates, part by part. An answer as long as the source's limit may be cut: then the part is
 * halved, to a day and further to a minute. Where that is no way to a whole answer, it is said. What was asked is not asked again.
 */
@Singleton
public class SweepHandler implements JobHandler {

    private static final Logger LOG = Logger.getLogger(SweepHandler.class.getName());

    private static final Duration TURN = Duration.ofSeconds(20);
    private static final int MOST_ATTEMPTS = 5;
    private static final int MOST_OF_ONE_SPAN = 20_000;
    private static final Duration BEFORE_NEXT_ATTEMPT = Duration.ofSeconds(10);

    private final Database database;
    private final Sources sources;
    private final MigrationLedger ledger;
    private final Supplier<LocalTime> clock;
    private final JobKind kind;

    @Inject
    public SweepHandler(Database database, Sources sources, MigrationLedger ledger, PullSettings settings) {
        this(database, sources, ledger, settings, LocalTime::now);
    }

    /** @param clock the time of day, for hours */
    SweepHandler(
            Database database,
            Sources sources,
            MigrationLedger ledger,
            PullSettings settings,
            Supplier<LocalTime> clock) {
        this.database = database;
        this.sources = sources;
        this.ledger = ledger;
        this.clock = clock;
        this.kind = new JobKind(
                MigrationLedger.SWEEP_JOB,
                settings.associations(),
                1,
                1,
                JobKind.LEASE,
                new RetryPlan(20, Duration.ofSeconds(2), 2, Duration.ofMinutes(5), 0.2));
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(JobRun run) throws SQLException {
        Lease lease = run.leases().getFirst();
        try {
            turn(run, lease, Long.parseLong(lease.key()));
        } catch (LeaseLostException e) {
            LOG.log(Level.FINE, e, () -> "The sweep of migration " + lease.key() + " is in other hands");
        }
    }

    private void turn(JobRun run, Lease lease, long id) throws SQLException, LeaseLostException {
        Optional<MigrationLedger.Terms> terms = database.read(connection -> MigrationLedger.terms(connection, id));
        if (terms.isEmpty() || terms.get().state() != MigrationState.RUNNING || next(id).isEmpty()) {
            end(run, lease, id);
            return;
        }
        if (!terms.get().isOpenAt(clock.get())) {
            putOff(run, lease, PullHandler.OUTSIDE_HOURS);
            return;
        }
        try (SourceArchive source = sources.open(terms.get().source())) {
            sweep(run, lease, id, terms.get(), source);
        } catch (SourceRefusedException e) {
            putOff(run, lease, id, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            putOff(run, lease, id, "The source can't be reached, or was lost: " + e.getMessage());
        }
    }

    private Optional<MigrationLedger.Span> next(long id) throws SQLException {
        return database.read(connection -> MigrationLedger.nextSpan(connection, id));
    }

    private void sweep(JobRun run, Lease lease, long id, MigrationLedger.Terms terms, SourceArchive source)
            throws SQLException, LeaseLostException, IOException {
        long deadline = System.nanoTime() + TURN.toNanos();
        while (System.nanoTime() < deadline
                && !run.isStopping()
                && ledger.isRunning(id)
                && terms.isOpenAt(clock.get())) {
            Optional<MigrationLedger.Span> span = next(id);
            if (span.isEmpty()) {
                end(run, lease, id);
                return;
            }
            List<Dataset> found;
            try {
                // Of a day all that it does name: halves of a day may leave out what has no Study Time.
                int most = Spans.isOfDays(span.get()) ? terms.matchLimit() : MOST_OF_ONE_SPAN;
                found = source.studies(Spans.keys(span.get(), terms.modality()), most);
            } catch (SourceRefusedException e) {
                refused(run, lease, id, span.get(), String.valueOf(e.getMessage()));
                return;
            }
            record(run, lease, id, span.get(), terms, found);
        }
        putOff(run, lease, Duration.ZERO);
    }

    private void record(
            JobRun run,
            Lease lease,
            long id,
            MigrationLedger.Span span,
            MigrationLedger.Terms terms,
            List<Dataset> found)
            throws SQLException, LeaseLostException {
        List<String> wanted = found.stream()
                .filter(match -> Spans.isOf(match, terms.modality()))
                .map(match -> match.getString(Tag.STUDY_INSTANCE_UID, ""))
                .distinct()
                .toList();
        boolean mayBeCut = found.size() >= terms.matchLimit();
        String cut = mayBeCut ? Spans.whyNotHalved(span, found) : "";
        boolean isHalved = mayBeCut && cut.isEmpty();
        database.<Boolean, LeaseLostException>transaction(connection -> {
            run.hold(connection, lease);
            if (MigrationLedger.addStudies(connection, id, wanted) > 0) {
                ledger.announcePulls(connection, id, terms);
            }
            if (isHalved) {
                MigrationLedger.replaceSpan(connection, id, span, Spans.halves(span));
            } else {
                MigrationLedger.endSpan(connection, id, span, wanted.size(), cut);
            }
            MigrationLedger.error(connection, id, "");
            return true;
        });
        if (!cut.isEmpty()) {
            LOG.warning(() -> cutLine(id, span, cut));
        }
    }

    private static String cutLine(long id, MigrationLedger.Span span, String cut) {
        return "DOZO-MIG-006 Migration " + id + ": the source may have more studies of " + span.from() + " to "
                + span.to() + " than it names. " + cut
                + ". Remedy: raise its limit of matches and \"matchLimit\", or give the studies by their UIDs";
    }

    /** Too much for it, perhaps: asked for less, and given up in the end. */
    private void refused(JobRun run, Lease lease, long id, MigrationLedger.Span span, String fault)
            throws SQLException, LeaseLostException {
        boolean isLast = span.attempts() + 1 >= MOST_ATTEMPTS;
        boolean isHalved = isLast && Spans.isDivisible(span);
        database.<Boolean, LeaseLostException>transaction(connection -> {
            if (isHalved) {
                MigrationLedger.replaceSpan(connection, id, span, Spans.halves(span));
            } else if (isLast) {
                MigrationLedger.endSpan(connection, id, span, 0, fault);
            } else {
                MigrationLedger.failSpan(connection, id, span);
            }
            MigrationLedger.error(connection, id, fault);
            run.putOff(connection, lease, isLast ? Duration.ZERO : BEFORE_NEXT_ATTEMPT, "");
            return true;
        });
        if (isLast && !isHalved) {
            LOG.warning(() -> cutLine(id, span, fault));
        }
    }

    /** Before the job ends the migration does, if nothing is open. */
    private void end(JobRun run, Lease lease, long id) throws SQLException, LeaseLostException {
        ledger.finish(id);
        database.<Boolean, LeaseLostException>transaction(connection -> {
            run.complete(connection, lease);
            return true;
        });
    }

    private void putOff(JobRun run, Lease lease, long id, String fault) throws SQLException, LeaseLostException {
        boolean isNews = database.<Boolean, LeaseLostException>transaction(connection -> {
            run.putOff(connection, lease, PullHandler.UNTIL_BACK, "");
            return MigrationLedger.error(connection, id, fault);
        });
        if (isNews) {
            LOG.warning(() -> "DOZO-MIG-005 Migration " + id + " waits: " + fault);
        }
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
