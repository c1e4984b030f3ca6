// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class LogLineTest {

    @Test
    void everyLineIsExplainedToOperators() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "operations", "log-lines-net.md"));
        for (LogLine line : LogLine.values()) {
            String level = line.level().getName().toLowerCase(Locale.ROOT);
            assertTrue(
                    page.contains("| " + line.id() + " | " + level + " |"), line + " as " + line.id() + ", " + level);
        }
    }

    @Test
    void aFloodOfOneKindIsCutAndCounted() {
        try (WrittenLog written = new WrittenLog("flood")) {
            OperatorLog log = new OperatorLog("flood");
            for (int i = 0; i < 1000; i++) {
                log.write(LogLine.PROTOCOL_VIOLATION, "number " + i);
            }
            log.write(LogLine.DRAINED, "another kind");
            assertEquals(OperatorLog.PER_MINUTE + 1, written.lines().size());
            assertEquals("DOZO-NET-011 another kind", written.lines().getLast());
        }
    }
}
