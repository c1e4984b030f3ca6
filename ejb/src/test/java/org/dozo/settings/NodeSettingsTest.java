// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.dozo.dicom.NodeProperties;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.index.DuplicatePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSettingsTest {

    private static final Path FILE = Path.of("../config/dozo.properties");

    private static NodeSettings with(String... keysAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.setProperty(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new NodeSettings(new NodeProperties(properties));
    }

    @Test
    void withoutAnyKeyTheDefaultsHoldAndNobodyIsLetInUnknown() {
        NodeSettings settings = with();
        assertEquals("node1", settings.node().value());
        assertFalse(settings.access().evaluation());
        assertEquals(1, settings.storage().minCopies());
        assertEquals(ParseLimits.DEFAULT, settings.limits());
        assertEquals(DuplicatePolicy.KEEP_FIRST, settings.duplicates());
    }

    @Test
    void theFileThatComesWithDozoIsAcceptedAndOpensEvaluationMode() throws IOException {
        assertTrue(new NodeSettings(NodeProperties.load(FILE)).access().evaluation());
    }

    /** So that uncommenting a line never fails, and the comments tell the truth about the defaults. */
    @Test
    void everyCommentedKeyOfTheFileIsKnownAndItsValueAccepted() throws IOException {
        List<String> keys = Files.readAllLines(FILE).stream()
                .filter(line -> line.matches("#[a-z-]+(\\.[a-z-]+)+=.*"))
                .map(line -> line.substring(1))
                .filter(line -> !line.startsWith("dicom."))
                .toList();
        assertTrue(keys.size() > 20, keys::toString);
        for (String line : keys) {
            String[] parts = line.split("=", 2);
            with(parts[0], parts[1]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "storage.mincopies, 2", "node.nmae, a", "limits.depth, 3", "ingest.duplicate, keep-first", "http.prt, 1",
        "database.pool, 3", "access.open, true", "jobs.x, 1", "evaluation.enable, true", "server.memory, 1",
        "evalution.enabled, true", "typo, 1",
    })
    void anUnknownKeyStopsTheStartAndIsNamed(String key, String value) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> with(key, value));
        assertTrue(String.valueOf(refused.getMessage()).contains(key), refused::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "ingest.duplicates, keep-both",
        "node.name, ../x",
        "evaluation.enabled, maybe",
        "http.port, 0",
        "server.heap, much",
        "storage.min-copies, 2",
        "database.port, 0",
        "import.threads, 0",
        "import.patience, long",
        "storage.adopted, main=/old",
        "storage.adopted, old=volumes/main/x",
        "storage.adopted, old",
    })
    void aValueOutOfRangeStopsTheStartAndIsNamed(String key, String value) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> with(key, value));
        assertTrue(String.valueOf(refused.getMessage()).contains(key), refused::toString);
    }
}
