// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.sql.SQLException;
import org.dozo.dicom.DimseStatus;
import org.dozo.index.StoredInstance;
import org.dozo.shared.Bytes;

/**
 * What {@link Courier}s bring to one destination, and who keeps the account of it. Its text is what operators read of it in the log.
 * Thread-safe if it has several couriers.
 */
public interface Consignment {

    /** What is still to be sent. */
    Outbox outbox();

    MoveOriginator originator();

    /** Whether no further object is to be sent; the one on its way is. Asked between objects and while waiting for a place. */
    boolean isStopped();

    /**
     * The destination answered: not necessarily that it took the object.
     *
     * @throws SQLException if the account could not be kept: the courier ends
     */
    void answered(StoredInstance instance, DimseStatus status) throws SQLException;

    /**
     * The object is at the destination as a file, which can be compared with this later.
     *
     * @param sha256 of the whole file, 32 bytes
     * @throws SQLException as {@link #answered}
     */
    default void filed(StoredInstance instance, Bytes sha256) throws SQLException {
        answered(instance, DimseStatus.SUCCESS);
    }

    /**
     * One object can't be sent, others may be.
     *
     * @param why without patient data
     * @param again whether trying later may help
     * @throws SQLException as {@link #answered}
     */
    void failed(StoredInstance instance, String why, boolean again) throws SQLException;

    /**
     * A courier has ended; what he did not bring is back in the outbox.
     *
     * @param fault why he could not go on; empty if nothing was left or he was stopped
     */
    void ended(String fault);
}
