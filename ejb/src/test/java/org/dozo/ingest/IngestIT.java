// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.dozo.access.KnownPeer;
import org.dozo.access.Permission;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.index.ArchiveCounts;
import org.dozo.shared.Await;
import org.dozo.shared.FaultyCommit.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestIT {

    @TempDir
    private Path directory;

    private Archive archive;

    @BeforeEach
    void open() throws Exception {
        archive = new Archive(directory, 2, true);
    }

    @AfterEach
    void close() {
        archive.close();
    }

    private static void assertStatus(int expected, DimseStatus status) {
        assertEquals("%04X".formatted(expected), "%04X".formatted(status.code()), status.comment());
    }

    @Test
    void anObjectIsKeptWithItsBytesOnEveryVolumeAndItsHeaderInTheIndex() throws Exception {
        Dataset object = Archive.object("1");
        assertStatus(0, archive.send(object));
        List<Path> files = archive.files();
        assertEquals(2, files.size());
        byte[] sent = Archive.bytes(object);
        for (Path file : files) {
            byte[] kept = Files.readAllBytes(file);
            int head = kept.length - sent.length;
            assertArrayEquals(sent, Arrays.copyOfRange(kept, head, kept.length));
            assertArrayEquals(new byte[128], Arrays.copyOf(kept, 128), "the preamble is ours");
            assertEquals(head, archive.test.number("SELECT data_set_offset FROM stored_object"));
        }
        assertEquals(2, archive.rows("object_copy"));
        assertEquals(1, archive.rows("job WHERE kind = 'arrival' AND payload ->> 'instance' IS NOT NULL"));
        assertEquals(new ArchiveCounts(1, 1, 1, 1, Files.size(files.getFirst())), archive.counts());
        try (Connection connection = archive.test.unpooled().getConnection();
                ResultSet row = connection.createStatement().executeQuery("SELECT header FROM instance")) {
            row.next();
            assertEquals(
                    "Yamada^Tarou", HeaderBlob.decode(row.getBytes(1)).header().getString(Tag.PATIENT_NAME));
        }
    }

    @Test
    void storingTheSameObjectTwiceKeepsOneFile() throws Exception {
        assertStatus(0, archive.send(Archive.object("1")));
        List<Path> files = archive.files();
        assertStatus(0, archive.send(Archive.object("1")));
        assertEquals(files, archive.files());
        assertEquals(1, archive.rows("job"));
    }

    @Test
    void theSameObjectFromTwentyAssociationsAtOnceIsKeptOnce() throws Exception {
        List<Callable<DimseStatus>> calls = Collections.nCopies(20, () -> archive.send(Archive.object("1")));
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            for (Future<DimseStatus> answer : threads.invokeAll(calls)) {
                assertStatus(0, answer.get());
            }
        }
        assertEquals(2, archive.files().size());
        assertEquals(1, archive.rows("stored_object"));
        assertEquals(1, archive.rows("job"));
    }

    @Test
    void otherContentUnderAKnownUidIsKeptBesideTheFirst() throws Exception {
        assertStatus(0, archive.send(Archive.object("1")));
        List<Path> before = archive.files();
        assertStatus(0, archive.send(Archive.object("1").setString(Tag.PATIENT_NAME, VR.PN, "Suzuki^Hanako")));
        assertEquals(4, archive.files().size());
        assertTrue(archive.files().containsAll(before));
        assertEquals(1, archive.rows("discrepancy"));
        assertEquals(1, archive.rows("job"));
    }

    @Test
    void twentyAssociationsThatMakeOneSeriesMakeOneSeries() throws Exception {
        List<Callable<DimseStatus>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String number = Integer.toString(i);
            calls.add(() -> archive.send(Archive.object(number)));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            for (Future<DimseStatus> answer : threads.invokeAll(calls)) {
                assertStatus(0, answer.get());
            }
        }
        ArchiveCounts counts = archive.counts();
        assertEquals(new ArchiveCounts(1, 1, 1, 200, counts.bytes()), counts);
        assertEquals(400, archive.files().size());
        assertEquals(200, archive.rows("job"));
    }

    private void assertRefused(int status, String sopClass, String sopInstance, byte[] dataSet) throws Exception {
        DimseStatus answer = archive.store.store(
                Archive.request(sopClass, sopInstance, Archive.EXPLICIT), new ByteArrayInputStream(dataSet));
        assertStatus(status, answer);
        assertFalse(answer.comment().isEmpty());
        archive.assertEmpty();
    }

    private void assertRefused(int status, UnaryOperator<Dataset> fault) throws Exception {
        assertRefused(status, Archive.CT, "1.2.3.1", Archive.bytes(fault.apply(Archive.object("1"))));
    }

    @Test
    void aRefusedObjectLeavesNeitherFileNorRow() throws Exception {
        assertRefused(0xA900, object -> object.setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.4"));
        assertRefused(0xA900, object -> object.setString(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3.9"));
        assertRefused(0xA900, object -> object.setString(Tag.SOP_INSTANCE_UID, VR.UI, ""));
        assertRefused(0xA900, object -> object.setString(Tag.STUDY_INSTANCE_UID, VR.UI, ""));
        assertRefused(0xA900, object -> object.setString(Tag.STUDY_INSTANCE_UID, VR.UI, "../../etc/passwd"));
        assertRefused(0xA900, object -> object.setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1." + "2".repeat(63)));
        assertRefused(0xA900, object -> object.setString(Tag.SERIES_INSTANCE_UID, VR.UI, "1..2"));
        assertRefused(0xA900, object -> object.setString(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2\0/x"));
        byte[] good = Archive.bytes(Archive.object("1"));
        assertRefused(0xC000, Archive.CT, "", good);
        assertRefused(0xC000, Archive.CT, "../1", good);
        assertRefused(0xC000, "1.2\0", "1.2.3.1", good);
        assertRefused(0xC000, Archive.CT, "1.2.3.1", Arrays.copyOf(good, good.length - 1));
        byte[] garbage = new byte[5000];
        Arrays.fill(garbage, (byte) 0xFF);
        assertRefused(0xC000, Archive.CT, "1.2.3.1", garbage);
        Dataset deep = Archive.object("1");
        Dataset level = deep;
        for (int i = 0; i < 65; i++) {
            level = level.addItem(Tag.CONTENT_SEQUENCE);
        }
        assertRefused(0xC000, Archive.CT, "1.2.3.1", Archive.bytes(deep));
    }

    @Test
    void aSenderThatGoesAwayAtAnyByteLeavesNothing() throws Exception {
        byte[] good = Archive.bytes(Archive.object("1").setBytes(Tag.PIXEL_DATA, VR.OW, new byte[64]));
        IOException gone = new IOException("connection reset");
        for (int length = 0; length <= good.length; length++) {
            InputStream cut =
                    new SequenceInputStream(new ByteArrayInputStream(good, 0, length), new FailingStream(gone));
            assertSame(gone, assertThrows(IOException.class, () -> archive.send("1.2.3.1", cut)));
        }
        archive.assertEmpty();
    }

    @Test
    void aPeerThatMayNotStoreIsNotReadAtAll() throws Exception {
        archive.peers.put(
                new KnownPeer("STORESCU", "127.0.0.1", 104, false, EnumSet.of(Permission.FIND, Permission.MOVE), ""));
        assertStatus(0x0124, archive.send("1.2.3.1", new FailingStream(new IOException("was read"))));
        archive.assertEmpty();
    }

    @Test
    void withoutADatabaseTheAnswerIsOutOfResourcesAndNothingIsLeft() throws Exception {
        assertStatus(0x0000, archive.send(Archive.object("1")));
        archive.faults.next(Fault.DOWN);
        assertStatus(0xA700, archive.send(Archive.object("2")));
        archive.faults.next(Fault.NONE);
        assertEquals(2, archive.files().size());
        assertStatus(0x0000, archive.send(Archive.object("2")));
        assertEquals(4, archive.files().size());
    }

    /** @param before objects of the same series that are there already: the first takes a transaction, the others one statement */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aCommitWhoseAnswerWasLostIsLookedUpAndAcknowledged(int before) throws Exception {
        sendBefore(before);
        archive.faults.next(Fault.ANSWER_LOST);
        assertStatus(0x0000, archive.send(Archive.object("1")));
        assertEquals(before + 1, archive.rows("stored_object"));
        assertEquals(2 * (before + 1), archive.files().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aCommitThatWasLostIsLookedUpAndLeavesNothing(int before) throws Exception {
        sendBefore(before);
        archive.faults.next(Fault.COMMIT_LOST);
        assertStatus(0xA700, archive.send(Archive.object("1")));
        assertOnly(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aCommitInDoubtKeepsTheFilesUntilItIsKnownToHaveFailed(int before) throws Exception {
        sendBefore(before);
        archive.faults.next(Fault.COMMIT_STUCK);
        assertStatus(0xA700, archive.send(Archive.object("1")));
        assertTrue(archive.files().size() > 2 * before, "may be committed yet");
        archive.faults.hangUp(false);
        archive.awaitFiles(2 * before);
        assertOnly(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aCommitInDoubtThatHappensAfterAllKeepsTheFiles(int before) throws Exception {
        sendBefore(before);
        archive.faults.next(Fault.COMMIT_STUCK);
        assertStatus(0xA700, archive.send(Archive.object("1")));
        archive.faults.hangUp(true);
        archive.awaitFiles(2 * (before + 1));
        assertStatus(0x0000, archive.send(Archive.object("1")));
        assertEquals(2 * (before + 1), archive.files().size());
        assertEquals(before + 1, archive.rows("stored_object"));
    }

    private void sendBefore(int objects) throws Exception {
        for (int i = 0; i < objects; i++) {
            assertStatus(0x0000, archive.send(Archive.object("9" + i)));
        }
    }

    /** Nothing is there but what came before. */
    private void assertOnly(int objects) throws Exception {
        if (objects == 0) {
            archive.assertEmpty();
        }
        assertEquals(2 * objects, archive.files().size());
        for (String table : List.of("instance", "stored_object", "job", "series_tally")) {
            assertEquals(objects, archive.rows(table), table);
        }
    }

    @Test
    void aNodeThatRemembersASeriesWhichIsGoneMakesItAgain() throws Exception {
        assertStatus(0, archive.send(Archive.object("1")));
        try (Connection connection = archive.test.unpooled().getConnection()) {
            // As after a failover to a standby that had not got it.
            connection.createStatement().execute("TRUNCATE patient, study, series, instance, stored_object CASCADE");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        assertStatus(0, archive.send(Archive.object("2")));
        assertEquals(1, archive.rows("study"));
    }

    private DimseStatus sendWhileTheStandbyIsMissing(Dataset object) throws Exception {
        CompletableFuture<DimseStatus> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return archive.send(object);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Await.until("the answer", () -> {
            archive.test.endWaitForStandby("pg_cancel_backend");
            return answer.isDone();
        });
        return answer.get();
    }

    @Test
    void anObjectThatDidNotReachTheStandbyIsNotAcknowledgedNorIsItsDuplicate() throws Exception {
        assertStatus(0, archive.send(Archive.object("1")));
        archive.test.requireMissingStandby(true);
        try {
            assertStatus(0xA700, sendWhileTheStandbyIsMissing(Archive.object("2")));
            assertEquals(2, archive.rows("stored_object"), "PostgreSQL has committed it here");
            assertStatus(0xA700, sendWhileTheStandbyIsMissing(Archive.object("2")));
        } finally {
            archive.test.requireMissingStandby(false);
        }
        assertStatus(0, archive.send(Archive.object("2")));
        archive.awaitFiles(4);
        assertEquals(2, archive.rows("stored_object"));
    }

    @Test
    void aRehearsalLeavesNeitherFileNorRow() throws Exception {
        long keys = archive.test.number("SELECT nextval(pg_get_serial_sequence('instance', 'id'))");
        new Rehearsal(archive.ingest).prepare(Duration.ofSeconds(1));
        long used = archive.test.number("SELECT nextval(pg_get_serial_sequence('instance', 'id'))") - keys;
        assertTrue(used > 1, "nothing was rehearsed");
        archive.assertEmpty();
    }

    @Test
    void aRehearsalWithoutADatabaseIsGivenUp() throws Exception {
        archive.faults.next(Fault.DOWN);
        long start = System.nanoTime();
        new Rehearsal(archive.ingest).prepare(Duration.ofSeconds(60));
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(30).toNanos());
        assertEquals(List.of(), archive.files());
    }
}
