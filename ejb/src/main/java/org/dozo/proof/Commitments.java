// SPDX-License-Identifier: Apache-2.0
package org.dozo.proof;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import org.dozo.access.Destination;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.SopReference;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.NewJob;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;

/**
 * Asks peers for storage commitment, and keeps what they answer, on whatever association and at whatever node the answer comes.
 *
 * <p><em>Pitfalls:</em> an answer may never come; whoever asks decides by {@link Promise#age} when it has waited long enough. What was asked
 * is forgotten after 30 days. With the answer a job {@value #ANSWERED_JOB} is announced, for whoever asked.
 */
@Singleton
public class Commitments {

    /** The kind of job that an answer announces; its key is the Transaction UID. */
    public static final String ANSWERED_JOB = "commitment-answer";

    private static final Logger LOG = Logger.getLogger(Commitments.class.getName());

    private static final List<String> SYNTAXES =
            List.of(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid());

    /** With Verification, so that a peer without the service has something to accept. */
    private static final List<ProposedContext> CONTEXTS = List.of(
            new ProposedContext(SopClasses.STORAGE_COMMITMENT, SYNTAXES),
            new ProposedContext(SopClasses.VERIFICATION, SYNTAXES));

    /** Processing failure and resource limitation, PS3.7 §C: of now, not of the request. */
    private static final Set<Integer> PASSING = Set.of(0x0110, 0x0213);

    /** Peers that report on the same association mostly do so at once. */
    private static final Duration SAME_ASSOCIATION = Duration.ofSeconds(1);

    private static final DimseStatus UNKNOWN =
            new DimseStatus(0x0115, "No such Transaction UID was asked of this AE title");

    /** For one of the destination's associations. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Database database;
    private final Jobs jobs;
    private final SecureRandom random = new SecureRandom();

    @Inject
    public Commitments(Database database, Jobs jobs) {
        this.database = database;
        this.jobs = jobs;
    }

    /**
     * Asks a destination to answer for instances that it was sent. Returns when it has taken the request: takes up to a second
     * longer than the destination, and one of its places meanwhile.
     *
     * @param instances at least one
     * @return the Transaction UID, for {@link #find}
     * @throws NoCommitmentException if the peer gives none: asking again is of no use before it is configured otherwise
     * @throws IOException if it can't be reached, has no place free, or failed on the way or at present: ask again later
     */
    public String ask(Destination destination, Collection<SopReference> instances)
            throws NoCommitmentException, IOException, SQLException, InterruptedException {
        if (!destination.enter(PATIENCE)) {
            throw new IOException("All associations with " + destination.aeTitle() + " are in use");
        }
        try {
            return askInPlace(destination, instances);
        } finally {
            destination.leave();
        }
    }

    private String askInPlace(Destination destination, Collection<SopReference> instances)
            throws NoCommitmentException, IOException, SQLException {
        String transactionUid = "2.25." + new BigInteger(127, random);
        CommitmentRequest request = new CommitmentRequest(transactionUid, List.copyOf(instances));
        try (DicomConnection connection = destination.open(CONTEXTS)) {
            if (connection
                    .acceptedTransferSyntaxUids(SopClasses.STORAGE_COMMITMENT)
                    .isEmpty()) {
                connection.release();
                throw new NoCommitmentException(destination.aeTitle() + " does not offer storage commitment");
            }
            // Before the request: the answer may overtake the response.
            database.transaction(rows -> {
                AskedRows.insert(rows, destination.aeTitle(), request);
                return request;
            });
            DimseStatus status = connection.requestCommitment(
                    request, SAME_ASSOCIATION, result -> reportedOnRequest(destination.aeTitle(), result));
            destination.answered();
            // So that a late report comes on an association of the peer's, and not on one that lies idle in the pool.
            connection.release();
            if (!status.isDone()) {
                database.transaction(rows -> {
                    AskedRows.delete(rows, transactionUid);
                    return request;
                });
                String refusal = destination.aeTitle() + " refused a storage commitment request with " + status;
                if (PASSING.contains(status.code())) {
                    throw new IOException(refusal);
                }
                throw new NoCommitmentException(refusal);
            }
            return transactionUid;
        }
    }

    /** As it is now; empty if nothing of the kind was asked. */
    public Optional<Promise> find(String transactionUid) throws SQLException {
        return database.read(connection -> AskedRows.find(connection, transactionUid));
    }

    /**
     * Keeps an answer. One that comes again, or later says otherwise, changes nothing.
     *
     * @param aeTitle who says so: an answer of somebody else than was asked is none
     * @return what the peer is answered
     */
    public DimseStatus reported(String aeTitle, CommitmentResult result) throws SQLException {
        AskedRows.Kept kept = database.<AskedRows.Kept, SQLException>transaction(connection -> {
            AskedRows.Kept now = AskedRows.answer(connection, aeTitle, result);
            if (now == AskedRows.Kept.KEPT) {
                jobs.announce(connection, new NewJob(ANSWERED_JOB, result.transactionUid(), "{}", NewJob.ROUTINE));
            }
            return now;
        });
        return kept == AskedRows.Kept.UNASKED ? UNKNOWN : DimseStatus.SUCCESS;
    }

    private DimseStatus reportedOnRequest(String aeTitle, CommitmentResult result) {
        try {
            return reported(aeTitle, result);
        } catch (SQLException e) {
            LOG.warning(() -> "DOZO-COM-005 A storage commitment report of " + aeTitle
                    + " could not be kept, and it was told so: " + e.getMessage());
            return new DimseStatus(
                    Failure.PROCESSING_FAILURE.dimseStatus(), Failure.of(e).sentence());
        }
    }
}
