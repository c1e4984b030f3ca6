// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import static org.dozo.retrieve.StockedArchive.EXPLICIT;
import static org.dozo.retrieve.StockedArchive.STUDY_ROOT_MOVE;
import static org.dozo.retrieve.StockedArchive.object;
import static org.dozo.retrieve.StockedArchive.request;
import static org.dozo.retrieve.StockedArchive.study;
import static org.dozo.retrieve.StockedArchive.uid;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.dozo.access.DestinationSettings;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.SubOperations;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetReader;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.index.Correction;
import org.dozo.index.Corrections;
import org.dozo.sending.FakeDestination;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class MoveIT {

    private static final TransferSyntax IMPLICIT = TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN;

    @TempDir
    private Path directory;

    private StockedArchive archive;
    private final Requestor requestor = new Requestor();

    @BeforeEach
    void open() throws Exception {
        archive = new StockedArchive(directory, new DestinationSettings(2, 1, 3, Duration.ofMinutes(10)));
    }

    @AfterEach
    void close() {
        archive.close();
    }

    private RetrieveResult move() throws IOException {
        return archive.move.move(request(STUDY_ROOT_MOVE, study(), "WORKSTATION"), requestor);
    }

    private static void assertResult(int status, SubOperations counts, RetrieveResult result) {
        assertEquals("%04X".formatted(status), "%04X".formatted(result.status().code()), result.toString());
        assertEquals(counts, result.counts());
    }

    private static List<String> uids(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(StockedArchive::uid).toList();
    }

    @Test
    void everyObjectArrivesAsItWasStoredInOrderAndOnTheRequestorsBehalf() throws Exception {
        archive.with(5);
        assertResult(0, new SubOperations(0, 5, 0, 0), move());
        assertEquals(uids(1, 5), archive.destination.uids());
        for (int i = 0; i < 5; i++) {
            FakeDestination.Received received = archive.destination.received.get(i);
            assertArrayEquals(DatasetWriter.toBytes(object(i + 1), EXPLICIT), received.toArray());
            assertEquals("VIEWER", received.operation().moveOriginatorAeTitle());
            assertEquals(7, received.operation().moveOriginatorMessageId());
            assertEquals(EXPLICIT.uid(), received.operation().transferSyntaxUid());
        }
        assertEquals(1, archive.destination.opened.get());
        awaitReleased(1);
    }

    /** The answer may be there a moment before the release. */
    private void awaitReleased(int number) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (archive.destination.released.get() != number) {
            assertTrue(System.nanoTime() < deadline, "not released");
            Thread.sleep(10);
        }
    }

    @Test
    void nothingToSendIsSuccessWithoutAnAssociation() throws Exception {
        assertResult(0, SubOperations.NONE, move());
        assertEquals(0, archive.destination.opened.get());
    }

    @Test
    void aStrangerIsNoDestination() throws Exception {
        archive.with(1);
        RetrieveResult result = archive.move.move(request(STUDY_ROOT_MOVE, study(), "STRANGER"), requestor);
        assertResult(0xA801, SubOperations.NONE, result);
        assertEquals(0, archive.destination.opened.get());
    }

    @Test
    void aWrongIdentifierIsRefusedNamingTheAttribute() throws Exception {
        RetrieveResult result = archive.move.move(request(STUDY_ROOT_MOVE, new Dataset(), "WORKSTATION"), requestor);
        assertResult(0xA900, SubOperations.NONE, result);
        assertTrue(
                result.status().comment().contains("(0008,0052)"),
                result.status().comment());
    }

    @Test
    void whatTheDestinationDoesNotTakeAsStoredIsConvertedForIt() throws Exception {
        archive.with(2);
        archive.destination.accepts = IMPLICIT.uid()::equals;
        assertResult(0, new SubOperations(0, 2, 0, 0), move());
        FakeDestination.Received received = archive.destination.received.getFirst();
        assertEquals(IMPLICIT.uid(), received.operation().transferSyntaxUid());
        assertEquals(object(1), DatasetReader.read(received.toArray(), IMPLICIT));
    }

    @Test
    void compressedPixelsThatAreNotTakenFailForThatObjectOnlyWithTheReason() throws Exception {
        TransferSyntax jpeg = TransferSyntaxes.of("1.2.840.10008.1.2.4.70");
        Dataset compressed = object(2).set(Element.ofFragments(Tag.PIXEL_DATA, VR.OB, List.of(new byte[0], new byte[] {
            1, 2, 3, 4
        })));
        archive.put(object(1), EXPLICIT);
        archive.put(compressed, jpeg);
        archive.put(object(3), EXPLICIT);
        archive.destination.accepts = syntax -> !syntax.equals(jpeg.uid());
        RetrieveResult result = move();
        assertResult(0xB000, new SubOperations(0, 2, 1, 0), result);
        assertEquals(List.of(uid(2)), result.failedSopInstanceUids());
        assertTrue(result.status().comment().contains("JPEG"), result.status().comment());
        assertEquals(List.of(uid(1), uid(3)), archive.destination.uids());
    }

    @Test
    void compressedObjectsGoOutAsStoredInAContextOfTheirOwn() throws Exception {
        TransferSyntax jpeg = TransferSyntaxes.of("1.2.840.10008.1.2.4.70");
        Dataset compressed = object(2).set(Element.ofFragments(Tag.PIXEL_DATA, VR.OB, List.of(new byte[0], new byte[] {
            1, 2, 3, 4
        })));
        archive.put(object(1), EXPLICIT);
        archive.put(compressed, jpeg);
        assertResult(0, new SubOperations(0, 2, 0, 0), move());
        assertArrayEquals(
                DatasetWriter.toBytes(compressed, jpeg),
                archive.destination.received.get(1).toArray());
        assertTrue(archive.destination.proposals.getFirst().stream()
                .allMatch(context -> context.transferSyntaxUids().size() == 1));
    }

    @Test
    void correctionsAreAppliedAndTheRestFlowsUntouched() throws Exception {
        archive.with(2);
        long instance = archive.test.number("SELECT id FROM instance WHERE sop_instance_uid = '1.2.3.2'");
        Dataset patch = new Dataset().setString(Tag.PATIENT_NAME, VR.PN, "Suzuki^Hanako");
        archive.database.transaction(connection -> Corrections.record(
                connection, new Correction(Correction.Level.INSTANCE, instance, patch, "merged", "test")));
        assertResult(0, new SubOperations(0, 2, 0, 0), move());
        assertArrayEquals(
                DatasetWriter.toBytes(object(1), EXPLICIT),
                archive.destination.received.get(0).toArray());
        assertEquals(
                object(2).setString(Tag.PATIENT_NAME, VR.PN, "Suzuki^Hanako"),
                DatasetReader.read(archive.destination.received.get(1).toArray(), EXPLICIT));
    }

    @Test
    void aRefusalIsCountedWithItsUidAndAWarningAsAWarning() throws Exception {
        archive.with(3);
        archive.destination.answers = status -> switch (archive.destination.received.size()) {
            case 0 -> new DimseStatus(0xB000, "coerced");
            case 1 -> new DimseStatus(0xA700, "disk full");
            default -> status;
        };
        RetrieveResult result = move();
        assertResult(0xB000, new SubOperations(0, 0, 2, 1), result);
        assertEquals(List.of(uid(2), uid(3)), result.failedSopInstanceUids());
    }

    @Test
    void aLostAssociationIsOpenedAgainAndNothingIsLostOrSentTwice() throws Exception {
        archive.with(6);
        archive.destination.loses = number -> number == 3;
        assertResult(0, new SubOperations(0, 6, 0, 0), move());
        assertEquals(uids(1, 6), archive.destination.uids());
        assertEquals(2, archive.destination.opened.get());
    }

    @Test
    void objectsThatBreakTheDestinationFailAloneEvenSideBySide() throws Exception {
        archive.with(8);
        archive.destination.losesObject = Set.of(uid(3), uid(4), uid(5))::contains;
        RetrieveResult result = move();
        assertResult(0xB000, new SubOperations(0, 5, 3, 0), result);
        assertEquals(uids(3, 5), result.failedSopInstanceUids());
        assertEquals(List.of(uid(1), uid(2), uid(6), uid(7), uid(8)), archive.destination.uids());
    }

    @Test
    void aDestinationThatLosesEveryAssociationIsGivenUpAndTheRestIsFailed() throws Exception {
        archive.with(150);
        archive.destination.loses = number -> number > 2;
        RetrieveResult result = move();
        assertResult(0xB000, new SubOperations(0, 2, 148, 0), result);
        assertEquals(new HashSet<>(uids(3, 150)), Set.copyOf(result.failedSopInstanceUids()));
        assertTrue(archive.destination.opened.get() <= 12, archive.destination.opened + " associations");
    }

    @Test
    void aDestinationThatCannotBeReachedFailsEverythingAndIsLeftAloneAfterThreeTimes() throws Exception {
        archive.with(2);
        archive.destination.unreachable.set(3);
        for (int i = 0; i < 3; i++) {
            RetrieveResult result = move();
            assertResult(0xA702, new SubOperations(0, 0, 2, 0), result);
            assertEquals(uids(1, 2), result.failedSopInstanceUids());
        }
        RetrieveResult paused = move();
        assertResult(0xA702, new SubOperations(0, 0, 2, 0), paused);
        assertTrue(
                paused.status().comment().contains("left alone"),
                paused.status().comment());
        assertEquals(0, archive.destination.opened.get());
    }

    @Test
    void aCancelEndsItBetweenTwoObjectsWithWhatRemains() throws Exception {
        archive.with(10);
        archive.destination.beforeEach = () -> sleep(300);
        requestor.cancels = () -> archive.destination.received.size() >= 2;
        RetrieveResult result = move();
        assertEquals(0xFE00, result.status().code());
        int sent = archive.destination.received.size();
        assertTrue(sent < 10, sent + " were sent");
        assertEquals(new SubOperations(10 - sent, sent, 0, 0), result.counts());
        assertEquals(1, archive.destination.released.get());
    }

    @Test
    void aRequestorThatIsGoneEndsIt() throws Exception {
        archive.with(10);
        archive.destination.beforeEach = () -> sleep(500);
        requestor.gone = true;
        assertThrows(IOException.class, this::move);
        awaitReleased(1);
        assertTrue(archive.destination.received.size() < 10);
    }

    @Test
    void theRequestorHearsEverySecondHowFarItIs() throws Exception {
        archive.with(3);
        archive.destination.beforeEach = () -> sleep(900);
        assertResult(0, new SubOperations(0, 3, 0, 0), move());
        assertTrue(requestor.heard.size() >= 2, requestor.heard.toString());
        requestor.heard.forEach(counts -> assertEquals(3, counts.remaining() + counts.completed()));
    }

    @Test
    void aCopyThatCannotBeReadIsReplacedByTheNext() throws Exception {
        archive.with(3);
        String first = archive.test.text("SELECT name FROM volume ORDER BY id LIMIT 1");
        for (Path file : archive.files(first)) {
            // Too short: it shows only in the middle.
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 5000));
        }
        assertResult(0, new SubOperations(0, 3, 0, 0), move());
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(
                    DatasetWriter.toBytes(object(i + 1), EXPLICIT),
                    archive.destination.received.get(i).toArray());
        }
        assertEquals(3, archive.test.number("SELECT count(*) FROM object_copy WHERE state = 'SUSPECT'"));
    }

    @Test
    void anObjectWithoutAnyCopyFailsAloneAndTheOthersArrive() throws Exception {
        archive.with(3);
        String path = archive.test.text("SELECT c.path FROM object_copy c JOIN stored_object o ON o.id = c.object_fk"
                + " JOIN instance i ON i.id = o.instance_fk WHERE i.sop_instance_uid = '1.2.3.2' LIMIT 1");
        Files.delete(directory.resolve("v0").resolve(path));
        Files.delete(directory.resolve("v1").resolve(path));
        RetrieveResult result = move();
        assertResult(0xB000, new SubOperations(0, 2, 1, 0), result);
        assertEquals(List.of(uid(1), uid(3)), archive.destination.uids());
    }

    @Test
    void aBusyDestinationKeepsNobodyWaitingWhoWantsAnother() throws Exception {
        archive.with(1);
        archive.test.execute(
                "INSERT INTO peer (ae_title, host, port) VALUES ('SLOW1', '127.0.0.1', 1), ('SLOW2', '127.0.0.1', 2)");
        CountDownLatch stuck = new CountDownLatch(2);
        CountDownLatch free = new CountDownLatch(1);
        archive.destination.beforeEach = () -> {
            if (stuck.getCount() > 0) {
                stuck.countDown();
                await(free);
            }
        };
        Thread first = Thread.startVirtualThread(() -> moveTo("SLOW1"));
        Thread second = Thread.startVirtualThread(() -> moveTo("SLOW1"));
        assertTrue(stuck.await(20, TimeUnit.SECONDS));
        // Both places are taken: one more waits, and hears that it does.
        requestor.cancels = () -> requestor.heard.size() >= 2;
        RetrieveResult third = archive.move.move(request(STUDY_ROOT_MOVE, study(), "SLOW1"), requestor);
        assertResult(0xFE00, new SubOperations(1, 0, 0, 0), third);
        RetrieveResult elsewhere = archive.move.move(request(STUDY_ROOT_MOVE, study(), "SLOW2"), new Requestor());
        assertResult(0, new SubOperations(0, 1, 0, 0), elsewhere);
        free.countDown();
        first.join();
        second.join();
        assertEquals(3, archive.destination.received.size());
    }

    private void moveTo(String title) {
        try {
            archive.move.move(request(STUDY_ROOT_MOVE, study(), title), new Requestor());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void severalAssociationsShareTheWork() throws Exception {
        archive.close();
        Path fresh = Files.createDirectory(directory.resolve("parallel"));
        archive = new StockedArchive(fresh, new DestinationSettings(4, 3, 3, Duration.ofMinutes(10))).with(30);
        archive.destination.beforeEach = () -> sleep(20);
        assertResult(0, new SubOperations(0, 30, 0, 0), move());
        assertEquals(30, Set.copyOf(archive.destination.uids()).size());
        assertEquals(3, archive.destination.opened.get());
    }
}
