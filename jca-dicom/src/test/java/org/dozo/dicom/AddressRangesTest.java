// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "10.1.0.7 10.1.0.7 true",
                "10.1.0.7 10.1.0.8 false",
                "10.1.0.0/23 10.1.1.255 true",
                "10.1.0.0/23 10.1.2.0 false",
                "0.0.0.0/0 192.0.2.1 true",
                "0.0.0.0/0 ::1 false",
                "fd00::/8 fdff::1 true",
                "fd00::/8 fe80::1 false",
                "::ffff:10.1.0.7 10.1.0.7 true",
                "10.1.0.7,10.2.0.0/16 10.2.3.4 true",
            })
    void anAddressIsInOrOut(String ranges, String address, boolean in) {
        assertEquals(in, of(ranges).contains(InetAddress.ofLiteral(address)));
    }

    @Test
    void withoutASettingNobodyIsIn() {
        assertEquals(AddressRanges.NONE, of(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"balancer", "10.1.0.0/33", "10.1.0.0/-1", "10.1.0.0/8/8", "10.1.0/x", "/8", "::/129"})
    void whatIsNoAddressIsRefusedByName(String text) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> of(text)).getMessage();
        assertTrue(message.contains("some.key") && message.contains(text), message);
    }

    private static AddressRanges of(String ranges) {
        Properties properties = new Properties();
        properties.setProperty("some.key", ranges);
        return AddressRanges.from(new NodeProperties(properties), "some.key");
    }
}
