// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import org.dozo.dicom.net.LogLine;
import org.dozo.dicom.net.OperatorLog;

/** What all connections of one listener share. */
record ListenerContext(
        ListenerSettings settings,
        Negotiation negotiation,
        Endpoints endpoints,
        Associations associations,
        ListenerStatistics statistics,
        OperatorLog log) {

    /** Closes a pending connection, since there are too many. */
    void giveWay(AssociationWork oldest) {
        log.write(
                LogLine.PENDING_CLOSED,
                "More than " + settings.maxPending()
                        + " connections wait without an association (dicom.max-pending): the oldest is closed");
        oldest.closeSocket();
    }
}
