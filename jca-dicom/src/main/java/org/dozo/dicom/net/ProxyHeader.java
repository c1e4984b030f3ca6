// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The header of the PROXY protocol, version 2, by which a balancer says on whose behalf it calls. */
final class ProxyHeader {

    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int TCP4_BYTES = 12;
    private static final int TCP6_BYTES = 36;
    /** Addresses and all that a balancer may add: certificates' names and the like. */
    private static final int MOST = 1024;

    private ProxyHeader() {}

    /**
     * Reads the header and nothing beyond it.
     *
     * @return the caller; null if the balancer calls for itself, as it does to see whether we live
     */
    static @Nullable InetSocketAddress read(Wire wire) throws IOException {
        for (byte expected : SIGNATURE) {
            if ((byte) wire.readByte() != expected) {
                throw violation(
                        "begins without a PROXY protocol header of version 2, which dicom.proxy-protocol.from asks"
                                + " of its address: let the balancer send it (HAProxy: send-proxy-v2)");
            }
        }
        int command = wire.readByte();
        int family = wire.readByte();
        int length = (wire.readByte() << Byte.SIZE) | wire.readByte();
        if (length > MOST) {
            throw violation("has a PROXY protocol header of " + length + " bytes; " + MOST + " are taken");
        }
        byte[] body = wire.readExactly(length);
        return switch (command) {
            case LOCAL -> null;
            case PROXY -> source(family, body);
            default -> throw violation("has a PROXY protocol header of another version or command");
        };
    }

    private static InetSocketAddress source(int family, byte[] body) throws IOException {
        int address = family == TCP4 ? 4 : 16;
        if ((family == TCP4 && body.length >= TCP4_BYTES) || (family == TCP6 && body.length >= TCP6_BYTES)) {
            int port = ((body[2 * address] & 0xFF) << Byte.SIZE) | (body[2 * address + 1] & 0xFF);
            return new InetSocketAddress(InetAddress.getByAddress(Arrays.copyOf(body, address)), port);
        }
        throw violation("has a PROXY protocol header without the caller's TCP address");
    }

    private static ProtocolViolationException violation(String fault) {
        return new ProtocolViolationException(AbortReason.NOT_SPECIFIED, "the connection " + fault);
    }
}
