// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;

/** Reads PDU headers and holds each against the state and the length limits, before a byte of the body is read. */
final class PduReader {

    /** 128 contexts with every transfer syntax of the standard stay below it. */
    static final int MAX_ASSOCIATE_LENGTH = 256 * 1024;

    private static final int SHORT_PDU_LENGTH = 4;

    private final Wire wire;
    private final int maxDataLength;
    private int length;

    /** @param maxDataLength the longest P-DATA-TF variable field that was announced to the peer */
    PduReader(Wire wire, int maxDataLength) {
        this.wire = wire;
        this.maxDataLength = maxDataLength;
    }

    /**
     * The type of the next PDU; {@link #length} tells how many bytes follow.
     *
     * @throws AssociationAbortedException if it is an A-ABORT, or the peer has closed
     */
    PduType readHeader(State state) throws IOException {
        int code = wire.readByte();
        PduType type = PduType.of(code);
        if (type == null) {
            throw new ProtocolViolationException(
                    AbortReason.UNRECOGNIZED_PDU, "PDU type %02XH is not known".formatted(code));
        }
        wire.readByte();
        long declared = wire.readUnsignedInt();
        if (!state.mayReceive(type)) {
            throw new ProtocolViolationException(
                    AbortReason.UNEXPECTED_PDU, type + " is not expected in state " + state);
        }
        checkLength(type, declared);
        length = (int) declared;
        if (type == PduType.ABORT) {
            byte[] abort = wire.readExactly(length);
            throw new AssociationAbortedException("The peer aborted the association (source " + (abort[2] & 0xFF)
                    + ", reason " + (abort[3] & 0xFF) + ")");
        }
        return type;
    }

    int length() {
        return length;
    }

    byte[] readBody() throws IOException {
        return wire.readExactly(length);
    }

    private void checkLength(PduType type, long declared) throws ProtocolViolationException {
        boolean right = switch (type) {
            case ASSOCIATE_RQ, ASSOCIATE_AC -> declared <= MAX_ASSOCIATE_LENGTH;
            case P_DATA_TF -> declared > PDataWriter.PDV_OVERHEAD - 1 && declared <= maxDataLength;
            case ASSOCIATE_RJ, RELEASE_RQ, RELEASE_RP, ABORT -> declared == SHORT_PDU_LENGTH;
        };
        if (!right) {
            long most = switch (type) {
                case ASSOCIATE_RQ, ASSOCIATE_AC -> MAX_ASSOCIATE_LENGTH;
                case P_DATA_TF -> maxDataLength;
                default -> SHORT_PDU_LENGTH;
            };
            throw new ProtocolViolationException(
                    AbortReason.INVALID_PDU_PARAMETER_VALUE,
                    type + " declares " + declared + " bytes; at most " + most + " are taken");
        }
    }
}
