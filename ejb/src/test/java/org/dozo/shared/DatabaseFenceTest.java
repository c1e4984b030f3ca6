// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseFenceTest {

    private static final String HERE = "here:5432";
    private static final DatabaseHistory FIRST = new DatabaseHistory(7_312_345_678_901_234_567L, 1);
    private static final DatabaseHistory SECOND = new DatabaseHistory(FIRST.system(), 2);
    private static final DatabaseHistory OTHER = new DatabaseHistory(-5, 9);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("database.history");
    }

    private DatabaseFence fence() {
        return new DatabaseFence(file);
    }

    @Test
    void theFirstDatabaseIsTheOneAndIsRemembered() throws Exception {
        fence().meet(FIRST, HERE);
        assertEquals("7312345678901234567 1\n", Files.readString(file));
    }

    @Test
    void aNewerTimelineIsLearnedAndTheOlderRefused() throws Exception {
        DatabaseFence fence = fence();
        fence.meet(FIRST, HERE);
        fence.confirm(FIRST, HERE);
        fence.meet(SECOND, "there:5432");
        fence.confirm(SECOND, "there:5432");
        assertThrows(RefusedDatabaseException.class, () -> fence.confirm(FIRST, HERE));
        assertThrows(RefusedDatabaseException.class, () -> fence.meet(FIRST, HERE));
        assertEquals(SECOND + "\n", Files.readString(file));
    }

    @Test
    void theNextProcessKnowsIt() throws Exception {
        fence().meet(SECOND, HERE);
        DatabaseFence next = fence();
        assertThrows(RefusedDatabaseException.class, () -> next.meet(FIRST, HERE));
        next.meet(SECOND, HERE);
        assertThrows(RefusedDatabaseException.class, () -> fence().meet(FIRST, HERE));
    }

    @Test
    void anotherDatabaseIsRefusedWhateverItsTimeline() throws Exception {
        fence().meet(FIRST, HERE);
        RefusedDatabaseException refused =
                assertThrows(RefusedDatabaseException.class, () -> fence().meet(OTHER, "there:5432"));
        for (String word : List.of("there:5432", "-5", String.valueOf(FIRST.system()), file.toString())) {
            assertTrue(refused.getMessage().contains(word), refused.getMessage());
        }
        assertEquals(FIRST + "\n", Files.readString(file));
    }

    @Test
    void aFileThatIsCutOffAnywhereIsSaidToBeNone() throws Exception {
        fence().meet(FIRST, HERE);
        String whole = Files.readString(file);
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(file, whole.substring(0, length));
            var thrown = assertThrows(UncheckedIOException.class, this::fence, "cut off at " + length);
            assertTrue(thrown.getMessage().contains(file.toString()), thrown.getMessage());
        }
    }

    @Test
    void aFileOfAnotherKindIsNone() throws IOException {
        for (String text : List.of(
                "\n", "name=volume1\n", "1 0\n", "1 4294967296\n", "99999999999999999999 1\n", "1 1 1\n", "1 1\n\n")) {
            Files.writeString(file, text);
            assertThrows(UncheckedIOException.class, this::fence, text);
        }
    }

    @Test
    void aDraftThatADeathLeftIsNotTheFile() throws Exception {
        Files.writeString(directory.resolve("database.history.new"), "12");
        fence().meet(FIRST, HERE);
        assertEquals(FIRST + "\n", Files.readString(file));
    }

    @Test
    void withoutItsFileItStillKnowsAndWritesItLater() throws Exception {
        file = directory.resolve("away").resolve("database.history");
        DatabaseFence fence = fence();
        fence.meet(SECOND, HERE);
        assertThrows(RefusedDatabaseException.class, () -> fence.meet(FIRST, HERE));
        Files.createDirectory(directory.resolve("away"));
        assertDoesNotThrow(() -> fence.meet(SECOND, HERE));
        assertEquals(SECOND + "\n", Files.readString(file));
    }

    @Test
    void aTimelineIsAFileNamesFirstEightDigitsAndSoAtMost32Bits() {
        assertEquals(4294967295L, new DatabaseHistory(1, 0xFFFF_FFFFL).timeline());
        assertThrows(IllegalArgumentException.class, () -> new DatabaseHistory(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new DatabaseHistory(1, 0x1_0000_0000L));
    }
}
