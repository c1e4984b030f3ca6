// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNameTest {

    private static final ObjectName NAME = new ObjectName(
            LocalDate.of(2026, 3, 7), "a7" + "0123456789abcdef".repeat(2).substring(2));

    @Test
    void theFinalNameIsFoundFromTheStagingEntryAlone() {
        String entry = NAME.stagingName("node-1");
        assertEquals(Optional.of(NAME), ObjectName.ofStaging("node-1", entry));
        assertEquals("2026/03/07/a7/" + NAME.random() + ".dcm", NAME.path());
    }

    @Test
    void anEntryOfANodeWithALongerNameIsNotOurs() {
        assertEquals(Optional.empty(), ObjectName.ofStaging("node", NAME.stagingName("node-1")));
        assertEquals(Optional.empty(), ObjectName.ofStaging("node-1", NAME.stagingName("node")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node1-20261399-00000000000000000000000000000000.part",
                "node1-20261122-0000000000000000000000000000000g.part",
                "node1-20261122-../../../../../../etc/passwd0000.part",
                "probe-node1-00000000-0000-0000-0000-000000000000",
                ""
            })
    void whatIsNoStagedObjectIsLeftAlone(String entry) {
        assertEquals(Optional.empty(), ObjectName.ofStaging("node1", entry));
    }
}
