// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TrialPieceTest {

    @Test
    void oneChangedBitALostAndAnAddedByteAreSeen() throws IOException {
        TrialPiece piece = TrialPiece.make();
        assertEquals(TrialPiece.LENGTH, piece.bytes().length);
        piece.requireSame(piece.bytes(), "The folder /nas");
        byte[] flipped = piece.bytes();
        flipped[TrialPiece.LENGTH - 1] ^= 1;
        for (byte[] other : new byte[][] {
            flipped,
            Arrays.copyOf(piece.bytes(), TrialPiece.LENGTH - 1),
            Arrays.copyOf(piece.bytes(), TrialPiece.LENGTH + 1)
        }) {
            IOException refused = assertThrows(IOException.class, () -> piece.requireSame(other, "The folder /nas"));
            assertTrue(String.valueOf(refused.getMessage()).startsWith("The folder /nas gave other bytes back"));
        }
        assertNotEquals(piece.name(), TrialPiece.make().name());
    }
}
