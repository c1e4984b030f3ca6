// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.io.InputStream;

/**
 * Packed bits that begin within a byte, moved so that they begin with the lowest bit of the first byte; the bits after the last are
 * zero. Frames of single bits follow one another without padding, PS3.5 §8.1.1.
 */
final class ShiftedBits extends InputStream {

    private final InputStream in;
    private final int shift;
    private long bitsLeft;
    private int ahead;

    /** @param leadingBits of the first byte that do not belong to it, 0 to 7 */
    ShiftedBits(InputStream in, int leadingBits, long bits) throws IOException {
        this.in = in;
        this.shift = leadingBits;
        this.bitsLeft = bits;
        this.ahead = in.read();
    }

    @Override
    public int read() throws IOException {
        if (bitsLeft <= 0) {
            return -1;
        }
        // The stream ends where the last bit does: there is nothing to take from beyond.
        int next = Math.max(0, in.read());
        int bits = ((ahead | (next << 8)) >>> shift) & 0xFF;
        ahead = next;
        int wanted = bitsLeft < 8 ? (1 << bitsLeft) - 1 : 0xFF;
        bitsLeft -= 8;
        return bits & wanted;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = 0;
        for (int next; count < length && (next = read()) >= 0; count++) {
            bytes[offset + count] = (byte) next;
        }
        return count == 0 && length > 0 ? -1 : count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
