// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import static org.dozo.dicom.net.Pdus.CT;
import static org.dozo.dicom.net.Pdus.EXPLICIT;
import static org.dozo.dicom.net.Pdus.IMPLICIT;
import static org.dozo.dicom.net.Pdus.VERIFICATION;
import static org.dozo.dicom.net.Pdus.associateAccept;
import static org.dozo.dicom.net.Pdus.command;
import static org.dozo.dicom.net.Pdus.fragment;
import static org.dozo.dicom.net.Pdus.pData;
import static org.dozo.dicom.net.Pdus.pdu;
import static org.dozo.dicom.net.Pdus.releaseRequest;
import static org.dozo.dicom.net.Pdus.releaseResponse;
import static org.dozo.dicom.net.Pdus.us;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.dozo.dicom.AssociationRejectedException;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Peer;
import org.dozo.dicom.Priority;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.inbound.ListenerFixture;
import org.dozo.dicom.net.ScriptedPeer;
import org.dozo.dicom.net.Timeouts;
import org.junit.jupiter.api.Test;

/** The SCU's side, against our own listener and against peers that misbehave. */
class AssociationRequestorTest {

    private static final List<ProposedContext> CONTEXTS = List.of(
            new ProposedContext(VERIFICATION, List.of(IMPLICIT)),
            new ProposedContext(CT, List.of(EXPLICIT)),
            new ProposedContext(CT, List.of(IMPLICIT)),
            new ProposedContext("1.2.3", List.of(IMPLICIT)));

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final RequestorSettings IMPATIENT = new RequestorSettings(
            SHORT, SHORT, SHORT, SHORT, SHORT, 1024, 16 * 1024, new Timeouts(SHORT, SHORT, 0, Duration.ofSeconds(9)));

    private final AssociationRequestor requestor = new AssociationRequestor(RequestorSettings.DEFAULT);

    private static Peer peer(int port) {
        return new Peer("DOZO", "127.0.0.1", port, false);
    }

    @Test
    void echoAndStoreReachTheArchiveAndTheReleaseIsOrderly() throws Exception {
        byte[] dataSet = new byte[1_000_001 - 1];
        new Random(3).nextBytes(dataSet);
        try (ListenerFixture fixture = ListenerFixture.with()) {
            try (DicomConnection connection = requestor.open(peer(fixture.port()), "SENDER", CONTEXTS)) {
                assertEquals(DimseStatus.SUCCESS, connection.echo());
                assertEquals(Set.of(EXPLICIT, IMPLICIT), connection.acceptedTransferSyntaxUids(CT));
                assertEquals(Set.of(), connection.acceptedTransferSyntaxUids("1.2.3"));
                assertEquals(
                        DimseStatus.SUCCESS,
                        connection.store(
                                new StoreOperation(CT, "1.2.3.4", IMPLICIT, Priority.HIGH),
                                new ByteArrayInputStream(dataSet)));
            }
            var stored = fixture.archive.stored.getFirst();
            assertArrayEquals(dataSet, stored.dataSet());
            assertEquals(IMPLICIT, stored.request().transferSyntaxUid());
            assertEquals(Priority.HIGH, stored.request().priority());
            assertEquals("SENDER", stored.request().association().callingAeTitle());
        }
    }

    @Test
    void everyLengthAroundTheFragmentsEdgeArrivesWhole() throws Exception {
        try (ListenerFixture fixture = ListenerFixture.with("dicom.max-pdu", "4 KiB");
                DicomConnection connection = requestor.open(peer(fixture.port()), "SENDER", CONTEXTS)) {
            for (int length : new int[] {0, 1, 4089, 4090, 4091, 8179, 8180, 8181}) {
                connection.store(
                        new StoreOperation(CT, "1.2", EXPLICIT, Priority.LOW),
                        new ByteArrayInputStream(new byte[length]));
                assertEquals(length, fixture.archive.stored.getLast().dataSet().length);
            }
        }
    }

    @Test
    void theArchivesStatusComesBack() throws Exception {
        try (ListenerFixture fixture = ListenerFixture.with();
                DicomConnection connection = requestor.open(peer(fixture.port()), "SENDER", CONTEXTS)) {
            fixture.archive.storing = (request, dataSet) -> new DimseStatus(0xA700, "disk full");
            assertEquals(
                    new DimseStatus(0xA700, "disk full"),
                    connection.store(
                            new StoreOperation(CT, "1.2", EXPLICIT, Priority.LOW), InputStream.nullInputStream()));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> connection.store(
                            new StoreOperation("1.2.3", "1.2", IMPLICIT, Priority.LOW), InputStream.nullInputStream()));
        }
    }

    @Test
    void aRejectionTellsWhetherItIsForGood() throws Exception {
        try (ListenerFixture fixture = ListenerFixture.with("dicom.max-associations", "1");
                DicomConnection first = requestor.open(peer(fixture.port()), "SENDER", CONTEXTS)) {
            var full = assertThrows(
                    AssociationRejectedException.class, () -> requestor.open(peer(fixture.port()), "SENDER", CONTEXTS));
            assertFalse(full.isPermanent());
            var unknown = assertThrows(
                    AssociationRejectedException.class,
                    () -> requestor.open(new Peer("ELSE", "127.0.0.1", fixture.port(), false), "SENDER", CONTEXTS));
            assertTrue(unknown.isPermanent());
            assertEquals(DimseStatus.SUCCESS, first.echo());
        }
    }

    @Test
    void aSourceThatFailsAbortsTheAssociation() throws Exception {
        try (ListenerFixture fixture = ListenerFixture.with()) {
            try (DicomConnection connection = requestor.open(peer(fixture.port()), "SENDER", CONTEXTS)) {
                InputStream failing = new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("the disk");
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        return read();
                    }
                };
                InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), failing);
                assertThrows(
                        IOException.class,
                        () -> connection.store(new StoreOperation(CT, "1.2", EXPLICIT, Priority.LOW), broken));
                assertThrows(IOException.class, connection::echo);
            }
            assertTrue(fixture.archive.stored.isEmpty());
        }
    }

    @Test
    void anUnreachablePeerIsNamed() throws Exception {
        int free;
        try (ServerSocket server = new ServerSocket(0)) {
            free = server.getLocalPort();
        }
        var failure = assertThrows(IOException.class, () -> requestor.open(peer(free), "SENDER", CONTEXTS));
        assertTrue(String.valueOf(failure.getMessage()).contains("DOZO at 127.0.0.1:" + free), failure.getMessage());
    }

    @Test
    void wrongTitlesAndContextsAreRefusedBeforeAnythingIsSent() {
        for (String title : List.of("", "A\\B", "12345678901234567")) {
            assertThrows(IllegalArgumentException.class, () -> requestor.open(peer(1), title, CONTEXTS));
        }
        assertThrows(IllegalArgumentException.class, () -> requestor.open(peer(1), "A", List.of()));
        assertThrows(IOException.class, () -> requestor.open(new Peer("A", "127.0.0.1", 1, true), "A", CONTEXTS));
    }

    private interface Script {
        void play(ScriptedPeer peer) throws IOException;
    }

    private interface Caller {
        void call(DicomConnection connection) throws IOException;
    }

    private static void play(Script script, Caller caller) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Throwable[] failure = new Throwable[1];
            Thread playing = Thread.ofVirtual().start(() -> {
                try (ScriptedPeer peer = ScriptedPeer.accept(server)) {
                    peer.receive();
                    script.play(peer);
                } catch (IOException | AssertionError e) {
                    failure[0] = e;
                }
            });
            try (DicomConnection connection =
                    new AssociationRequestor(IMPATIENT).open(peer(server.getLocalPort()), "SENDER", CONTEXTS)) {
                caller.call(connection);
            } finally {
                playing.join();
            }
            if (failure[0] != null) {
                throw new AssertionError(failure[0]);
            }
        }
    }

    private static byte[] echoResponse(int messageId, int status) {
        return pData(fragment(
                1,
                true,
                true,
                command(us(0x0100, 0x8030), us(0x0120, messageId), us(0x0800, 0x0101), us(0x0900, status))));
    }

    @Test
    void aReleaseCollisionEndsWell() throws Exception {
        play(
                peer -> {
                    peer.send(associateAccept(1, IMPLICIT));
                    assertEquals(5, peer.receiveType());
                    peer.send(releaseRequest());
                    assertEquals(6, peer.receiveType());
                    peer.send(releaseResponse());
                    assertTrue(peer.endsWithin(Duration.ofSeconds(1)));
                },
                connection -> {});
    }

    @Test
    void dataThatComesBeforeTheReleaseResponseIsThrownAway() throws Exception {
        play(
                peer -> {
                    peer.send(associateAccept(1, IMPLICIT));
                    assertEquals(5, peer.receiveType());
                    peer.send(echoResponse(1, 0), releaseResponse());
                },
                connection -> {});
    }

    @Test
    void aPeerThatNeverAnswersIsAbortedInTime() throws Exception {
        play(
                peer -> {
                    peer.send(associateAccept(1, IMPLICIT));
                    assertEquals(4, peer.receiveType());
                    assertEquals(7, peer.receiveType());
                },
                connection -> assertThrows(IOException.class, connection::echo));
        assertThrows(IOException.class, () -> play(peer -> assertEquals(7, peer.receiveType()), connection -> {}));
        play(
                peer -> {
                    peer.send(associateAccept(1, IMPLICIT));
                    assertEquals(5, peer.receiveType());
                    assertTrue(peer.endsWithin(Duration.ofSeconds(2)));
                },
                connection -> {});
    }

    @Test
    void answersThatWereNotAskedForAreAborted() throws Exception {
        for (byte[] wrong : List.of(
                echoResponse(99, 0),
                pData(fragment(1, true, true, command(us(0x0100, 0x8001), us(0x0120, 1), us(0x0800, 0x0101)))),
                pdu(0x55),
                pdu(1, new byte[68]))) {
            play(
                    peer -> {
                        peer.send(associateAccept(1, IMPLICIT));
                        peer.receive();
                        peer.send(wrong);
                        assertEquals(7, peer.receiveType());
                    },
                    connection -> assertThrows(IOException.class, connection::echo));
        }
    }

    @Test
    void anAcceptanceOfWhatWasNotProposedIsAborted() {
        for (byte[] accept :
                List.of(associateAccept(9, IMPLICIT), associateAccept(1, EXPLICIT), associateAccept(2, IMPLICIT))) {
            assertThrows(
                    IOException.class,
                    () -> play(
                            peer -> {
                                peer.send(accept);
                                assertEquals(7, peer.receiveType());
                            },
                            connection -> {}));
        }
    }

    @Test
    void anAbortOrAReleaseOfThePeerIsAnIoException() throws Exception {
        for (byte[] end : List.of(pdu(7, new byte[4]), releaseRequest(), new byte[0])) {
            play(
                    peer -> {
                        peer.send(associateAccept(1, IMPLICIT));
                        peer.receive();
                        peer.send(end);
                    },
                    connection -> {
                        assertThrows(IOException.class, connection::echo);
                        assertThrows(IOException.class, connection::echo);
                    });
        }
    }

    @Test
    void aPeerThatDoesNotTakeTheObjectIsAborted() throws Exception {
        play(
                peer -> {
                    peer.send(associateAccept(3, EXPLICIT));
                    java.util.concurrent.locks.LockSupport.parkNanos(1_500_000_000L);
                },
                connection -> assertThrows(
                        IOException.class,
                        () -> connection.store(new StoreOperation(CT, "1.2", EXPLICIT, Priority.LOW), endless())));
    }

    private static InputStream endless() {
        return new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                return length;
            }
        };
    }
}
