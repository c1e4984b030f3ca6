// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/** Decides who may associate, and hears of every association's end. Implemented by the archive. */
public interface AssociationListener {

    /**
     * Called once for every well-formed A-ASSOCIATE-RQ that is within the listener's limits, before it is answered. Must answer within a second: the peer waits.
     *
     * @return whether the association is accepted or why it is rejected
     */
    Admission requested(Association association);

    /** Called exactly once for every association that {@link #requested} admitted, after its socket is closed. */
    void ended(Association association);
}
