// SPDX-License-Identifier: Apache-2.0
package org.dozo.commitment;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import org.dozo.index.FixityCatalogue;
import org.dozo.index.KeptInstance;
import org.dozo.jobs.JobBell;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.NewJob;
import org.dozo.jobs.RetryPlan;
import org.dozo.shared.Database;

/**
 * The job that checks a request: reads copies, a page of instances at a time, and writes down what it found; so another node goes on
 * where a dead one ended. What can't be read now is tried again for several minutes, then reported as a failure.
 */
@Singleton
public class CommitmentCheck implements JobHandler {

    private static final Logger LOG = Logger.getLogger(CommitmentCheck.class.getName());

    static final JobKind KIND = new JobKind(
            "commitment",
            2,
            1,
            1,
            JobKind.LEASE,
            new RetryPlan(20, Duration.ofSeconds(5), 2, Duration.ofMinutes(5), 0.2));

    /** 5 + 10 + 20 + 40 + 80 + 160 s. */
    private static final int PATIENT_ATTEMPTS = 6;

    private static final int PAGE = 50;

    private final Database database;
    private final Jobs jobs;
    private final JobBell bell;
    private final FixityCatalogue catalogue;
    private final CopyReading copies;

    @Inject
    public CommitmentCheck(Database database, Jobs jobs, JobBell bell, FixityCatalogue catalogue, CopyReading copies) {
        this.database = database;
        this.jobs = jobs;
        this.bell = bell;
        this.catalogue = catalogue;
        this.copies = copies;
    }

    /** In the peer's lane: one that asks for a whole archive delays no other. */
    static NewJob job(long request, String aeTitle) {
        return new NewJob(KIND.name(), Long.toString(request), "{}", NewJob.ROUTINE).inLane(aeTitle);
    }

    @Override
    public JobKind kind() {
        return KIND;
    }

    @Override
    public void run(JobRun run) throws SQLException, LeaseLostException {
        for (Lease lease : run.leases()) {
            check(run, lease);
        }
    }

    private void check(JobRun run, Lease lease) throws SQLException, LeaseLostException {
        long id = Long.parseLong(lease.key());
        int undecided = 0;
        int position = 0;
        List<RequestItem> page = page(id, position);
        while (!page.isEmpty()) {
            if (run.isStopping()) {
                putOff(run, lease);
                return;
            }
            Map<Integer, Integer> reasons = judge(page);
            database.<Long, LeaseLostException>transaction(connection -> {
                // Verdicts of a node that froze are old: a copy may have been lost or mended meanwhile.
                run.hold(connection, lease);
                RequestRows.decide(connection, id, reasons);
                return id;
            });
            undecided += page.size() - reasons.size();
            position = page.getLast().position();
            page = page(id, position);
        }
        end(run, lease, undecided);
    }

    private List<RequestItem> page(long id, int after) throws SQLException {
        return database.read(connection -> RequestRows.unchecked(connection, id, after, PAGE));
    }

    private Map<Integer, Integer> judge(List<RequestItem> page) throws SQLException {
        Map<String, KeptInstance> kept = catalogue.find(
                page.stream().map(item -> item.reference().sopInstanceUid()).toList());
        Map<Integer, Integer> reasons = new HashMap<>();
        for (RequestItem item : page) {
            KeptInstance instance = kept.get(item.reference().sopInstanceUid());
            copies.judge(item.reference().sopClassUid(), instance)
                    .ifPresent(reason -> reasons.put(item.position(), reason));
        }
        return reasons;
    }

    private void putOff(JobRun run, Lease lease) throws SQLException, LeaseLostException {
        database.transaction(connection -> {
            run.putOff(connection, lease, Duration.ZERO, "The node stops");
            return lease;
        });
    }

    private void end(JobRun run, Lease lease, int undecided) throws SQLException, LeaseLostException {
        long id = Long.parseLong(lease.key());
        boolean wait = undecided > 0 && lease.attempt() < PATIENT_ATTEMPTS;
        database.transaction(connection -> {
            if (wait) {
                run.fail(
                        connection,
                        lease,
                        undecided + " instances could not be read again: volumes are away. See ./dozo status");
                return lease;
            }
            Optional<String> peer = RequestRows.finish(connection, id, CopyReading.PROCESSING_FAILURE);
            if (peer.isPresent()) {
                jobs.announce(connection, CommitmentReport.job(id, peer.get()));
            }
            run.complete(connection, lease);
            return lease;
        });
        bell.ring(CommitmentReport.KIND.name(), NewJob.HIGH);
        if (undecided > 0 && !wait) {
            LOG.warning(() -> "DOZO-COM-003 Storage commitment request " + id + ": " + undecided
                    + " instances could not be read for several minutes and are reported as not committed."
                    + " Remedy: bring the volumes back (./dozo status); the peer will ask again");
        }
    }

    @Override
    public String remedy() {
        return "Mend what the error names, then retry the job: the peer waits for its report";
    }
}
