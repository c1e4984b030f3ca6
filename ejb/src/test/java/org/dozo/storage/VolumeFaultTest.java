// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real faults of real file systems; skipped where the build may not mount (the rest of the volumes' life is in VolumeStateTest). */
class VolumeFaultTest {

    private static final byte[] DATA_SET = StorageRig.dataSet(600_000);
    private static final byte[] SMALL = StorageRig.dataSet(1000);

    @TempDir
    Path data;

    private StorageRig rig;
    private Path root;
    private final List<Mount> mounts = new ArrayList<>();

    @BeforeAll
    static void mayMount() {
        assumeTrue(Mount.works(), "mounting needs root");
    }

    @BeforeEach
    void rig() {
        rig = new StorageRig(data, "b");
        root = rig.root("b");
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
        for (Mount mount : mounts) {
            mount.close();
        }
    }

    @Test
    void aVolumeThatFillsUpInMidObjectGivesItsCopyToAnother() throws Exception {
        try (Mount _ = Mount.tmpfs(root, "size=16m")) {
            rig.minCopies = 2;
            addSmallerVolumes("a", "c");
            rig.interval = Duration.ofHours(1);
            rig.start();
            fill(root, DATA_SET.length / 2);
            List<StoredCopy> copies = rig.store(DATA_SET);
            assertEquals(List.of("a", "c"), volumes(copies));
            assertIntact(copies);
            assertEquals(List.of("filler"), rig.files("b"));
        }
    }

    @Test
    void aVolumeWithoutRoomIsRefusedAndUsedAgainWhenThereIsRoom() throws Exception {
        try (Mount _ = Mount.tmpfs(root, "size=2m")) {
            rig.start();
            fill(root, DATA_SET.length / 2);
            assertThrows(StorageUnavailableException.class, () -> rig.store(DATA_SET));
            assertEquals(List.of("filler"), rig.files("b"));
            assertEquals(VolumeState.FULL, rig.state("b"));
            Files.delete(root.resolve("filler"));
            rig.awaitState("b", VolumeState.ONLINE);
            assertIntact(rig.store(DATA_SET));
        }
    }

    @Test
    void aVolumeWithoutInodesIsFullUntilThereIsOne() throws Exception {
        try (Mount _ = Mount.tmpfs(root, "size=4m,nr_inodes=40")) {
            rig.start();
            rig.store(SMALL);
            int taken = 0;
            try {
                for (; taken < 40; taken++) {
                    Files.createFile(root.resolve("f" + taken));
                }
            } catch (IOException e) {
                assertTrue(taken > 0);
            }
            assertThrows(StorageUnavailableException.class, () -> rig.store(SMALL));
            assertEquals(VolumeState.FULL, rig.state("b"));
            // After a probe it still is.
            double bytes = rig.meters.get("dozo.storage.written").counter().count();
            StorageRig.await(() -> rig.detail("b").startsWith("a probe failed"), "a probe");
            assertEquals(VolumeState.FULL, rig.state("b"));
            assertEquals(bytes, rig.meters.get("dozo.storage.written").counter().count());
            for (int i = 0; i < taken; i++) {
                Files.delete(root.resolve("f" + i));
            }
            rig.awaitState("b", VolumeState.ONLINE);
            rig.store(SMALL);
        }
    }

    @Test
    void aVolumeRemountedReadOnlyIsReadAndNotWritten() throws Exception {
        try (Mount mount = Mount.ext4(root, 32)) {
            rig.start();
            List<StoredCopy> copies = rig.store(DATA_SET);
            mount.remount("ro");
            assertThrows(StorageUnavailableException.class, () -> rig.store(DATA_SET));
            rig.awaitState("b", VolumeState.READ_ONLY);
            assertIntact(copies);
            mount.remount("rw");
            rig.awaitState("b", VolumeState.ONLINE);
            assertIntact(rig.store(DATA_SET));
        }
    }

    @Test
    void aVolumeUnmountedInMidObjectGivesItsCopyToAnotherAndNothingIsWrittenUnderIt() throws Exception {
        rig.minCopies = 2;
        addSmallerVolumes("a", "c");
        Mount mount = Mount.ext4(root, 32);
        rig.interval = Duration.ofHours(1);
        rig.start();
        try (StagedObject<Integer> staged = stageWhile(mount::lazily)) {
            List<StoredCopy> copies = rig.storage.keep(staged);
            assertEquals(List.of("a", "c"), volumes(copies));
            assertEquals(0, entries(root));
            rig.ledger.commit(staged.name(), copies);
            rig.storage.settle(staged);
            assertIntact(copies);
        }
        rig.interval = Duration.ofMillis(20);
        rig.restart();
        assertEquals(VolumeState.EMPTY, rig.state("b"));
        try (Mount _ = Mount.ext4(root, 32)) {
            rig.awaitState("b", VolumeState.ONLINE);
            StorageRig.await(() -> rig.files("b").isEmpty(), "the copy that was given up to be recovered away");
        }
    }

    @Test
    void aVolumeUnmountedBetweenTwoChecksIsNotWrittenUnderItsMountPoint() throws Exception {
        rig.interval = Duration.ofHours(1);
        try (Mount mount = Mount.tmpfs(root, "size=4m")) {
            rig.start();
            rig.store(SMALL);
            mount.lazily();
            assertThrows(StorageUnavailableException.class, () -> rig.store(SMALL));
            assertEquals(0, entries(root));
        }
    }

    @Test
    void anEmptyDiskMountedOverAVolumeIsNeitherWrittenNorInitialised() throws Exception {
        rig.start();
        List<StoredCopy> copies = rig.store(SMALL);
        try (Mount _ = Mount.tmpfs(root, "size=4m")) {
            assertThrows(StorageUnavailableException.class, () -> rig.store(SMALL));
            rig.awaitState("b", VolumeState.EMPTY);
            assertEquals(0, entries(root));
            assertEquals(CopyCondition.UNKNOWN, rig.storage.verify(copies.getFirst(), new Fixity(0, "", 0, "")));
        }
        rig.awaitState("b", VolumeState.ONLINE);
        assertIntactSmall(copies);
    }

    @Test
    void anotherVolumesDiskMountedOverAVolumeIsForeignAndNotWritten() throws Exception {
        try (Mount _ = Mount.tmpfs(root, "size=32m")) {
            addSmallerVolumes("a");
            rig.start();
            Path a = rig.root("a");
            Mount.run("mount", "--bind", a.toString(), root.toString());
            try {
                rig.awaitState("b", VolumeState.FOREIGN);
                List<StoredCopy> copies = rig.store(SMALL);
                assertEquals(List.of("a"), volumes(copies));
            } finally {
                Mount.run("umount", root.toString());
            }
            rig.awaitState("b", VolumeState.ONLINE);
        }
    }

    @Test
    void aVolumeThatHangsBecomesSuspectAndTheOthersGoOn() throws Exception {
        rig.hangAfter = Duration.ofMillis(300);
        try (Mount mount = Mount.ext4(root, 32)) {
            addSmallerVolumes("a");
            rig.start();
            mount.freeze();
            Thread hung;
            try {
                hung = Thread.ofPlatform().start(() -> {
                    try {
                        rig.store(SMALL);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                rig.awaitState("b", VolumeState.FAILED);
                assertEquals(List.of("a"), volumes(rig.store(SMALL)));
                assertEquals(VolumeState.ONLINE, rig.state("a"));
            } finally {
                mount.thaw();
            }
            hung.join();
            rig.awaitState("b", VolumeState.ONLINE);
        }
    }

    /** Further volumes, on which objects go only when the first cannot take them. */
    private void addSmallerVolumes(String... names) throws IOException {
        for (String name : names) {
            rig.locations.put(name, data.resolve("volumes").resolve(name));
            mounts.add(Mount.tmpfs(rig.root(name), "size=8m"));
        }
    }

    private interface Fault {
        void happen() throws IOException;
    }

    /** Stages an object; in the midst of it, with some bytes written, the fault happens. */
    private StagedObject<Integer> stageWhile(Fault fault) throws IOException {
        return rig.storage.stage(StorageRig.HEAD, new ByteArrayInputStream(DATA_SET), in -> {
            in.skipNBytes(DATA_SET.length / 2);
            fault.happen();
            return in.readAllBytes().length;
        });
    }

    private void assertIntact(List<StoredCopy> copies) throws IOException {
        for (StoredCopy copy : copies) {
            byte[] file = rig.read(copy);
            assertArrayEquals(DATA_SET, Arrays.copyOfRange(file, StorageRig.HEAD.length, file.length));
        }
    }

    private void assertIntactSmall(List<StoredCopy> copies) throws IOException {
        byte[] file = rig.read(copies.getFirst());
        assertArrayEquals(SMALL, Arrays.copyOfRange(file, StorageRig.HEAD.length, file.length));
    }

    private static List<String> volumes(List<StoredCopy> copies) {
        return copies.stream().map(StoredCopy::volumeName).sorted().toList();
    }

    /** Leaves so many bytes free. */
    private static void fill(Path root, long leave) throws IOException {
        long free = root.toFile().getUsableSpace();
        Files.write(root.resolve("filler"), new byte[(int) (free - leave)]);
        assertFalse(root.toFile().getUsableSpace() > leave);
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }
}
