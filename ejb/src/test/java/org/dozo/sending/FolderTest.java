// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dozo.shared.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderTest {

    @TempDir
    private Path directory;

    private Path root;
    private Folder folder;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectories(directory.resolve("nas"));
        folder = new Folder(root);
        Files.createFile(root.resolve(Folder.MARKER));
    }

    private FilePlace.Glance glance(String study, String series, String instance) throws IOException {
        return folder.glance(study, series, instance, Bytes.of(new byte[32]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../1.2", "1.2/3", "/1.2", ".1", "1.2\n", "1 2"})
    void whatIsNoNameOfAFileIsRefusedWhereverItStands(String uid) {
        assertThrows(UnsendableException.class, () -> glance(uid, "1.2.1", "1.2.1.1"));
        assertThrows(UnsendableException.class, () -> glance("1.2", uid, "1.2.1.1"));
        assertThrows(UnsendableException.class, () -> glance("1.2", "1.2.1", uid));
    }

    @Test
    void whatIsNotThereHasNoLengthAndNoDigest() throws IOException {
        assertEquals(FilePlace.Glance.AT_NOTHING, glance("1.2", "1.2.1", "1.2.1.1"));
        assertEquals(Optional.empty(), folder.digest("1.2", "1.2.1", "1.2.1.1"));
        Files.write(
                Files.createDirectories(root.resolve("1.2/1.2.1")).resolve("1.2.1.1.dcm"), new byte[] {'a', 'b', 'c'});
        assertEquals(new FilePlace.Glance(FilePlace.Found.UNREAD, 3), glance("1.2", "1.2.1", "1.2.1.1"));
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                folder.digest("1.2", "1.2.1", "1.2.1.1").orElseThrow().toString());
    }

    @Test
    void aProbeAndATrialLeaveNothingAndAFolderWithoutItsMarkerIsNone() throws IOException {
        folder.probe();
        assertTrue(folder.trial().contains("read back, compared and removed"));
        try (var files = Files.list(root)) {
            assertEquals(1, files.count());
        }
        Files.delete(root.resolve(Folder.MARKER));
        IOException refused = assertThrows(IOException.class, folder::probe);
        assertTrue(String.valueOf(refused.getMessage()).contains("touch " + root.resolve(Folder.MARKER)));
        assertThrows(IOException.class, () -> glance("1.2", "1.2.1", "1.2.1.1"));
        assertThrows(IOException.class, folder::trial);
    }
}
