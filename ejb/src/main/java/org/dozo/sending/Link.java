// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import org.dozo.access.Destination;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.StorageReceiver;
import org.jspecify.annotations.Nullable;

/** One association at a time with a destination, with the contexts that the object at hand needs. Not thread-safe. */
final class Link {

    private final Destination destination;
    private final ProposalPlan plan;
    private @Nullable DicomConnection connection;
    private int proposal = -1;
    private boolean everOpen;

    Link(Destination destination, ProposalPlan plan) {
        this.destination = destination;
        this.plan = plan;
    }

    /**
     * Who takes objects of this class; an association without a context for it is released first.
     *
     * @throws UnsendableException if the class was not among those selected
     * @throws IOException if no association can be had
     */
    StorageReceiver receiverOf(String sopClassUid) throws IOException {
        int wanted = plan.proposalFor(sopClassUid);
        if (wanted < 0) {
            throw UnsendableException.forNow("The object was replaced by one of another class meanwhile", null);
        }
        DicomConnection open = connection;
        if (open != null && wanted == proposal) {
            return open;
        }
        release();
        DicomConnection fresh = destination.open(plan.contexts(wanted));
        connection = fresh;
        proposal = wanted;
        everOpen = true;
        return fresh;
    }

    /** Whether the destination has taken an association before. */
    boolean wasOpen() {
        return everOpen;
    }

    /** After a failure: the association is over. */
    void drop() {
        DicomConnection lost = connection;
        connection = null;
        if (lost != null) {
            lost.close();
        }
    }

    /** Ends the association in order. The destination may do its work only then, so it is not left to a pool. */
    void release() {
        DicomConnection open = connection;
        connection = null;
        if (open != null) {
            open.release();
        }
    }
}
