// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.dozo.dicom.inbound.QueryPeer.GET_CONTEXT;
import static org.dozo.dicom.inbound.QueryPeer.MOVE_CONTEXT;
import static org.dozo.dicom.inbound.QueryPeer.cancel;
import static org.dozo.dicom.inbound.QueryPeer.encoded;
import static org.dozo.dicom.inbound.QueryPeer.get;
import static org.dozo.dicom.inbound.QueryPeer.message;
import static org.dozo.dicom.inbound.QueryPeer.move;
import static org.dozo.dicom.inbound.QueryPeer.moveRequest;
import static org.dozo.dicom.inbound.QueryPeer.storeResponse;
import static org.dozo.dicom.inbound.QueryPeer.studyKeys;
import static org.dozo.dicom.net.Pdus.CT;
import static org.dozo.dicom.net.Pdus.EXPLICIT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Priority;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveRequest;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.StorageReceiver;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.SubOperations;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.inbound.QueryPeer.Message;
import org.dozo.dicom.net.Await;
import org.dozo.dicom.net.Pdus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PS3.7 §9.1.3 and §9.1.4: C-GET and C-MOVE as SCP. */
class RetrieveTest {

    private static final DimseStatus SOME_FAILED = new DimseStatus(0xB000, "");
    private static final DimseStatus CANCELLED = new DimseStatus(0xFE00, "");
    private static final int REMAINING = 0x1020;
    private static final int COMPLETED = 0x1021;
    private static final int FAILED = 0x1022;
    private static final int WARNING = 0x1023;

    private ListenerFixture fixture;
    private QueryPeer peer;

    private void begin(String... settings) throws Exception {
        fixture = ListenerFixture.retrieving(settings);
        peer = QueryPeer.associated(fixture);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        peer.wire().close();
        fixture.close();
    }

    private static byte[] object(int number) {
        byte[] object = new byte[40_000 + 2 * number];
        java.util.Arrays.fill(object, (byte) number);
        return object;
    }

    private static DimseStatus send(StorageReceiver receiver, int number) throws IOException {
        return receiver.store(
                new StoreOperation(CT, "1.2.3." + number, EXPLICIT, Priority.MEDIUM),
                new ByteArrayInputStream(object(number)));
    }

    /** Sends objects one by one, as the archive would. */
    private static RetrieveResult sendAll(int count, RetrieveProgress progress, StorageReceiver receiver)
            throws IOException {
        int completed = 0;
        List<String> failed = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            if (progress.isCancelled()) {
                return new RetrieveResult(
                        CANCELLED, new SubOperations(count - number + 1, completed, failed.size(), 0), failed);
            }
            if (send(receiver, number).isDone()) {
                completed++;
            } else {
                failed.add("1.2.3." + number);
            }
            progress.pending(new SubOperations(count - number, completed, failed.size(), 0));
        }
        return new RetrieveResult(
                failed.isEmpty() ? DimseStatus.SUCCESS : SOME_FAILED,
                new SubOperations(0, completed, failed.size(), 0),
                failed);
    }

    private static void assertCounts(Message response, int remaining, int completed, int failed, int warning) {
        assertEquals(
                List.of(remaining, completed, failed, warning),
                List.of(
                        response.value(REMAINING),
                        response.value(COMPLETED),
                        response.value(FAILED),
                        response.value(WARNING)));
    }

    // --- C-MOVE

    @Test
    void aMoveReachesTheArchiveAndItsProgressThePeer() throws Exception {
        begin();
        AtomicReference<RetrieveRequest> heard = new AtomicReference<>();
        fixture.archive.moving = (request, progress) -> {
            heard.set(request);
            progress.pending(new SubOperations(70_000, 1, 2, 3));
            return new RetrieveResult(DimseStatus.SUCCESS, new SubOperations(9, 70_004, 0, 3), List.of("1.2"));
        };
        Message pending = peer.send(move(8, "STATION ")).receive();
        assertEquals(0x8021, pending.field());
        assertEquals(8, pending.value(0x0120));
        assertEquals(0xFF00, pending.status());
        assertCounts(pending, 65535, 1, 2, 3);
        Message last = peer.receive();
        assertEquals(0, last.status());
        assertCounts(last, -1, 65535, 0, 3);
        assertEquals(0x0101, last.value(0x0800), "no failures are listed of a success");
        assertEquals("STATION", heard.get().moveDestination());
        assertEquals(studyKeys(), heard.get().identifier());
        assertEquals(Set.of(), heard.get().options());
        assertEquals(1L, fixture.statistics.getMoveResponses().get("0000"));
    }

    @Test
    void theFailedInstancesAreListedAsFarAsAShortValueReaches() throws Exception {
        begin();
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            failed.add("1.2.826.0.1.3680043.9.9999.1234567890.1234567890.1234567890." + (1000 + i));
        }
        for (List<String> uids : List.of(failed.subList(0, 2), failed)) {
            fixture.archive.moving = (request, progress) ->
                    new RetrieveResult(SOME_FAILED, new SubOperations(0, 1, uids.size(), 0), uids);
            Message last = peer.send(move(1, "STATION")).receive();
            assertEquals(0xB000, last.status());
            assertEquals(uids.size(), last.value(FAILED));
            List<String> listed = last.identifier().getStrings(Tag.FAILED_SOP_INSTANCE_UID_LIST);
            assertEquals(uids.subList(0, listed.size()), listed);
            assertTrue(listed.size() == uids.size() || listed.size() > 1000, listed.size() + " are listed");
            assertTrue(last.dataSet().length <= 8 + 0xFFFE, last.dataSet().length + " bytes");
        }
    }

    @Test
    void aMoveIsCancelledBetweenItsSubOperations() throws Exception {
        begin();
        fixture.archive.moving = (request, progress) -> {
            progress.pending(new SubOperations(10, 0, 0, 0));
            Await.until("the cancel is seen", progress::isCancelled);
            return new RetrieveResult(CANCELLED, new SubOperations(7, 3, 0, 0), List.of());
        };
        peer.send(move(5, "STATION")).receive();
        Message last =
                peer.send(cancel(MOVE_CONTEXT, 4), cancel(MOVE_CONTEXT, 5)).receive();
        assertEquals(0xFE00, last.status());
        assertCounts(last, 7, 3, 0, 0);
        assertTrue(peer.echoes());
    }

    @Test
    void movesThatCanNotBeUnderstoodAreRefused() throws Exception {
        begin();
        fixture.archive.moving = (request, progress) -> {
            throw new AssertionError("nothing was understood");
        };
        assertEquals(0xA801, peer.send(move(1, "")).receive().status());
        assertEquals(0xA801, peer.send(move(1, "  ")).receive().status());
        byte[] keys = encoded(studyKeys());
        assertEquals(
                0xC000,
                peer.send(message(MOVE_CONTEXT, moveRequest(1, "STATION"), new byte[] {1, 2, 3}))
                        .receive()
                        .status());
        assertEquals(
                0x0122,
                peer.send(message(GET_CONTEXT, moveRequest(1, "STATION"), keys))
                        .receive()
                        .status());
        assertTrue(peer.echoes());
    }

    @Test
    void anArchiveThatFailsAnswersProcessingFailure() throws Exception {
        begin();
        fixture.archive.moving = (request, progress) -> {
            throw new IllegalStateException("a bug");
        };
        fixture.archive.getting =
                (request, progress, requestor) -> RetrieveResult.refused(new DimseStatus(0xFF00, "never the last"));
        assertEquals(0x0110, peer.send(move(1, "STATION")).receive().status());
        assertEquals(0x0110, peer.send(get(1)).receive().status());
        assertTrue(peer.echoes());
    }

    // --- C-GET

    @Test
    void objectsComeBackOnTheSameAssociation() throws Exception {
        begin();
        AtomicReference<RetrieveRequest> heard = new AtomicReference<>();
        fixture.archive.getting = (request, progress, requestor) -> {
            heard.set(request);
            assertEquals(Set.of(EXPLICIT), requestor.acceptedTransferSyntaxUids(CT));
            assertEquals(Set.of(), requestor.acceptedTransferSyntaxUids(Pdus.VERIFICATION));
            return sendAll(3, progress, requestor);
        };
        peer.send(get(6));
        for (int number = 1; number <= 3; number++) {
            Message store = peer.receive();
            assertEquals(0x0001, store.field());
            assertArrayEquals(object(number), store.dataSet());
            assertTrue(new String(store.pdu(), StandardCharsets.ISO_8859_1).contains("1.2.3." + number));
            Message pending = peer.send(storeResponse(store.value(0x0110), 0)).receive();
            assertEquals(0x8010, pending.field());
            assertCounts(pending, 3 - number, number, 0, 0);
        }
        Message last = peer.receive();
        assertEquals(0, last.status());
        assertEquals(6, last.value(0x0120));
        assertCounts(last, -1, 3, 0, 0);
        assertEquals(Set.of(QueryOption.RELATIONAL), heard.get().options());
        assertEquals("", heard.get().moveDestination());
        assertEquals(1L, fixture.statistics.getGetResponses().get("0000"));
    }

    @Test
    void whatThePeerRefusesIsCountedAndListed() throws Exception {
        begin();
        fixture.archive.getting = (request, progress, requestor) -> sendAll(4, progress, requestor);
        peer.send(get(6));
        int[] answers = {0, 0xA700, 0xB007, 0xC000};
        for (int answer : answers) {
            peer.send(storeResponse(peer.receive().value(0x0110), answer)).receive();
        }
        Message last = peer.receive();
        assertEquals(0xB000, last.status());
        assertCounts(last, -1, 2, 2, 0);
        assertEquals(List.of("1.2.3.2", "1.2.3.4"), last.identifier().getStrings(Tag.FAILED_SOP_INSTANCE_UID_LIST));
    }

    @Test
    void aGetIsCancelledWhileAResponseIsAwaited() throws Exception {
        begin();
        fixture.archive.getting = (request, progress, requestor) -> sendAll(10, progress, requestor);
        Message store = peer.send(get(6)).receive();
        peer.send(cancel(GET_CONTEXT, 5), cancel(GET_CONTEXT, 6), storeResponse(store.value(0x0110), 0));
        assertEquals(0xFF00, peer.receive().status());
        Message last = peer.receive();
        assertEquals(0xFE00, last.status());
        assertCounts(last, 9, 1, 0, 0);
        assertTrue(peer.echoes());
    }

    @Test
    void aClassThatThePeerDidNotTakeIsRefusedWithoutHarm() throws Exception {
        begin();
        fixture.archive.getting = (request, progress, requestor) -> {
            for (StoreOperation impossible : List.of(
                    new StoreOperation(CT, "1.2", Pdus.JPEG_LS, Priority.MEDIUM),
                    new StoreOperation(Pdus.VERIFICATION, "1.2", Pdus.IMPLICIT, Priority.MEDIUM))) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> requestor.store(impossible, InputStream.nullInputStream()));
            }
            return sendAll(1, progress, requestor);
        };
        Message store = peer.send(get(6)).receive();
        assertEquals(
                0xFF00,
                peer.send(storeResponse(store.value(0x0110), 0)).receive().status());
        assertEquals(0, peer.receive().status());
    }

    @Test
    void thePeersPlaceInTheAssociationsIsKeptWhileItThinks() throws Exception {
        begin("dicom.idle-timeout", "300 ms");
        fixture.archive.getting = (request, progress, requestor) -> sendAll(1, progress, requestor);
        Message store = peer.send(get(6)).receive();
        Thread.sleep(800);
        assertEquals(
                0xFF00,
                peer.send(storeResponse(store.value(0x0110), 0)).receive().status());
        assertEquals(0, peer.receive().status());
    }

    private interface Misbehaviour {
        void happen(Message store) throws Exception;
    }

    /** The archive is told by an IOException, at once and ever after; the peer by an abort unless he is gone. */
    private void assertGetFailsBy(int lastPdu, Misbehaviour misbehaviour) throws Exception {
        CompletableFuture<IOException> failure = new CompletableFuture<>();
        fixture.archive.getting = (request, progress, requestor) -> {
            failure.complete(assertThrows(IOException.class, () -> send(requestor, 1)));
            assertTrue(progress.isCancelled());
            assertThrows(IOException.class, () -> send(requestor, 2));
            assertThrows(IOException.class, () -> progress.pending(SubOperations.NONE));
            return RetrieveResult.refused(DimseStatus.SUCCESS);
        };
        Message store = peer.send(get(6)).receive();
        misbehaviour.happen(store);
        failure.get(20, TimeUnit.SECONDS);
        if (lastPdu >= 0) {
            assertEquals(lastPdu, peer.wire().receiveType());
        }
        peer.wire().close();
        fixture.awaitNoConnection();
        assertEquals(1, fixture.statistics.getAbortedAssociations());
        assertTrue(fixture.statistics.getGetResponses().isEmpty());
    }

    @Test
    void aPeerThatAbortsEndsTheRetrieval() throws Exception {
        begin();
        assertGetFailsBy(-1, store -> peer.send(Pdus.abort()).wire().close());
    }

    @Test
    void aPeerThatDoesNotAnswerInTimeIsAborted() throws Exception {
        begin("dicom.response-timeout", "300 ms");
        assertGetFailsBy(7, store -> {});
    }

    @Test
    void aPeerThatAnswersWhatWasNotAskedIsAborted() throws Exception {
        begin();
        assertGetFailsBy(7, store -> peer.send(storeResponse(store.value(0x0110) + 1, 0)));
    }

    @Test
    void aPeerThatAsksWhereItMustAnswerIsAborted() throws Exception {
        begin();
        assertGetFailsBy(7, store -> peer.send(Pdus.echo(9)));
    }

    @Test
    void aPeerThatReleasesInsteadOfAnsweringEndsTheRetrieval() throws Exception {
        begin();
        assertGetFailsBy(6, store -> peer.send(Pdus.releaseRequest()));
    }

    private static final class Broken extends InputStream {

        private final Exception cause;

        Broken(Exception cause) {
            this.cause = cause;
        }

        @Override
        public int read() throws IOException {
            if (cause instanceof IOException io) {
                throw io;
            }
            throw (RuntimeException) cause;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
        }
    }

    @Test
    void anObjectThatCanNotBeReadToItsEndAbortsTheAssociation() throws Exception {
        for (Exception cause : List.of(new IOException("bad sector"), new UncheckedIOException(new IOException("x")))) {
            begin();
            CompletableFuture<IOException> failure = new CompletableFuture<>();
            fixture.archive.getting = (request, progress, requestor) -> {
                InputStream broken =
                        new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), new Broken(cause));
                failure.complete(assertThrows(
                        IOException.class,
                        () -> requestor.store(new StoreOperation(CT, "1.2", EXPLICIT, Priority.LOW), broken)));
                return RetrieveResult.refused(DimseStatus.SUCCESS);
            };
            peer.send(get(6));
            failure.get(20, TimeUnit.SECONDS);
            int type = 4;
            while (type == 4) {
                byte[] pdu = peer.wire().receive();
                type = pdu[0];
                assertFalse(type == 4 && (pdu[11] & 3) == 2, "a part of an object passes for the whole");
            }
            assertEquals(7, type);
            nothingIsLeft();
        }
    }
}
