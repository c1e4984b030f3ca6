// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeStateTest {

    private static final byte[] DATA_SET = StorageRig.dataSet(100_000);

    @TempDir
    Path data;

    private StorageRig rig;
    private Path root;

    @BeforeEach
    void rig() {
        rig = new StorageRig(data, "main");
        root = rig.root("main");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void aVolumeNeverSeenBeforeIsInitialisedInAnAbsentDirectory() throws Exception {
        rig.start();
        assertEquals(VolumeState.ONLINE, rig.state("main"));
        assertTrue(Files.isDirectory(root.resolve("staging")));
        VolumeMarker marker = VolumeMarker.read(root).orElseThrow();
        assertEquals("main", marker.name());
        assertEquals(marker.uuid(), rig.ledger.find("main").orElseThrow().marker());
    }

    @Test
    void aVolumeNeverSeenBeforeIsInitialisedOnAFreshFileSystem() throws Exception {
        Files.createDirectories(root.resolve("lost+found"));
        rig.start();
        assertEquals(VolumeState.ONLINE, rig.state("main"));
    }

    @Test
    void anInitialisationThatDiedBeforeItsRegistrationIsFinished() throws Exception {
        Files.createDirectories(root);
        VolumeMarker marker = VolumeMarker.fresh("main").write(root);
        rig.start();
        assertEquals(VolumeState.ONLINE, rig.state("main"));
        assertEquals(marker.uuid(), rig.ledger.find("main").orElseThrow().marker());
    }

    @Test
    void aDirectoryWithFilesIsNeverMadeAVolume() throws Exception {
        Files.createDirectories(root);
        Files.writeString(root.resolve("thesis.txt"), "mine");
        rig.start();
        assertUntouchedAnd(VolumeState.FOREIGN, List.of("thesis.txt"));
    }

    @Test
    void aRegisteredVolumeWhoseDirectoryIsEmptyIsNotInitialisedAgain() throws Exception {
        rig.start().storage.stop();
        empty(root);
        rig.restart();
        assertUntouchedAnd(VolumeState.EMPTY, List.of());
        assertEquals(0, entries(root));
    }

    @Test
    void aRegisteredVolumeWhoseDirectoryIsAbsentIsMissing() throws Exception {
        rig.start().storage.stop();
        empty(root);
        Files.delete(root);
        rig.restart();
        assertEquals(VolumeState.MISSING, rig.state("main"));
        assertThrows(StorageUnavailableException.class, () -> rig.store(DATA_SET));
        assertFalse(Files.exists(root));
    }

    @Test
    void aVolumeWithAnotherVolumesMarkerIsForeign() throws Exception {
        rig.start().storage.stop();
        Files.delete(root.resolve(VolumeMarker.FILE));
        VolumeMarker.fresh("other").write(root);
        rig.restart();
        assertUntouchedAnd(VolumeState.FOREIGN, List.of());
        assertTrue(rig.storage.volumes().getFirst().detail().contains("other"));
    }

    @Test
    void aMarkerThatIsNoMarkerMakesTheVolumeForeign() throws Exception {
        rig.start();
        Files.writeString(root.resolve(VolumeMarker.FILE), "name=main\nuuid=nonsense\n");
        rig.awaitState("main", VolumeState.FOREIGN);
    }

    @Test
    void anObjectIsNotWrittenAfterTheMarkerWentEvenBetweenTwoChecks() throws Exception {
        rig.interval = Duration.ofHours(1);
        rig.start().store(DATA_SET);
        List<String> before = rig.files("main");
        Files.delete(root.resolve(VolumeMarker.FILE));
        assertThrows(StorageUnavailableException.class, () -> rig.store(DATA_SET));
        assertEquals(before, rig.files("main"));
    }

    @Test
    void anObjectIsNotWrittenAfterAnotherMarkerCameEvenBetweenTwoChecks() throws Exception {
        rig.interval = Duration.ofHours(1);
        rig.start();
        Files.delete(root.resolve(VolumeMarker.FILE));
        VolumeMarker.fresh("main").write(root);
        assertThrows(StorageUnavailableException.class, () -> rig.store(DATA_SET));
        assertEquals(List.of(), rig.files("main"));
    }

    @Test
    void aVolumeIsUsedAgainOnceItsMarkerIsBack() throws Exception {
        rig.start();
        Path aside = data.resolve("aside");
        Files.move(root, aside);
        rig.awaitState("main", VolumeState.MISSING);
        Files.createDirectory(root);
        rig.awaitState("main", VolumeState.EMPTY);
        Files.delete(root);
        Files.move(aside, root);
        rig.awaitState("main", VolumeState.ONLINE);
        rig.store(DATA_SET);
        assertEquals(1, rig.files("main").size());
    }

    @Test
    void aStagingDirectoryThatWasRemovedIsReportedAndNeverMade() throws Exception {
        rig.start();
        Files.delete(root.resolve("staging"));
        assertThrows(StorageUnavailableException.class, () -> rig.store(DATA_SET));
        StorageRig.await(
                () -> rig.storage.volumes().getFirst().detail().contains("create it"), "the remedy to be told");
        assertFalse(Files.exists(root.resolve("staging")));
        Files.createDirectory(root.resolve("staging"));
        rig.awaitState("main", VolumeState.ONLINE);
        rig.store(DATA_SET);
    }

    @Test
    void anEmptyDayDirectoryThatWasTidiedUpIsMadeAgain() throws Exception {
        rig.start();
        Path file = root.resolve(rig.store(DATA_SET).getFirst().path());
        Files.delete(file);
        for (Path each = file.getParent(); !each.equals(root); each = each.getParent()) {
            Files.delete(each);
        }
        for (int i = 0; i < 300; i++) {
            rig.store(new byte[] {1});
        }
        assertEquals(300, rig.files("main").size());
        assertEquals(VolumeState.ONLINE, rig.state("main"));
    }

    @Test
    void aStagingEntryUnlinkedInMidWriteIsNoSuccess() throws Exception {
        rig.start();
        assertThrows(
                StorageUnavailableException.class,
                () -> rig.storage.stage(StorageRig.HEAD, new java.io.ByteArrayInputStream(DATA_SET), in -> {
                    empty(root.resolve("staging"));
                    return in.readAllBytes();
                }));
        // Until it is online again, a probe may be under way.
        rig.awaitState("main", VolumeState.ONLINE);
        assertEquals(List.of(), rig.files("main"));
    }

    @Test
    void aFullVolumeIsReadAndNotWritten() throws Exception {
        rig.start();
        StoredCopy copy = rig.store(DATA_SET).getFirst();
        rig.reserve = Long.MAX_VALUE;
        rig.restart();
        assertEquals(VolumeState.FULL, rig.state("main"));
        assertThrows(StorageUnavailableException.class, () -> rig.store(DATA_SET));
        assertEquals(DATA_SET.length + StorageRig.HEAD.length, rig.read(copy).length);
        assertFalse(rig.storage.isAvailable());
    }

    @Test
    void aNodeThatStartsWithoutItsDatabaseWritesNothingAndTakesItsVolumesWhenItIsThere() throws Exception {
        rig.ledger.answers = false;
        rig.start();
        assertEquals(VolumeState.UNCHECKED, rig.state("main"));
        assertThrows(StorageUnavailableException.class, () -> rig.store(DATA_SET));
        rig.ledger.answers = true;
        rig.awaitState("main", VolumeState.ONLINE);
        rig.store(DATA_SET);
    }

    @Test
    void ofTwoNodesThatInitialiseOneSharedVolumeAtOnceBothUseTheSameMarker() throws Exception {
        for (int round = 0; round < 20; round++) {
            StorageRig one = new StorageRig(data.resolve("round" + round), "shared");
            StorageRig two = new StorageRig(data.resolve("round" + round), "shared");
            Thread other = Thread.ofVirtual().start(() -> {
                try {
                    two.start();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            one.start();
            other.join();
            one.awaitState("shared", VolumeState.ONLINE);
            two.awaitState("shared", VolumeState.ONLINE);
            one.store(DATA_SET);
            two.store(DATA_SET);
            one.close();
            two.close();
        }
    }

    @Test
    void theRefusalNamesEachVolumeAndItsState() throws Exception {
        Files.createDirectories(root);
        Files.writeString(root.resolve("thesis.txt"), "mine");
        rig.start();
        String message = assertThrows(StorageUnavailableException.class, () -> rig.store(DATA_SET))
                .getMessage();
        assertTrue(message.contains("main FOREIGN"), message);
    }

    private void assertUntouchedAnd(VolumeState state, List<String> files) {
        assertEquals(state, rig.state("main"));
        assertThrows(StorageUnavailableException.class, () -> rig.store(DATA_SET));
        assertEquals(state, rig.state("main"));
        assertEquals(files, rig.files("main"));
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    private static void empty(Path directory) {
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                if (!entry.equals(directory)) {
                    Files.delete(entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
