// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.util.Map;

/**
 * What the listener counts since the node's start, under {@code org.dozo:type=DicomListener}: read by whoever shows metrics; and the
 * hand on its door.
 */
public interface ListenerStatisticsMXBean {

    int getOpenAssociations();

    /** Connections that are no association: the request is awaited, or the close. */
    int getPendingConnections();

    long getAcceptedAssociations();

    /** By reason, in the standard's words. */
    Map<String, Long> getRejectedAssociations();

    /** Those that were accepted and did not end by a release: aborted by either side, timed out or lost. */
    long getAbortedAssociations();

    long getBytesReceived();

    /** C-STORE requests that were answered, by status in four hexadecimal digits. */
    Map<String, Long> getStoreResponses();

    /** C-FIND requests that were answered to the end, by final status. */
    Map<String, Long> getFindResponses();

    /** C-MOVE requests that were answered to the end, by final status. */
    Map<String, Long> getMoveResponses();

    /** C-GET requests that were answered to the end, by final status. */
    Map<String, Long> getGetResponses();

    boolean isAccepting();

    /** Whether late associations are rejected as transient (PS3.8 §9.3.4) for now; those that are open go on. */
    void refuseNewcomers(boolean refusing);
}
