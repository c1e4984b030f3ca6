// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.dozo.dicom.NodeProperties;
import org.dozo.dicom.outbound.RequestorSettings;
import org.junit.jupiter.api.Test;

class ShippedSettingsTest {

    /** The comments of config/dozo.properties tell the truth: every dicom key is known, and its value there is the default. */
    @Test
    void everyDicomKeyOfTheFileIsKnownAndShownWithItsDefault() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../config/dozo.properties")).stream()
                .filter(line -> line.matches("#?dicom\\.[a-z.-]+=.*"))
                .map(line -> line.startsWith("#") ? line.substring(1) : line)
                .toList();
        assertTrue(lines.size() > 15, lines::toString);
        Properties shown = new Properties();
        shown.load(new StringReader(lines.stream().collect(Collectors.joining("\n"))));
        NodeProperties properties = new NodeProperties(shown);
        NodeProperties none = new NodeProperties(new Properties());
        assertEquals(ListenerSettings.from(none), ListenerSettings.from(properties));
        assertEquals(RequestorSettings.from(none), RequestorSettings.from(properties));
        properties.refuseUnknown("dicom.");
    }
}
