// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.dozo.dicom.inbound.QueryPeer.FIND_CONTEXT;
import static org.dozo.dicom.inbound.QueryPeer.cancel;
import static org.dozo.dicom.inbound.QueryPeer.encoded;
import static org.dozo.dicom.inbound.QueryPeer.find;
import static org.dozo.dicom.inbound.QueryPeer.message;
import static org.dozo.dicom.inbound.QueryPeer.request;
import static org.dozo.dicom.inbound.QueryPeer.studyKeys;
import static org.dozo.dicom.net.Pdus.ascii;
import static org.dozo.dicom.net.Pdus.bytes;
import static org.dozo.dicom.net.Pdus.command;
import static org.dozo.dicom.net.Pdus.element;
import static org.dozo.dicom.net.Pdus.fragment;
import static org.dozo.dicom.net.Pdus.join;
import static org.dozo.dicom.net.Pdus.pData;
import static org.dozo.dicom.net.Pdus.us;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.FindRequest;
import org.dozo.dicom.Matches;
import org.dozo.dicom.Priority;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.inbound.QueryPeer.Message;
import org.dozo.dicom.net.Await;
import org.dozo.dicom.net.Pdus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PS3.7 §9.1.2: C-FIND as SCP. */
class FindTest {

    private static final DimseStatus CANCELLED = new DimseStatus(0xFE00, "");
    private static final int MANY = 100_000;

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

    private static Dataset match(int number) {
        Dataset match = studyKeys();
        match.setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.3." + number);
        return match;
    }

    /** A search that ends only when it is cancelled, or after very many matches of 4 KiB. */
    private static DimseStatus search(Matches matches, AtomicInteger found) throws IOException {
        while (found.get() < MANY) {
            if (matches.isCancelled()) {
                return CANCELLED;
            }
            Dataset match = match(found.get());
            match.setBytes(0x0009_1000, VR.OB, new byte[4096]);
            matches.add(match);
            found.incrementAndGet();
        }
        return DimseStatus.SUCCESS;
    }

    @Test
    void theRequestReachesTheArchiveAsItWasSentAndAgreedOn() throws Exception {
        begin();
        AtomicReference<FindRequest> heard = new AtomicReference<>();
        fixture.archive.finding = (request, matches) -> {
            heard.set(request);
            return DimseStatus.SUCCESS;
        };
        Dataset keys = studyKeys();
        keys.setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        keys.setString(Tag.PATIENT_NAME, VR.PN, "山田*");
        Message response = peer.send(find(7, encoded(keys))).receive();
        assertEquals(0x8020, response.field());
        assertEquals(7, response.value(0x0120));
        assertEquals(0x0101, response.value(0x0800));
        assertEquals(0, response.status());
        assertEquals(keys, heard.get().identifier());
        assertEquals("山田*", heard.get().identifier().getString(Tag.PATIENT_NAME));
        assertEquals(QueryPeer.FIND, heard.get().affectedSopClassUid());
        assertEquals(7, heard.get().messageId());
        assertEquals(Priority.MEDIUM, heard.get().priority());
        assertEquals("SCRIPT", heard.get().association().callingAeTitle());
        assertEquals(
                Set.of(QueryOption.RELATIONAL, QueryOption.FUZZY_PERSON_NAMES),
                heard.get().options());
    }

    @Test
    void everyMatchIsSentBeforeTheNextIsSearched() throws Exception {
        begin();
        CountDownLatch seen = new CountDownLatch(1);
        fixture.archive.finding = (request, matches) -> {
            matches.add(match(1));
            await(seen);
            matches.add(match(2));
            return DimseStatus.SUCCESS;
        };
        Message first = peer.send(find(3)).receive();
        assertEquals(0xFF00, first.status());
        assertEquals(3, first.value(0x0120));
        assertEquals(match(1), first.identifier());
        seen.countDown();
        assertEquals(match(2), peer.receive().identifier());
        assertEquals(0, peer.receive().status());
        assertEquals(1L, fixture.statistics.getFindResponses().get("0000"));
    }

    @Test
    void aPeerThatDoesNotReadStopsTheSearchAndItsCancelEndsIt() throws Exception {
        begin();
        AtomicInteger found = new AtomicInteger();
        fixture.archive.finding = (request, matches) -> search(matches, found);
        peer.send(find(3));
        int before;
        do {
            before = found.get();
            Thread.sleep(300);
        } while (found.get() > before);
        assertTrue(before < MANY / 4, before + " matches of 4 KiB were taken though nobody reads");
        peer.send(cancel(FIND_CONTEXT, 3));
        Message last = peer.receive();
        int received = 0;
        while (last.status() == 0xFF00) {
            received++;
            last = peer.receive();
        }
        assertEquals(0xFE00, last.status());
        assertEquals(found.get(), received);
        assertTrue(received < MANY / 2, received + " matches in spite of the cancel");
        assertTrue(peer.echoes());
        assertEquals(1L, fixture.statistics.getFindResponses().get("FE00"));
    }

    @Test
    void theCancelOfAnotherOperationChangesNothing() throws Exception {
        begin();
        CountDownLatch sent = new CountDownLatch(1);
        fixture.archive.finding = (request, matches) -> {
            await(sent);
            for (int i = 0; i < 100; i++) {
                assertFalse(matches.isCancelled());
            }
            return DimseStatus.SUCCESS;
        };
        peer.send(find(3), cancel(FIND_CONTEXT, 2), cancel(FIND_CONTEXT, 4));
        sent.countDown();
        assertEquals(0, peer.receive().status());
        assertTrue(peer.echoes());
    }

    @Test
    void aCancelInTheSamePduAsTheRequestIsSeen() throws Exception {
        begin();
        fixture.archive.finding = (request, matches) -> search(matches, new AtomicInteger());
        peer.send(pData(
                fragment(FIND_CONTEXT, true, true, request(0x0020, 3, QueryPeer.FIND)),
                fragment(FIND_CONTEXT, false, true, encoded(studyKeys())),
                fragment(FIND_CONTEXT, true, true, command(us(0x0100, 0x0FFF), us(0x0120, 3), us(0x0800, 0x0101)))));
        assertEquals(0xFE00, peer.receive().status());
    }

    @Test
    void aReleaseWithinTheSearchCancelsItAndIsAnswered() throws Exception {
        begin();
        AtomicInteger found = new AtomicInteger();
        fixture.archive.finding = (request, matches) -> search(matches, found);
        peer.send(find(3), Pdus.releaseRequest());
        int type = 4;
        while (type == 4) {
            type = peer.wire().receiveType();
        }
        assertEquals(6, type);
        assertTrue(found.get() < MANY);
        assertEquals(0, fixture.statistics.getAbortedAssociations());
    }

    @Test
    void requestsSentWithinTheSearchAreAnsweredAfterIt() throws Exception {
        begin();
        CountDownLatch sent = new CountDownLatch(1);
        fixture.archive.finding = (request, matches) -> {
            await(sent);
            for (int i = 0; i < 10; i++) {
                assertFalse(matches.isCancelled());
            }
            return DimseStatus.SUCCESS;
        };
        peer.send(find(3), find(4), Pdus.echo(5));
        sent.countDown();
        for (int id = 3; id <= 5; id++) {
            assertEquals(id, peer.receive().value(0x0120));
        }
    }

    @Test
    void aResponseWithinTheSearchBreaksTheProtocol() throws Exception {
        begin();
        fixture.archive.finding = (request, matches) -> search(matches, new AtomicInteger());
        peer.send(find(3), QueryPeer.storeResponse(1, 0));
        int type = 4;
        while (type == 4) {
            type = peer.wire().receiveType();
        }
        assertEquals(7, type);
    }

    @Test
    void aPeerThatAbortsEndsTheSearch() throws Exception {
        begin();
        assertSearchEndsBy(() -> peer.send(Pdus.abort()).wire().close());
    }

    @Test
    void aPeerThatVanishesEndsTheSearch() throws Exception {
        begin();
        assertSearchEndsBy(() -> peer.wire().close());
    }

    @Test
    void aNodeThatClosesEndsTheSearch() throws Exception {
        begin();
        assertSearchEndsBy(() -> fixture.stop());
    }

    private interface Ending {
        void end() throws Exception;
    }

    /** The archive finds nothing for a long time, so only asking can tell; what it adds afterwards must fail. */
    private void assertSearchEndsBy(Ending ending) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<IOException> failure = new CompletableFuture<>();
        fixture.archive.finding = (request, matches) -> {
            begun.countDown();
            Await.until("the end is seen", Duration.ofSeconds(5), matches::isCancelled);
            failure.complete(assertThrows(IOException.class, () -> matches.add(match(1))));
            return DimseStatus.SUCCESS;
        };
        peer.send(find(3));
        await(begun);
        ending.end();
        failure.get(20, TimeUnit.SECONDS);
        fixture.awaitNoConnection();
        assertEquals(1, fixture.statistics.getAbortedAssociations());
        assertTrue(fixture.statistics.getFindResponses().isEmpty());
    }

    @Test
    void aSearchMayTakeLongerThanAnAssociationMayBeIdle() throws Exception {
        begin("dicom.idle-timeout", "300 ms", "dicom.read-timeout", "300 ms");
        fixture.archive.finding = (request, matches) -> {
            for (int i = 0; i < 100; i++) {
                assertFalse(matches.isCancelled());
                sleep(10);
            }
            return DimseStatus.SUCCESS;
        };
        assertEquals(0, peer.send(find(3)).receive().status());
        assertTrue(peer.echoes());
    }

    @Test
    void malformedIdentifiersAreRefusedAndTheAssociationSurvives() throws Exception {
        begin();
        fixture.archive.finding = (request, matches) -> {
            throw new AssertionError("nothing was understood");
        };
        for (byte[] malformed : List.of(
                bytes(8, 0, 0x52, 0),
                bytes(8, 0, 0x52, 0, 6, 0, 0, 0, 'S', 'T'),
                bytes(8, 0, 0x52, 0, 0xFE, 0xFF, 0xFF, 0x7F, 'S', 'T'),
                bytes(8, 0, 0x52, 0, 0xFF, 0xFF, 0xFF, 0xFF),
                join(bytes(0x40, 0, 0x00, 1, 0xFF, 0xFF, 0xFF, 0xFF), bytes(1, 2, 3, 4, 5, 6, 7, 8)),
                nested(100))) {
            Message response = peer.send(find(3, malformed)).receive();
            assertEquals(0xC000, response.status());
            assertTrue(text(response).matches("(?s).*(Malformed: |Identifier over ).*"), text(response));
        }
        assertTrue(peer.echoes());
        assertEquals(6L, fixture.statistics.getFindResponses().get("C000"));
    }

    private static byte[] nested(int depth) {
        byte[] open = bytes(0x40, 0, 0x00, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF);
        byte[] all = {};
        for (int i = 0; i < depth; i++) {
            all = join(all, open);
        }
        return all;
    }

    @Test
    void anIdentifierOverTheLimitIsRefusedByNameAndTheAssociationSurvives() throws Exception {
        begin("dicom.max-identifier", "4 KiB");
        Dataset keys = studyKeys();
        keys.setString(Tag.PATIENT_COMMENTS, VR.LT, "x".repeat(4000));
        assertEquals(0, peer.send(find(3, encoded(keys))).receive().status());
        keys.setString(Tag.PATIENT_COMMENTS, VR.LT, "x".repeat(5000));
        Message response = peer.send(find(3, encoded(keys))).receive();
        assertEquals(0xC000, response.status());
        assertTrue(text(response).contains("over 4096 bytes"), text(response));
        byte[] many = {};
        for (int i = 0; i < 600; i++) {
            many = join(many, bytes(9, 0, i, 0x10 + i / 256, 0, 0, 0, 0));
        }
        assertEquals(0xC000, peer.send(find(3, many)).receive().status());
        assertTrue(peer.echoes());
    }

    @Test
    void aRequestWithoutIdentifierOrOfAnotherClassIsRefused() throws Exception {
        begin();
        byte[] bare =
                command(element(0x0002, ascii(QueryPeer.FIND)), us(0x0100, 0x0020), us(0x0110, 1), us(0x0800, 0x0101));
        assertEquals(
                0xA900,
                peer.send(pData(fragment(FIND_CONTEXT, true, true, bare)))
                        .receive()
                        .status());
        byte[] keys = encoded(studyKeys());
        assertEquals(
                0x0122,
                peer.send(message(FIND_CONTEXT, request(0x0020, 2, QueryPeer.MOVE), keys))
                        .receive()
                        .status());
        assertEquals(
                0x0122,
                peer.send(message(QueryPeer.MOVE_CONTEXT, request(0x0020, 2, QueryPeer.MOVE), keys))
                        .receive()
                        .status());
        assertEquals(
                0x0122,
                peer.send(message(QueryPeer.CT_CONTEXT, request(0x0020, 2, Pdus.CT), keys))
                        .receive()
                        .status());
        assertTrue(peer.echoes());
    }

    @Test
    void theArchivesStatusCommentAndOffendingElementAreSent() throws Exception {
        begin();
        fixture.archive.finding =
                (request, matches) -> new DimseStatus(0xA900, "no such level", Tag.QUERY_RETRIEVE_LEVEL);
        Message response = peer.send(find(3)).receive();
        assertEquals(0xA900, response.status());
        assertTrue(text(response).contains("no such level"));
        byte[] offending = bytes(0, 0, 0x01, 0x09, 4, 0, 0, 0, 8, 0, 0x52, 0);
        assertTrue(text(response).contains(new String(offending, StandardCharsets.ISO_8859_1)));
    }

    @Test
    void anArchiveThatFailsAnswersProcessingFailureAndTheAssociationSurvives() throws Exception {
        begin();
        for (FakeEndpoints.Finding failing : List.<FakeEndpoints.Finding>of(
                (request, matches) -> {
                    matches.add(match(1));
                    throw new IllegalStateException("a bug");
                },
                (request, matches) -> {
                    matches.add(match(1));
                    throw new IOException("of the database, not the network");
                },
                (request, matches) -> {
                    matches.add(match(1));
                    return new DimseStatus(0xFF00, "never the last");
                })) {
            fixture.archive.finding = failing;
            assertEquals(0xFF00, peer.send(find(3)).receive().status());
            assertEquals(0x0110, peer.receive().status());
        }
        assertTrue(peer.echoes());
    }

    @Test
    void anArchiveWithoutEndpointsAnswersProcessingFailure() throws Exception {
        begin();
        fixture.archive.available = false;
        assertEquals(0x0110, peer.send(find(3)).receive().status());
        fixture.archive.available = true;
        assertEquals(0, peer.send(find(3)).receive().status());
    }

    @Test
    void theMatchesAreDeadAfterTheAnswer() throws Exception {
        begin();
        AtomicReference<Matches> kept = new AtomicReference<>();
        fixture.archive.finding = (request, matches) -> {
            kept.set(matches);
            return DimseStatus.SUCCESS;
        };
        peer.send(find(3)).receive();
        assertTrue(kept.get().isCancelled());
        assertThrows(IOException.class, () -> kept.get().add(match(1)));
        assertTrue(peer.echoes());
    }

    @Test
    void aPeerWithATinyMaximumLengthGetsMatchesInPieces() throws Exception {
        fixture = ListenerFixture.retrieving();
        peer = new QueryPeer(fixture.connect());
        peer.send(Pdus.associateRequest(
                        Pdus.context(FIND_CONTEXT, QueryPeer.FIND, Pdus.IMPLICIT), Pdus.userInformation(256)))
                .wire()
                .receive();
        Dataset match = match(1);
        match.setString(Tag.PATIENT_COMMENTS, VR.LT, "x".repeat(1000));
        fixture.archive.finding = (request, matches) -> {
            matches.add(match);
            return DimseStatus.SUCCESS;
        };
        Message response = peer.send(find(3)).receive();
        assertArrayEquals(encoded(match), response.dataSet());
        assertEquals(0, peer.receive().status());
    }

    private static String text(Message message) {
        return new String(message.pdu(), StandardCharsets.ISO_8859_1);
    }

    static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
