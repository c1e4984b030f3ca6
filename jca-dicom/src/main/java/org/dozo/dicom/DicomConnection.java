// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;
import java.time.Duration;
import org.dozo.dicom.data.Dataset;

/** One association that we opened, as SCU if nothing else is said. Not thread-safe. {@link #close} releases it in order, or aborts it after a failure. */
public interface DicomConnection extends StorageReceiver, AutoCloseable {

    /** C-ECHO, PS3.7 §9.1.5. Verification must have been proposed. */
    DimseStatus echo() throws IOException;

    /** Ends the association in order, now; {@link #close} may keep it open for a later caller. Nothing can be done with it afterwards. */
    void release();

    /**
     * C-FIND, PS3.7 §9.1.2: gives every match to {@code matches} as it comes, and asks after each whether it is the last wanted; if
     * so the peer is told (C-CANCEL), and what still comes is thrown away.
     *
     * @param sopClassUid the information model, which must have been accepted
     * @return the final status
     * @throws IllegalArgumentException if no context was accepted for the class
     * @throws IOException of {@code matches} or of the association: it can't be used any more
     */
    DimseStatus find(String sopClassUid, Dataset identifier, Matches matches) throws IOException;

    /**
     * C-MOVE, PS3.7 §9.1.4: has the peer send to another; {@code progress} hears of each pending response, and is asked after each
     * whether the rest is still wanted.
     *
     * @param sopClassUid the information model, which must have been accepted
     * @param destination AE title, 1 to 16 characters
     * @return the final response; counts that the peer does not send are 0
     * @throws IllegalArgumentException if no context was accepted for the class, or {@code destination} is no AE title
     * @throws IOException of {@code progress} or of the association: it can't be used any more
     */
    RetrieveResult move(String sopClassUid, Dataset identifier, String destination, RetrieveProgress progress)
            throws IOException;

    /**
     * N-ACTION of the Storage Commitment Push Model, PS3.4 §J.3.2: asks the peer for a commitment. The report comes on an association
     * that the peer opens, or on this one: then {@code reports} takes it, before the response or within {@code patience} after it.
     *
     * @param patience how long to wait for a report once the request is accepted; zero not to wait
     * @throws IllegalArgumentException if no context was accepted for the service
     * @throws IOException of the association: it can't be used any more. The peer may have taken the request all the same
     */
    DimseStatus requestCommitment(CommitmentRequest request, Duration patience, CommitmentReports reports)
            throws IOException;

    /**
     * N-EVENT-REPORT of the Storage Commitment Push Model, PS3.4 §J.3.3, to a peer that took the SCU role ({@link
     * ProposedContext#provider}).
     *
     * @throws IllegalArgumentException if no context was accepted for the service, or the peer refused us the SCP role
     * @throws IOException of the association: it can't be used any more. The peer may have taken the report all the same
     */
    DimseStatus reportCommitment(CommitmentResult result) throws IOException;

    /**
     * N-CREATE, PS3.7 §10.1.5: has the peer make an instance of a class of its service.
     *
     * @param sopInstanceUid of the instance to be; sent again, it is the same one
     * @throws IllegalArgumentException if no context was accepted for the class
     * @throws IOException of the association: it can't be used any more. The peer may have made it all the same
     */
    DimseStatus create(String sopClassUid, String sopInstanceUid, Dataset attributes) throws IOException;

    @Override
    void close();
}
