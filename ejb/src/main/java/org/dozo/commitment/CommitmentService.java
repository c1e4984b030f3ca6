// SPDX-License-Identifier: Apache-2.0
package org.dozo.commitment;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.Admissions;
import org.dozo.access.PeerRegistry;
import org.dozo.access.Permission;
import org.dozo.dicom.Association;
import org.dozo.dicom.CommitmentListener;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DimseStatus;
import org.dozo.jobs.JobBell;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.NewJob;
import org.dozo.proof.Commitments;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what peers ask for, with the job that will do it, in one transaction: what is answered with 0000 will be reported on, whatever
 * becomes of this node. What {@link CommitmentMdb} lets in ends here.
 */
@Singleton
public class CommitmentService implements CommitmentListener {

    private static final Logger LOG = Logger.getLogger(CommitmentService.class.getName());

    /** The PS3.3 §C.14 failure reason, as a status: another request has the Transaction UID. */
    private static final DimseStatus DUPLICATE =
            new DimseStatus(0x0131, "The Transaction UID is in use for other instances");

    private final Admissions admissions;
    private final PeerRegistry peers;
    private final Database database;
    private final Jobs jobs;
    private final JobBell bell;
    private final Commitments commitments;

    @Inject
    public CommitmentService(
            Admissions admissions,
            PeerRegistry peers,
            Database database,
            Jobs jobs,
            JobBell bell,
            Commitments commitments) {
        this.admissions = admissions;
        this.peers = peers;
        this.database = database;
        this.jobs = jobs;
        this.bell = bell;
        this.commitments = commitments;
    }

    @Override
    public DimseStatus requested(Association association, CommitmentRequest request) {
        return answered(association, "A storage commitment request", () -> {
            if (!admissions.may(association, Permission.COMMIT)) {
                throw new FailureException(
                        Failure.NOT_AUTHORISED,
                        "The peer is not allowed to commit; allow it with ./dozo peer add or /api/peers");
            }
            if (peers.get(association.callingAeTitle()).isEmpty()) {
                throw new FailureException(
                        Failure.PROCESSING_FAILURE,
                        "Nobody knows where to report to: the caller is no peer. Remedy: ./dozo peer add "
                                + association.callingAeTitle() + " HOST PORT");
            }
            DimseStatus status = database.transaction(connection -> keep(connection, association, request));
            bell.ring(CommitmentCheck.KIND.name(), NewJob.ROUTINE);
            return status;
        });
    }

    @Override
    public DimseStatus reported(Association association, CommitmentResult result) {
        return answered(
                association,
                "A storage commitment report",
                () -> commitments.reported(association.callingAeTitle(), result));
    }

    private DimseStatus keep(Connection connection, Association association, CommitmentRequest request)
            throws SQLException {
        KeptRequest kept =
                RequestRows.keep(connection, association.callingAeTitle(), association.calledAeTitle(), request);
        if (!kept.isTheSame()) {
            return DUPLICATE;
        }
        NewJob next = kept.state().equals(RequestRows.CHECKED)
                ? CommitmentReport.job(kept.id(), association.callingAeTitle())
                : CommitmentCheck.job(kept.id(), association.callingAeTitle());
        jobs.announce(connection, next);
        return DimseStatus.SUCCESS;
    }

    private interface Work {
        DimseStatus run() throws SQLException;
    }

    private static DimseStatus answered(Association association, String what, Work work) {
        try {
            DimseStatus status = work.run();
            if (!status.isDone()) {
                log(association, what, status, null);
            }
            return status;
        } catch (FailureException e) {
            DimseStatus status = new DimseStatus(e.failure().dimseStatus(), String.valueOf(e.getMessage()));
            log(association, what, status, e);
            return status;
        } catch (SQLException e) {
            // A700 is a storage status; PS3.7 §10.1.4.1.10 has 0110 for it.
            DimseStatus status = new DimseStatus(
                    Failure.PROCESSING_FAILURE.dimseStatus(), Failure.of(e).sentence());
            log(association, what, status, e);
            return status;
        }
    }

    private static void log(Association association, String what, DimseStatus status, @Nullable Exception cause) {
        LOG.log(
                Level.WARNING,
                () -> "DOZO-COM-001 " + what + " of AE title " + association.callingAeTitle() + " was answered "
                        + status + (cause instanceof SQLException ? ": " + cause.getMessage() : ""));
    }
}
