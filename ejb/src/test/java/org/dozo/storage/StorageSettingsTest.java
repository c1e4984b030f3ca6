// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.dozo.dicom.NodeProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageSettingsTest {

    @Test
    void withoutAnyKeyThereIsOneVolumeAndOneCopy() {
        StorageSettings settings = StorageSettings.of(new NodeProperties(new Properties()));
        assertEquals(List.of("main"), List.copyOf(settings.volumes().keySet()));
        assertTrue(settings.volumes().get("main").isAbsolute());
        assertTrue(settings.volumes().get("main").endsWith("volumes/main"));
        assertEquals(1, settings.minCopies());
        assertEquals(1L << 30, settings.reserveBytes());
        assertEquals(Duration.ofSeconds(1), settings.checkInterval());
        assertEquals(1 << 20, settings.bufferBytes());
    }

    @Test
    void volumesAreNamesAndPaths() {
        StorageSettings settings = settings("storage.volumes", "main=volumes/main, b = /mnt/b/../b");
        assertEquals(List.of("main", "b"), List.copyOf(settings.volumes().keySet()));
        assertEquals(Path.of("/mnt/b"), settings.volumes().get("b"));
    }

    @ParameterizedTest
    @CsvSource({
        "storage.volumes, main",
        "storage.volumes, =x",
        "storage.volumes, 'a=x,a=y'",
        "storage.volumes, 'a=x,b=./x'",
        "storage.volumes, ../a=x",
        "storage.min-copies, 0",
        "storage.min-copies, 2",
        "storage.check-interval, 0 s",
        "storage.buffer, 8 MiB",
        "node.name, a/b",
    })
    void aWrongValueIsRefusedByTheNameOfItsKey(String key, String value) {
        String message = assertThrows(IllegalArgumentException.class, () -> settings(key, value))
                .getMessage();
        assertTrue(message.contains(key), message);
    }

    private static StorageSettings settings(String key, String value) {
        Properties properties = new Properties();
        properties.setProperty(key, value);
        return StorageSettings.of(new NodeProperties(properties));
    }
}
