// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** PDUs as bytes, written by hand and independently of the code under test. */
public final class Pdus {

    public static final String VERIFICATION = "1.2.840.10008.1.1";
    public static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    public static final String IMPLICIT = "1.2.840.10008.1.2";
    public static final String EXPLICIT = "1.2.840.10008.1.2.1";
    public static final String JPEG_LS = "1.2.840.10008.1.2.4.80";

    private Pdus() {}

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    public static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    public static byte[] int32(long value) {
        return bytes((int) (value >> 24), (int) (value >> 16), (int) (value >> 8), (int) value);
    }

    public static byte[] int16(int value) {
        return bytes(value >> 8, value);
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static byte[] pdu(int type, byte[]... parts) {
        byte[] body = join(parts);
        return join(bytes(type, 0), int32(body.length), body);
    }

    public static byte[] item(int type, byte[]... parts) {
        byte[] value = join(parts);
        return join(bytes(type, 0), int16(value.length), value);
    }

    public static byte[] context(int id, String abstractSyntax, String... transferSyntaxes) {
        byte[] syntaxes = item(0x30, ascii(abstractSyntax));
        for (String syntax : transferSyntaxes) {
            syntaxes = join(syntaxes, item(0x40, ascii(syntax)));
        }
        return item(0x20, bytes(id, 0, 0, 0), syntaxes);
    }

    public static byte[] counted(String text) {
        return join(int16(text.length()), ascii(text));
    }

    public static byte[] userInformation(long maxLength, byte[]... more) {
        return item(
                0x50,
                item(0x51, int32(maxLength)),
                item(0x52, ascii("1.2.3.4")),
                item(0x55, ascii("SCRIPT")),
                join(more));
    }

    public static byte[] associateRequest(byte[]... items) {
        return associateRequest("DOZO", "SCRIPT", items);
    }

    /** The items that follow the application context. */
    public static byte[] associateRequest(String called, String calling, byte[]... items) {
        return associateRequest(1, field(called), field(calling), "1.2.840.10008.3.1.1.1", items);
    }

    public static byte[] associateRequest(
            int version, byte[] called, byte[] calling, String applicationContext, byte[]... items) {
        return pdu(
                1,
                int16(version),
                int16(0),
                called,
                calling,
                new byte[32],
                item(0x10, ascii(applicationContext)),
                join(items));
    }

    /** Verification in context 1 and CT in context 3, as most peers would. */
    public static byte[] usualRequest(String calling) {
        return associateRequest(
                "DOZO",
                calling,
                context(1, VERIFICATION, IMPLICIT),
                context(3, CT, EXPLICIT, IMPLICIT),
                userInformation(16384));
    }

    public static byte[] usualRequest() {
        return usualRequest("SCRIPT");
    }

    /** An A-ASSOCIATE-AC with one accepted context. */
    public static byte[] associateAccept(int contextId, String transferSyntax, byte[]... userItems) {
        return pdu(
                2,
                int16(1),
                int16(0),
                field("PEER"),
                field("DOZO"),
                new byte[32],
                item(0x10, ascii("1.2.840.10008.3.1.1.1")),
                item(0x21, bytes(contextId, 0, 0, 0), item(0x40, ascii(transferSyntax))),
                userInformation(16384, userItems));
    }

    public static byte[] field(String aeTitle) {
        return ascii((aeTitle + " ".repeat(16)).substring(0, 16));
    }

    public static byte[] releaseRequest() {
        return pdu(5, new byte[4]);
    }

    public static byte[] releaseResponse() {
        return pdu(6, new byte[4]);
    }

    public static byte[] abort() {
        return pdu(7, new byte[4]);
    }

    public static byte[] pData(byte[]... fragments) {
        return pdu(4, fragments);
    }

    public static byte[] fragment(int contextId, boolean command, boolean last, byte[] value) {
        return join(int32(value.length + 2L), bytes(contextId, (command ? 1 : 0) | (last ? 2 : 0)), value);
    }

    /** A command element of group 0000, implicit little endian. */
    public static byte[] element(int element, byte[] value) {
        byte[] even = value.length % 2 == 0 ? value : join(value, bytes(0));
        return join(
                bytes(0, 0, element, element >> 8),
                bytes(even.length, even.length >> 8, even.length >> 16, even.length >> 24),
                even);
    }

    public static byte[] us(int element, int value) {
        return element(element, bytes(value, value >> 8));
    }

    public static byte[] command(byte[]... elements) {
        byte[] all = join(elements);
        return join(element(0, bytes(all.length, all.length >> 8, all.length >> 16, all.length >> 24)), all);
    }

    public static byte[] echoRequest(int messageId) {
        return command(
                element(0x0002, ascii(VERIFICATION)), us(0x0100, 0x0030), us(0x0110, messageId), us(0x0800, 0x0101));
    }

    public static byte[] storeRequest(int messageId, String sopClass, String sopInstance) {
        return command(
                element(0x0002, ascii(sopClass)),
                us(0x0100, 0x0001),
                us(0x0110, messageId),
                us(0x0700, 0),
                us(0x0800, 0),
                element(0x1000, ascii(sopInstance)));
    }

    public static byte[] echo(int messageId) {
        return pData(fragment(1, true, true, echoRequest(messageId)));
    }

    /** C-STORE of CT in context 3, command and data set in a PDU each. */
    public static byte[] store(int messageId, String sopInstance, byte[] dataSet) {
        return join(
                pData(fragment(3, true, true, storeRequest(messageId, CT, sopInstance))),
                pData(fragment(3, false, true, dataSet)));
    }

    /** A 16-bit little endian value of a command set inside a P-DATA-TF with one fragment; -1 if absent. */
    public static int us(byte[] pData, int element) {
        for (int at = 12; at + 8 <= pData.length; ) {
            int found = (pData[at + 2] & 0xFF) | (pData[at + 3] & 0xFF) << 8;
            int length = (pData[at + 4] & 0xFF) | (pData[at + 5] & 0xFF) << 8;
            if (found == element) {
                return (pData[at + 8] & 0xFF) | (pData[at + 9] & 0xFF) << 8;
            }
            at += 8 + length;
        }
        return -1;
    }

    public static int status(byte[] pData) {
        return us(pData, 0x0900);
    }
}
