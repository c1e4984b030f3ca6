// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** PDUs as bytes, PS3.8 §9.3, right ones and wrong ones. */
final class Pdus {

    private static final String APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1";

    private Pdus() {}

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] pdu(int type, long declaredLength, byte[] body) {
        return join(
                ByteBuffer.allocate(6)
                        .put((byte) type)
                        .put((byte) 0)
                        .putInt((int) declaredLength)
                        .array(),
                body);
    }

    static byte[] pdu(int type, byte[] body) {
        return pdu(type, body.length, body);
    }

    static byte[] item(int type, byte[] value) {
        return join(
                ByteBuffer.allocate(4)
                        .put((byte) type)
                        .put((byte) 0)
                        .putShort((short) value.length)
                        .array(),
                value);
    }

    static byte[] context(int id, String abstractSyntax, String transferSyntax) {
        return item(
                0x20,
                join(
                        new byte[] {(byte) id, 0, 0, 0},
                        item(0x30, ascii(abstractSyntax)),
                        item(0x40, ascii(transferSyntax))));
    }

    static byte[] associate(String called, String calling, byte[] contexts) {
        byte[] user = item(0x50, join(item(0x51, new byte[] {0, 0, 64, 0}), item(0x52, ascii("1.2.3.4"))));
        return pdu(
                1,
                join(
                        new byte[] {0, 1, 0, 0},
                        title(called),
                        title(calling),
                        new byte[32],
                        item(0x10, ascii(APPLICATION_CONTEXT)),
                        contexts,
                        user));
    }

    /** CT in context 1. */
    static byte[] associate() {
        return associate("DOZO", "HOSTILE", context(1, TestObject.CT, TestObject.EXPLICIT));
    }

    private static byte[] title(String text) {
        byte[] field = ascii(" ".repeat(16));
        byte[] bytes = ascii(text);
        System.arraycopy(bytes, 0, field, 0, Math.min(16, bytes.length));
        return field;
    }
}
