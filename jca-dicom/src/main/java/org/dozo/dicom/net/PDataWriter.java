// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;
import java.io.InputStream;

/** Cuts commands and data sets into P-DATA-TF PDUs of one fragment each, PS3.8 §9.3.5 and §E.1. Not thread-safe. */
final class PDataWriter {

    /** Length (4), context id (1) and control header (1) of a presentation data value. */
    static final int PDV_OVERHEAD = 6;

    private static final int PDU_HEADER = 6;
    private static final int HEADER = PDU_HEADER + PDV_OVERHEAD;
    /** No peer gains from more; it bounds the memory of an association. */
    private static final int LONGEST = 128 * 1024;

    private static final int DATA_SET = 0;
    private static final int COMMAND = 1;
    private static final int LAST = 2;

    private final Wire wire;
    private final int capacity;
    private byte[] buffer = new byte[512];

    /** @param peerMaxLength as the peer announced it; 0 is unlimited */
    PDataWriter(Wire wire, long peerMaxLength) {
        this.wire = wire;
        long longest = peerMaxLength == 0 ? LONGEST : Math.min(peerMaxLength, LONGEST);
        int room = (int) longest - PDV_OVERHEAD;
        // Fragments of even length (PS3.8 §E.2) wherever the peer leaves room for two bytes.
        capacity = room > 1 ? room & ~1 : room;
    }

    void writeCommand(int contextId, byte[] command) throws IOException {
        for (int sent = 0; sent < command.length; ) {
            int count = Math.min(capacity, command.length - sent);
            ensure(count);
            System.arraycopy(command, sent, buffer, HEADER, count);
            sent += count;
            flush(contextId, COMMAND | (sent == command.length ? LAST : 0), count);
        }
    }

    /** Sends the rest of {@code dataSet}, one buffer at a time. */
    void writeDataSet(int contextId, InputStream dataSet) throws IOException {
        ensure(capacity);
        int next = dataSet.read();
        boolean last = false;
        while (!last) {
            int count = 0;
            if (next >= 0) {
                buffer[HEADER] = (byte) next;
                count = 1 + dataSet.readNBytes(buffer, HEADER + 1, capacity - 1);
            }
            // One byte ahead: the last fragment must be marked, and an empty one more is what some peers choke on.
            next = dataSet.read();
            last = next < 0;
            flush(contextId, DATA_SET | (last ? LAST : 0), count);
        }
    }

    private void ensure(int count) {
        if (buffer.length < HEADER + count) {
            buffer = new byte[HEADER + count];
        }
    }

    private void flush(int contextId, int control, int count) throws IOException {
        buffer[0] = (byte) PduType.P_DATA_TF.code();
        buffer[1] = 0;
        integer(2, count + PDV_OVERHEAD);
        integer(6, count + 2);
        buffer[10] = (byte) contextId;
        buffer[11] = (byte) control;
        wire.write(buffer, 0, HEADER + count);
    }

    private void integer(int offset, int value) {
        buffer[offset] = (byte) (value >>> 24);
        buffer[offset + 1] = (byte) (value >>> 16);
        buffer[offset + 2] = (byte) (value >>> 8);
        buffer[offset + 3] = (byte) value;
    }
}
