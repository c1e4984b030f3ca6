// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StorageMessageTest {

    @Test
    void everyNumberedLineIsExplainedToOperators() throws Exception {
        String page = Files.readString(Path.of("../docs/operations/log-lines-storage.md"));
        for (StorageMessage message : StorageMessage.values()) {
            assertTrue(page.contains("| " + message.code() + " |"), message.code());
        }
    }

    @Test
    void noNumberIsUsedTwice() {
        assertEquals(
                StorageMessage.values().length,
                Arrays.stream(StorageMessage.values())
                        .map(StorageMessage::code)
                        .collect(Collectors.toSet())
                        .size());
    }
}
