// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** PS3.8 Table 9-10. */
class StateTest {

    @Test
    void theLifeOfAnAcceptorIsLegal() {
        assertEquals(
                State.CLOSED,
                State.AWAITING_REQUEST
                        .to(State.DECIDING)
                        .to(State.ESTABLISHED)
                        .to(State.RELEASE_REQUESTED)
                        .to(State.AWAITING_CLOSE)
                        .to(State.CLOSED));
    }

    @Test
    void theLifeOfARequestorWithACollisionIsLegal() {
        assertEquals(
                State.CLOSED,
                State.AWAITING_ANSWER
                        .to(State.ESTABLISHED)
                        .to(State.AWAITING_RELEASE_RESPONSE)
                        .to(State.RELEASE_COLLISION)
                        .to(State.CLOSED));
    }

    @Test
    void anAbortIsLegalInEveryStateButTheLast() {
        for (State state : State.values()) {
            assertTrue(state.mayReceive(PduType.ABORT));
            if (state != State.CLOSED) {
                assertEquals(State.AWAITING_CLOSE, state.to(State.AWAITING_CLOSE));
            }
        }
    }

    @Test
    void shortcutsAreIllegal() {
        assertThrows(IllegalStateException.class, () -> State.AWAITING_REQUEST.to(State.ESTABLISHED));
        assertThrows(IllegalStateException.class, () -> State.CLOSED.to(State.ESTABLISHED));
        assertThrows(IllegalStateException.class, () -> State.ESTABLISHED.to(State.DECIDING));
        assertThrows(IllegalStateException.class, () -> State.AWAITING_CLOSE.to(State.ESTABLISHED));
    }

    @Test
    void dataIsReceivedOnlyWhileEstablishedOrReleasing() {
        for (State state : State.values()) {
            assertEquals(
                    state == State.ESTABLISHED || state == State.AWAITING_RELEASE_RESPONSE,
                    state.mayReceive(PduType.P_DATA_TF),
                    state.name());
        }
        assertFalse(State.ESTABLISHED.mayReceive(PduType.ASSOCIATE_RQ));
    }
}
