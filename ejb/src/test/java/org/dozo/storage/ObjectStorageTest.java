// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectStorageTest {

    @TempDir
    Path data;

    private StorageRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new StorageRig(data, "a", "b", "c").start();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 65_510, 65_536, 65_537, 1_000_003})
    void aFileIsItsHeadAndThenTheDataSetAsReceived(int length) throws Exception {
        byte[] dataSet = StorageRig.dataSet(length);
        try (StagedObject<Integer> staged = rig.stage(dataSet)) {
            assertEquals(length, staged.content());
            assertEquals(length, staged.dataSetLength());
            assertEquals(StorageRig.HEAD.length + length, staged.fileLength());
            assertArrayEquals(sha256(dataSet), staged.sha256());
            assertArrayEquals(sha256(StorageRig.HEAD), staged.headSha256());
            StoredCopy copy = rig.storage.keep(staged).getFirst();
            rig.storage.settle(staged);
            byte[] file = rig.read(copy);
            assertArrayEquals(StorageRig.HEAD, Arrays.copyOf(file, StorageRig.HEAD.length));
            assertArrayEquals(dataSet, Arrays.copyOfRange(file, StorageRig.HEAD.length, file.length));
            assertEquals(CopyCondition.GOOD, rig.storage.verify(copy, staged.fixity()));
        }
    }

    @Test
    void whateverWayTheDataSetIsReadAllOfItIsWritten() throws Exception {
        byte[] dataSet = StorageRig.dataSet(500_000);
        DataSetReading<Integer> oddly = in -> {
            int sum = in.read();
            sum += in.read(new byte[7]);
            sum += (int) in.skip(100_000);
            sum += in.read(new byte[70_000], 5, 65_000);
            in.skipNBytes(3);
            in.close();
            return sum;
        };
        try (StagedObject<Integer> staged = rig.storage.stage(StorageRig.HEAD, inPieces(dataSet), oddly)) {
            assertArrayEquals(sha256(dataSet), staged.sha256());
            StoredCopy copy = rig.storage.keep(staged).getFirst();
            byte[] file = rig.read(copy);
            assertArrayEquals(dataSet, Arrays.copyOfRange(file, StorageRig.HEAD.length, file.length));
        }
    }

    @Test
    void aLargeObjectIsNeverHeldInMemory() throws Exception {
        long length = (100 << 20) + 5;
        long before = used();
        try (StagedObject<Long> staged = rig.storage.stage(StorageRig.HEAD, zeros(length), in -> in.skip(length / 2))) {
            assertEquals(length, staged.dataSetLength());
            assertTrue(used() - before < length / 2, "memory grew with the object");
        }
    }

    @Test
    void aSettledObjectHasOneFileUnderItsRandomName() throws Exception {
        StoredCopy copy = rig.store(StorageRig.dataSet(1000)).getFirst();
        assertTrue(copy.path().matches("\\d{4}/\\d\\d/\\d\\d/([0-9a-f]{2})/\\1[0-9a-f]{30}\\.dcm"), copy.path());
        assertEquals(List.of(copy.path()), rig.files(copy.volumeName()));
    }

    @Test
    void anObjectThatIsNotSettledLeavesNothing() throws Exception {
        try (StagedObject<Integer> staged = rig.stage(StorageRig.dataSet(1000))) {
            assertFalse(rig.storage.keep(staged).isEmpty());
        }
        assertNothingLeft();
    }

    @Test
    void aRefusedDataSetLeavesNothingAndTheRefusalPassesUnchanged() {
        IOException refusal = new IOException("not a data set");
        Throwable thrown = assertThrows(
                IOException.class,
                () -> rig.storage.stage(StorageRig.HEAD, inPieces(StorageRig.dataSet(200_000)), in -> {
                    in.skipNBytes(150_000);
                    throw refusal;
                }));
        assertSame(refusal, thrown);
        assertNothingLeft();
    }

    @Test
    void aBrokenSourceLeavesNothingAndBlamesNoVolume() {
        IOException broken = new IOException("connection reset");
        InputStream source =
                new SequenceInputStream(new ByteArrayInputStream(StorageRig.dataSet(200_000)), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw broken;
                    }

                    @Override
                    public int read(byte[] into, int offset, int most) throws IOException {
                        throw broken;
                    }
                });
        assertSame(
                broken,
                assertThrows(
                        IOException.class, () -> rig.storage.stage(StorageRig.HEAD, source, in -> in.skip(1 << 30))));
        assertNothingLeft();
        assertAllOnline();
    }

    @Test
    void anInterruptedWriterLeavesNothingAndBlamesNoVolume() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                rig.storage.stage(StorageRig.HEAD, zeros(1 << 20), in -> {
                    Thread.currentThread().interrupt();
                    return in.skip(1 << 20);
                });
            } catch (IOException | RuntimeException e) {
                thrown.set(e);
            }
        });
        writer.join();
        assertEquals(ClosedByInterruptException.class, thrown.get().getClass());
        assertNothingLeft();
        assertAllOnline();
    }

    @Test
    void copiesLieOnDifferentVolumes() throws Exception {
        rig.minCopies = 2;
        rig.restart();
        for (int i = 0; i < 30; i++) {
            List<StoredCopy> copies = rig.store(StorageRig.dataSet(10_000 + i));
            assertEquals(2, copies.stream().map(StoredCopy::volumeId).distinct().count());
        }
        assertEquals(
                60,
                rig.locations.keySet().stream()
                        .mapToInt(volume -> rig.files(volume).size())
                        .sum());
    }

    @Test
    void everyDamageOfACopyIsFound() throws Exception {
        byte[] dataSet = StorageRig.dataSet(100_000);
        StagedObject<Integer> staged = rig.stage(dataSet);
        StoredCopy copy = rig.storage.keep(staged).getFirst();
        rig.storage.settle(staged);
        Path file = rig.storage.locate(copy).orElseThrow();
        byte[] good = Files.readAllBytes(file);
        for (int position : new int[] {0, StorageRig.HEAD.length, good.length - 1}) {
            byte[] flipped = good.clone();
            flipped[position] ^= 1;
            Files.write(file, flipped);
            assertEquals(CopyCondition.DAMAGED, rig.storage.verify(copy, staged.fixity()));
        }
        Files.write(file, Arrays.copyOf(good, good.length - 1));
        assertEquals(CopyCondition.DAMAGED, rig.storage.verify(copy, staged.fixity()));
        Files.write(file, Arrays.copyOf(good, good.length + 1));
        assertEquals(CopyCondition.DAMAGED, rig.storage.verify(copy, staged.fixity()));
        Files.delete(file);
        assertEquals(CopyCondition.GONE, rig.storage.verify(copy, staged.fixity()));
    }

    @Test
    void aCopyOutsideItsVolumeIsNotOpened() throws Exception {
        short id = rig.store(StorageRig.dataSet(10)).getFirst().volumeId();
        assertThrows(
                IllegalArgumentException.class,
                () -> rig.storage.open(new StoredCopy(id, "a", "../../ledger/volume-a")));
    }

    @Test
    void whatIsClosedOrSettledCannotBeUsedAgain() throws Exception {
        StagedObject<Integer> staged = rig.stage(StorageRig.dataSet(10));
        assertThrows(IllegalStateException.class, () -> rig.storage.settle(staged));
        staged.close();
        assertThrows(IllegalStateException.class, () -> rig.storage.keep(staged));
    }

    @Test
    void fsyncsBytesAndVolumesAreMeasured() throws Exception {
        rig.store(StorageRig.dataSet(1000));
        assertEquals(1, rig.meters.get("dozo.storage.fsync").timer().count());
        assertEquals(
                1000 + StorageRig.HEAD.length,
                rig.meters.get("dozo.storage.written").counter().count());
        assertEquals(
                1,
                rig.meters
                        .get("dozo.storage.volume.state")
                        .tags("volume", "a", "state", "ONLINE")
                        .gauge()
                        .value());
        assertTrue(rig.meters
                        .get("dozo.storage.volume.free")
                        .tags("volume", "a")
                        .gauge()
                        .value()
                > 0);
    }

    private void assertNothingLeft() {
        rig.locations.keySet().forEach(volume -> assertEquals(List.of(), rig.files(volume)));
    }

    private void assertAllOnline() {
        rig.locations.keySet().forEach(volume -> assertEquals(VolumeState.ONLINE, rig.state(volume)));
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Gives at most 4,099 bytes at a time, as a network does. */
    private static InputStream inPieces(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 4099));
            }
        };
    }

    private static InputStream zeros(long length) {
        return new InputStream() {
            private long left = length;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] into, int offset, int most) {
                if (left <= 0) {
                    return -1;
                }
                int read = (int) Math.min(left, most);
                left -= read;
                return read;
            }
        };
    }
}
