// SPDX-License-Identifier: Apache-2.0
package org.dozo.commitment;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.index.InstanceIndex;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.NewJob;
import org.dozo.jobs.RetryPlan;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** The job that tells a peer what became of its request, on an association of our own, until the peer has heard. A lane a peer. */
@Singleton
public class CommitmentReport implements JobHandler {

    private static final Logger LOG = Logger.getLogger(CommitmentReport.class.getName());

    /** For more than three days. */
    static final JobKind KIND = new JobKind(
            "commitment-report",
            4,
            1,
            1,
            JobKind.LEASE,
            new RetryPlan(1000, Duration.ofSeconds(5), 2, Duration.ofMinutes(5), 0.2));

    private static final List<ProposedContext> CONTEXTS = List.of(new ProposedContext(
            SopClasses.STORAGE_COMMITMENT,
            List.of(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid()),
            true));

    private final Database database;
    private final PeerRegistry peers;
    private final DicomConnectionFactory connections;
    private final Jobs jobs;

    @Inject
    public CommitmentReport(Database database, PeerRegistry peers, DicomConnectionFactory connections, Jobs jobs) {
        this.database = database;
        this.peers = peers;
        this.connections = connections;
        this.jobs = jobs;
    }

    static NewJob job(long request, String aeTitle) {
        return new NewJob(KIND.name(), Long.toString(request), "{}", NewJob.HIGH).inLane(aeTitle);
    }

    @Override
    public JobKind kind() {
        return KIND;
    }

    @Override
    public void run(JobRun run) throws SQLException, IOException, LeaseLostException {
        for (Lease lease : run.leases()) {
            long id = Long.parseLong(lease.key());
            Optional<DueReport> due = database.read(connection -> RequestRows.due(connection, id));
            if (due.isPresent()) {
                tell(due.get());
                LOG.info(() -> "DOZO-COM-004 " + due.get().aeTitle() + " was told of its storage commitment request "
                        + due.get().result().transactionUid() + ": "
                        + due.get().result().committed().size() + " instances committed, "
                        + due.get().result().failed().size() + " not");
            }
            database.transaction(connection -> {
                if (RequestRows.reported(connection, id)) {
                    jobs.announce(connection, committed(connection, id));
                }
                run.complete(connection, lease);
                return id;
            });
        }
    }

    /** For those who wait until a study is known to be safe. */
    private static List<NewJob> committed(Connection connection, long id) throws SQLException {
        return RequestRows.committedStudies(connection, id).stream()
                .map(study -> new NewJob(InstanceIndex.COMMITTED_JOB, study, "{}", NewJob.ROUTINE))
                .toList();
    }

    private void tell(DueReport due) throws SQLException, IOException {
        KnownPeer peer = peers.get(due.aeTitle())
                .orElseThrow(() -> new FailureException(
                        Failure.UNKNOWN_DESTINATION,
                        due.aeTitle() + " is no peer any more. Remedy: ./dozo peer add " + due.aeTitle()
                                + " HOST PORT"));
        try (DicomConnection connection = connections.open(peer.address(), due.ownAeTitle(), CONTEXTS)) {
            DimseStatus status = connection.reportCommitment(due.result());
            connection.release();
            if (!status.isDone()) {
                throw new IOException(due.aeTitle() + " did not take the storage commitment report: " + status);
            }
        }
    }

    @Override
    public String remedy() {
        return "Let the peer take storage commitment reports (N-EVENT-REPORT) at its configured host and port, then retry the job";
    }
}
