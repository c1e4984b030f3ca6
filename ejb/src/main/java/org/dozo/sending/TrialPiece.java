// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** A little noise, to be written to a destination, read back and removed again when an operator tries it. */
final class TrialPiece {

    /** In bytes. */
    static final int LENGTH = 64 << 10;

    private final String name = "dozo-test-" + UUID.randomUUID();
    private final byte[] bytes;

    private TrialPiece(byte[] bytes) {
        this.bytes = bytes;
    }

    static TrialPiece make() {
        byte[] bytes = new byte[LENGTH];
        ThreadLocalRandom.current().nextBytes(bytes);
        return new TrialPiece(bytes);
    }

    /** Of no other piece, and of no object. */
    String name() {
        return name;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /**
     * @param place where they were read, for operators
     * @throws IOException if they are others
     */
    void requireSame(byte[] readBack, String place) throws IOException {
        if (!Arrays.equals(readBack, bytes)) {
            throw new IOException(
                    place + " gave other bytes back than were written. Remedy: trust it with nothing before its disks,"
                            + " memory and network were checked");
        }
    }
}
