// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.nio.charset.StandardCharsets;

/** Walks the items of an association PDU (type, reserved byte, 16-bit length, value), never outside of the enclosing item. */
final class ItemReader {

    private final byte[] pdu;
    private final int end;
    private int position;
    private int type;

    ItemReader(byte[] pdu, int position, int end) {
        this.pdu = pdu;
        this.position = position;
        this.end = end;
    }

    boolean hasMore() {
        return position < end;
    }

    /** Steps over the next item's header and returns a reader of its value; its type is {@link #type()} of that reader. */
    ItemReader next() throws ProtocolViolationException {
        int itemType = unsignedByte();
        skip(1);
        ItemReader item = sub(unsignedShort());
        item.type = itemType;
        return item;
    }

    int type() {
        return type;
    }

    int unsignedByte() throws ProtocolViolationException {
        require(1);
        return pdu[position++] & 0xFF;
    }

    int unsignedShort() throws ProtocolViolationException {
        return unsignedByte() << 8 | unsignedByte();
    }

    long unsignedInt() throws ProtocolViolationException {
        return (long) unsignedShort() << 16 | unsignedShort();
    }

    void skip(int count) throws ProtocolViolationException {
        require(count);
        position += count;
    }

    /** A reader of the next {@code length} bytes, which this one steps over. */
    ItemReader sub(int length) throws ProtocolViolationException {
        require(length);
        ItemReader sub = new ItemReader(pdu, position, position + length);
        position += length;
        return sub;
    }

    byte[] bytes(int length) throws ProtocolViolationException {
        require(length);
        byte[] bytes = java.util.Arrays.copyOfRange(pdu, position, position + length);
        position += length;
        return bytes;
    }

    byte[] rest() throws ProtocolViolationException {
        return bytes(end - position);
    }

    /** The rest as a UID or name, without the padding that some peers add although PS3.8 §F forbids it. */
    String text() throws ProtocolViolationException {
        return text(end - position);
    }

    String text(int length) throws ProtocolViolationException {
        String text = new String(bytes(length), StandardCharsets.ISO_8859_1);
        int last = text.length();
        while (last > 0 && (text.charAt(last - 1) == 0 || text.charAt(last - 1) == ' ')) {
            last--;
        }
        return text.substring(0, last);
    }

    private void require(int count) throws ProtocolViolationException {
        if (count > end - position) {
            throw new ProtocolViolationException(
                    AbortReason.INVALID_PDU_PARAMETER_VALUE,
                    "An item of the association PDU declares more bytes than its enclosing item has (at byte "
                            + position + ")");
        }
    }
}
