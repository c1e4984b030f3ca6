// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;

/** The fragments (presentation data values) of P-DATA-TF PDUs, PS3.8 §9.3.5 and §E, one after the other. Not thread-safe. */
final class PDataReader {

    /** A command set is a dozen short elements; the longest in the standard are lists of tags. */
    static final int MAX_COMMAND_LENGTH = 64 * 1024;

    private static final int COMMAND = 1;
    private static final int LAST = 2;

    private final Wire wire;
    private final PduReader pdus;
    private int pduLeft;
    private int left;
    private int contextId;
    private int control;

    PDataReader(Wire wire, PduReader pdus) {
        this.wire = wire;
        this.pdus = pdus;
    }

    /** Whether the PDU that was read last still holds fragments. */
    boolean hasMore() {
        return pduLeft > 0;
    }

    /** Begins the PDU whose header was just read. */
    void begin(int length) {
        pduLeft = length;
    }

    /** Whether the current fragment is the message's last of its kind. */
    boolean isLast() {
        return (control & LAST) != 0;
    }

    int contextId() {
        return contextId;
    }

    /** A whole command set; the first fragment decides the context. */
    byte[] readCommand() throws IOException {
        next();
        int context = contextId;
        byte[] command = new byte[0];
        while (true) {
            require(COMMAND, context);
            if (command.length + left > MAX_COMMAND_LENGTH) {
                throw violation("The command set is longer than " + MAX_COMMAND_LENGTH + " bytes");
            }
            byte[] fragment = wire.readExactly(left);
            left = 0;
            command = command.length == 0 ? fragment : join(command, fragment);
            if (isLast()) {
                return command;
            }
            next();
        }
    }

    /** Steps to the next fragment of the data set in {@code context}. */
    void nextOfDataSet(int context) throws IOException {
        next();
        require(0, context);
    }

    /** Bytes of the current fragment that are not read yet. */
    int left() {
        return left;
    }

    int read(byte[] bytes, int offset, int length) throws IOException {
        int count = wire.read(bytes, offset, Math.min(length, left));
        if (count < 0) {
            throw Wire.closed();
        }
        left -= count;
        return count;
    }

    private void next() throws IOException {
        if (pduLeft == 0) {
            PduType type = pdus.readHeader(State.ESTABLISHED);
            if (type != PduType.P_DATA_TF) {
                throw new ProtocolViolationException(AbortReason.UNEXPECTED_PDU, type + " came within a message");
            }
            pduLeft = pdus.length();
        }
        if (pduLeft < PDataWriter.PDV_OVERHEAD) {
            throw violation("A P-DATA-TF PDU ends within the header of a fragment");
        }
        long length = wire.readUnsignedInt();
        if (length < 2 || length > pduLeft - 4) {
            throw violation("A fragment declares " + length + " bytes; its PDU has " + (pduLeft - 4));
        }
        contextId = wire.readByte();
        control = wire.readByte();
        pduLeft -= 4 + (int) length;
        left = (int) length - 2;
    }

    private void require(int kind, int context) throws ProtocolViolationException {
        if ((control & COMMAND) != kind) {
            throw violation(
                    kind == COMMAND
                            ? "A data set fragment came where a command is due"
                            : "A command fragment came within a data set");
        }
        if (contextId != context) {
            throw violation("A message changes its presentation context from " + context + " to " + contextId);
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static ProtocolViolationException violation(String message) {
        return new ProtocolViolationException(AbortReason.INVALID_PDU_PARAMETER_VALUE, message);
    }
}
