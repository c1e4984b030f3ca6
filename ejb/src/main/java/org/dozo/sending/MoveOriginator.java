// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import org.dozo.dicom.Priority;
import org.dozo.dicom.RetrieveRequest;

/**
 * On whose behalf objects are sent, PS3.7 §9.1.1.1.
 *
 * @param aeTitle of who asked for the C-MOVE; empty if nobody did, or for a C-GET
 */
public record MoveOriginator(String aeTitle, int messageId, Priority priority) {

    public static MoveOriginator ofMove(RetrieveRequest request) {
        return new MoveOriginator(request.association().callingAeTitle(), request.messageId(), request.priority());
    }

    /** The requestor knows himself. */
    public static MoveOriginator ofGet(RetrieveRequest request) {
        return nobody(request.priority());
    }

    /** The archive sends of its own accord. */
    public static MoveOriginator nobody(Priority priority) {
        return new MoveOriginator("", 0, priority);
    }
}
