// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An address or a block of them in figures, RFC 4632 and RFC 4291 §2.3, or the word {@code file}. No name is ever resolved. */
final class Network {

    private static final String FILE = "file";

    private final byte[] address;
    private final int bits;

    private Network(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /** Null if it is none. */
    static @Nullable Network of(String text) {
        String stripped = text.strip();
        if (stripped.equalsIgnoreCase(FILE)) {
            return new Network(new byte[0], 0);
        }
        int slash = stripped.indexOf('/');
        byte[] address = address(slash < 0 ? stripped : stripped.substring(0, slash));
        if (address == null) {
            return null;
        }
        int bits = slash < 0 ? address.length * 8 : bits(stripped.substring(slash + 1));
        return bits < 0 || bits > address.length * 8 ? null : new Network(address, bits);
    }

    private static int bits(String text) {
        return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
    }

    private static byte @Nullable [] address(String text) {
        int zone = text.indexOf('%');
        try {
            return InetAddress.ofLiteral(zone < 0 ? text : text.substring(0, zone))
                    .getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether the source's address, as it is kept, lies within. */
    boolean contains(String source) {
        if (address.length == 0 || source.equalsIgnoreCase(FILE)) {
            return address.length == 0 && source.equalsIgnoreCase(FILE);
        }
        byte[] other = address(source);
        if (other == null || other.length != address.length) {
            return false;
        }
        int whole = bits / 8;
        int rest = bits % 8;
        return Arrays.equals(other, 0, whole, address, 0, whole)
                && (rest == 0 || ((other[whole] ^ address[whole]) & 0xFF) >>> (8 - rest) == 0);
    }
}
