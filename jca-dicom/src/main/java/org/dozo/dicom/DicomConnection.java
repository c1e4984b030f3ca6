// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;
import org.dozo.dicom.data.Dataset;

/** One association as SCU. Not thread-safe. {@link #close} releases it in order, or aborts it after a failure. */
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

    @Override
    void close();
}
