// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;

/** Addresses and networks of a setting, as {@code 10.1.0.7} or {@code 10.1.0.0/24}. Names are not looked up. */
public record AddressRanges(List<Range> ranges) {

    public static final AddressRanges NONE = new AddressRanges(List.of());

    public AddressRanges {
        ranges = List.copyOf(ranges);
    }

    /** @throws IllegalArgumentException naming key, value and form */
    public static AddressRanges from(NodeProperties properties, String key) {
        return new AddressRanges(properties.list(key, List.of()).stream()
                .map(text -> Range.of(key, text))
                .toList());
    }

    public boolean contains(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /** @param prefix how many of the leading bits must be equal */
    public record Range(InetAddress network, int prefix) {

        private static Range of(String key, String text) {
            String[] parts = text.split("/", -1);
            try {
                InetAddress network = InetAddress.ofLiteral(parts[0]);
                int most = network.getAddress().length * Byte.SIZE;
                int prefix = parts.length == 1 ? most : Integer.parseInt(parts[1]);
                if (parts.length <= 2 && prefix >= 0 && prefix <= most) {
                    return new Range(network, prefix);
                }
            } catch (IllegalArgumentException e) {
                // Falls through to the refusal below, which names key, value and form.
            }
            throw new IllegalArgumentException("dozo.properties: " + key + " has \"" + text
                    + "\", which is neither an address such as 10.1.0.7 nor a network such as 10.1.0.0/24");
        }

        private boolean contains(InetAddress address) {
            byte[] ours = network.getAddress();
            byte[] theirs = address.getAddress();
            int free = ours.length * Byte.SIZE - prefix;
            return ours.length == theirs.length
                    && new BigInteger(1, ours).shiftRight(free).equals(new BigInteger(1, theirs).shiftRight(free));
        }
    }
}
