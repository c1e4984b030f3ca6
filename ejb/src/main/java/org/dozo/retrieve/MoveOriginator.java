// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import org.dozo.dicom.Priority;
import org.dozo.dicom.RetrieveRequest;

/**
 * On whose behalf objects are sent, PS3.7 §9.1.1.1.
 *
 * @param aeTitle of who asked for the C-MOVE; empty for a C-GET
 */
record MoveOriginator(String aeTitle, int messageId, Priority priority) {

    static MoveOriginator ofMove(RetrieveRequest request) {
        return new MoveOriginator(request.association().callingAeTitle(), request.messageId(), request.priority());
    }

    /** The requestor knows himself. */
    static MoveOriginator ofGet(RetrieveRequest request) {
        return new MoveOriginator("", 0, request.priority());
    }
}
