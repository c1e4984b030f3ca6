// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

final class NodePropertiesTest {

    private static NodeProperties of(String... pairs) {
        Properties properties = new Properties();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.setProperty(pairs[i], pairs[i + 1]);
        }
        return new NodeProperties(properties);
    }

    @Test
    void readsUnits() {
        NodeProperties node = of("a.time", "30 s", "a.size", "64 MiB", "a.bare", "17", "a.list", "x, y ,,z");
        assertEquals(Duration.ofSeconds(30), node.duration("a.time", Duration.ZERO));
        assertEquals(64L << 20, node.bytes("a.size", 0));
        assertEquals(17, node.bytes("a.bare", 0));
        assertEquals(List.of("x", "y", "z"), node.list("a.list", List.of()));
    }

    @Test
    void anEmptyValueIsTheDefault() {
        assertEquals(104, of("dicom.port", " ").integer("dicom.port", 104, 1, 65535));
    }

    @Test
    void aRefusalNamesKeyValueAndRange() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> of("dicom.port", "70000").integer("dicom.port", 11112, 1, 65535));
        assertEquals("dozo.properties: dicom.port=70000 is not a whole number from 1 to 65535", refusal.getMessage());
    }

    @Test
    void aMisspeltKeyStopsTheStart() {
        NodeProperties node = of("dicom.port", "104", "dicom.prot", "105", "http.port", "80");
        assertEquals(104, node.integer("dicom.port", 11112, 1, 65535));
        String message = assertThrows(IllegalArgumentException.class, () -> node.refuseUnknown("dicom."))
                .getMessage();
        assertTrue(message.contains("dicom.prot"), message);
        assertTrue(!message.contains("http.port"), message);
    }
}
