// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

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
    /** Bytes of whole PDUs in the buffer that are not sent yet. */
    private int waiting;

    /** @param peerMaxLength as the peer announced it; 0 is unlimited */
    PDataWriter(Wire wire, long peerMaxLength) {
        this.wire = wire;
        long longest = peerMaxLength == 0 ? LONGEST : Math.min(peerMaxLength, LONGEST);
        int room = (int) longest - PDV_OVERHEAD;
        // Fragments of even length (PS3.8 §E.2) wherever the peer leaves room for two bytes.
        capacity = room > 1 ? room & ~1 : room;
    }

    void writeCommand(int contextId, byte[] command) throws IOException {
        put(contextId, COMMAND, command);
        flush();
    }

    /** A message whose data set is in memory: it leaves in one write if one PDU each holds command and data set. */
    void writeMessage(int contextId, byte[] command, byte[] dataSet) throws IOException {
        put(contextId, COMMAND, command);
        put(contextId, DATA_SET, dataSet);
        flush();
    }

    /**
     * A message with the rest of {@code dataSet}, one buffer at a time: a peer that takes only short PDUs gets several in one write.
     *
     * @throws SourceFailedException if {@code dataSet} could not be read: the message can't be completed
     */
    void writeMessage(int contextId, byte[] command, InputStream dataSet) throws IOException {
        put(contextId, COMMAND, command);
        Source source = new Source(dataSet);
        int next = source.read();
        boolean last = false;
        while (!last) {
            ensure(capacity);
            int count = 0;
            if (next >= 0) {
                buffer[waiting + HEADER] = (byte) next;
                count = 1 + source.read(buffer, waiting + HEADER + 1, capacity - 1);
            }
            // One byte ahead: the last fragment must be marked, and an empty one more is what some peers choke on.
            next = source.read();
            last = next < 0;
            complete(contextId, DATA_SET | (last ? LAST : 0), count);
            if (last || waiting + HEADER + capacity > LONGEST) {
                flush();
            }
        }
    }

    /** All but the last PDU is sent; that one waits for company. */
    private void put(int contextId, int kind, byte[] value) throws IOException {
        int done = 0;
        do {
            int count = Math.min(capacity, value.length - done);
            if (done > 0) {
                flush();
            }
            ensure(count);
            System.arraycopy(value, done, buffer, waiting + HEADER, count);
            done += count;
            complete(contextId, kind | (done == value.length ? LAST : 0), count);
        } while (done < value.length);
    }

    private void ensure(int count) {
        int needed = waiting + HEADER + count;
        if (buffer.length < needed) {
            buffer = Arrays.copyOf(buffer, needed);
        }
    }

    /** Writes the headers of the PDU whose value stands behind what waits. */
    private void complete(int contextId, int control, int count) {
        int at = waiting;
        buffer[at] = (byte) PduType.P_DATA_TF.code();
        buffer[at + 1] = 0;
        integer(at + 2, count + PDV_OVERHEAD);
        integer(at + 6, count + 2);
        buffer[at + 10] = (byte) contextId;
        buffer[at + 11] = (byte) control;
        waiting += HEADER + count;
    }

    private void flush() throws IOException {
        int length = waiting;
        waiting = 0;
        wire.write(buffer, 0, length);
    }

    private void integer(int offset, int value) {
        buffer[offset] = (byte) (value >>> 24);
        buffer[offset + 1] = (byte) (value >>> 16);
        buffer[offset + 2] = (byte) (value >>> 8);
        buffer[offset + 3] = (byte) value;
    }

    /** Tells failures of what is sent from failures of the connection. */
    private record Source(InputStream in) {

        int read() throws SourceFailedException {
            try {
                return in.read();
            } catch (IOException | RuntimeException e) {
                throw new SourceFailedException(e);
            }
        }

        int read(byte[] bytes, int offset, int length) throws SourceFailedException {
            try {
                return in.readNBytes(bytes, offset, length);
            } catch (IOException | RuntimeException e) {
                throw new SourceFailedException(e);
            }
        }
    }
}
