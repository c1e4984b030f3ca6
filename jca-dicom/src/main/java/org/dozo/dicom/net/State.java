// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import static org.dozo.dicom.net.PduType.ABORT;
import static org.dozo.dicom.net.PduType.ASSOCIATE_AC;
import static org.dozo.dicom.net.PduType.ASSOCIATE_RJ;
import static org.dozo.dicom.net.PduType.ASSOCIATE_RQ;
import static org.dozo.dicom.net.PduType.P_DATA_TF;
import static org.dozo.dicom.net.PduType.RELEASE_RP;
import static org.dozo.dicom.net.PduType.RELEASE_RQ;

/**
 * The states of an association, PS3.8 §9.2.1, for both roles. Sta4 (transport not open yet) has no object here; the four
 * states of a release collision (Sta9 to Sta12) are one, since this side always answers at once.
 */
public enum State {
    /** Sta2, acceptor: the transport is open, ARTIM runs. */
    AWAITING_REQUEST(ASSOCIATE_RQ),
    /** Sta3, acceptor: the request is being decided. */
    DECIDING(),
    /** Sta5, requestor. */
    AWAITING_ANSWER(ASSOCIATE_AC, ASSOCIATE_RJ),
    /** Sta6. */
    ESTABLISHED(P_DATA_TF, RELEASE_RQ),
    /** Sta7, requestor: data of the peer may still arrive. */
    AWAITING_RELEASE_RESPONSE(P_DATA_TF, RELEASE_RQ, RELEASE_RP),
    /** Sta9 to Sta12: both sides asked for the release. */
    RELEASE_COLLISION(RELEASE_RP),
    /** Sta8: the peer asked for the release, the response is not sent yet. */
    RELEASE_REQUESTED(),
    /** Sta13: ARTIM runs until the peer closes. */
    AWAITING_CLOSE(),
    /** Sta1. */
    CLOSED();

    private final int receivable;

    State(PduType... receivable) {
        int bits = 0;
        for (PduType type : receivable) {
            bits |= bit(type);
        }
        this.receivable = bits;
    }

    /** Whether a PDU of this type is part of the protocol now; any other is answered by A-ABORT. */
    public boolean mayReceive(PduType type) {
        return type == ABORT || (receivable & bit(type)) != 0;
    }

    private static int bit(PduType type) {
        return 1 << type.code();
    }

    /**
     * The transition to {@code next}.
     *
     * @throws IllegalStateException if PS3.8 Table 9-10 has none
     */
    public State to(State next) {
        if (!mayBecome(next)) {
            throw new IllegalStateException("An association can't go from " + this + " to " + next);
        }
        return next;
    }

    private boolean mayBecome(State next) {
        if (next == CLOSED) {
            return true;
        }
        if (next == AWAITING_CLOSE) {
            return this != CLOSED;
        }
        return switch (this) {
            case AWAITING_REQUEST -> next == DECIDING;
            case DECIDING, AWAITING_ANSWER -> next == ESTABLISHED;
            case ESTABLISHED -> next == AWAITING_RELEASE_RESPONSE || next == RELEASE_REQUESTED;
            case AWAITING_RELEASE_RESPONSE -> next == RELEASE_COLLISION;
            case RELEASE_COLLISION, RELEASE_REQUESTED, AWAITING_CLOSE, CLOSED -> false;
        };
    }
}
