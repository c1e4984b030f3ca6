// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import static org.dozo.dicom.net.Pdus.ascii;
import static org.dozo.dicom.net.Pdus.bytes;
import static org.dozo.dicom.net.Pdus.command;
import static org.dozo.dicom.net.Pdus.counted;
import static org.dozo.dicom.net.Pdus.element;
import static org.dozo.dicom.net.Pdus.fragment;
import static org.dozo.dicom.net.Pdus.item;
import static org.dozo.dicom.net.Pdus.pData;
import static org.dozo.dicom.net.Pdus.us;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.FailedSopReference;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.SopReference;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.inbound.ListenerFixture;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.net.CommitmentDataSets;
import org.dozo.dicom.net.Pdus;
import org.dozo.dicom.net.ScriptedPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Storage commitment from our side: against our own listener, and against scripted peers. */
@Timeout(60)
class CommitmentRequestorTest {

    private static final SopReference ONE = new SopReference(Pdus.CT, "1.2.3.1");
    private static final SopReference TWO = new SopReference(Pdus.CT, "1.2.3.2");
    private static final CommitmentRequest REQUEST = new CommitmentRequest("1.2.9", List.of(ONE, TWO));
    private static final CommitmentResult RESULT =
            new CommitmentResult("1.2.9", List.of(ONE), List.of(new FailedSopReference(TWO, 0x0119)));
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<CommitmentResult> heard = Collections.synchronizedList(new ArrayList<>());

    private DimseStatus hear(CommitmentResult result) {
        heard.add(result);
        return DimseStatus.SUCCESS;
    }

    private static DicomConnection open(int port, String syntax, boolean provider) throws IOException {
        return new AssociationRequestor(RequestorSettings.DEFAULT)
                .open(
                        new Peer("DOZO", "127.0.0.1", port, false),
                        "SENDER",
                        List.of(new ProposedContext(SopClasses.STORAGE_COMMITMENT, List.of(syntax), provider)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"})
    void requestsAndReportsArriveAsTheyWereSentInEverySyntax(String syntax) throws Exception {
        List<CommitmentRequest> asked = Collections.synchronizedList(new ArrayList<>());
        try (ListenerFixture fixture = ListenerFixture.retrieving()) {
            fixture.archive.committing = (association, request) -> {
                asked.add(request);
                return new DimseStatus(0x0213, "later");
            };
            fixture.archive.reporting = (association, result) -> hear(result);
            try (DicomConnection connection = open(fixture.port(), syntax, false)) {
                assertEquals(
                        new DimseStatus(0x0213, "later"), connection.requestCommitment(REQUEST, PATIENCE, this::hear));
            }
            assertEquals(List.of(), heard);
            try (DicomConnection connection = open(fixture.port(), syntax, true)) {
                assertEquals(DimseStatus.SUCCESS, connection.reportCommitment(RESULT));
            }
            assertEquals(List.of(REQUEST), asked);
            assertEquals(List.of(RESULT), heard);
        }
    }

    /** A peer that accepts, does its script, and gives the last PDU it got. */
    private static CompletableFuture<byte[]> peer(ServerSocket server, byte[] userItem, Script script) {
        return CompletableFuture.supplyAsync(() -> {
            try (ScriptedPeer peer = ScriptedPeer.accept(server)) {
                byte[] request = peer.receive();
                peer.send(Pdus.associateAccept(1, Pdus.IMPLICIT, userItem));
                script.play(peer);
                return request;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private interface Script {
        void play(ScriptedPeer peer) throws IOException;
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static byte[] actionResponse() {
        return pData(
                fragment(1, true, true, command(us(0x0100, 0x8130), us(0x0120, 1), us(0x0800, 0x0101), us(0x0900, 0))));
    }

    private static byte[][] report(CommitmentResult result) {
        byte[] event = command(
                element(0x0002, ascii(SopClasses.STORAGE_COMMITMENT)),
                us(0x0100, 0x0100),
                us(0x0110, 5),
                us(0x0800, 1),
                element(0x1000, ascii(SopClasses.STORAGE_COMMITMENT_INSTANCE)),
                us(0x1002, result.eventTypeId()));
        byte[] dataSet = DatasetWriter.toBytes(CommitmentDataSets.of(result), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        return new byte[][] {pData(fragment(1, true, true, event)), pData(fragment(1, false, true, dataSet))};
    }

    private static void assertReportAnswered(ScriptedPeer peer) throws IOException {
        byte[] answer = peer.receive();
        assertEquals(0x8100, Pdus.us(answer, 0x0100));
        assertEquals(0, Pdus.status(answer));
    }

    @Test
    void aReportOnTheSameAssociationIsTakenAfterTheResponse() throws Exception {
        try (ServerSocket server = server()) {
            CompletableFuture<byte[]> played = peer(server, bytes(), peer -> {
                peer.receive();
                peer.receive();
                peer.send(actionResponse()).send(report(RESULT));
                assertReportAnswered(peer);
                peer.receive();
                peer.send(Pdus.releaseResponse());
            });
            try (DicomConnection connection = open(server.getLocalPort(), Pdus.IMPLICIT, false)) {
                assertEquals(DimseStatus.SUCCESS, connection.requestCommitment(REQUEST, PATIENCE, this::hear));
            }
            played.join();
        }
        assertEquals(List.of(RESULT), heard);
    }

    @Test
    void aReportThatOvertakesTheResponseIsTaken() throws Exception {
        try (ServerSocket server = server()) {
            CompletableFuture<byte[]> played = peer(server, bytes(), peer -> {
                peer.receive();
                peer.receive();
                peer.send(report(RESULT));
                assertReportAnswered(peer);
                peer.send(actionResponse());
                peer.receive();
                peer.send(Pdus.releaseResponse());
            });
            try (DicomConnection connection = open(server.getLocalPort(), Pdus.IMPLICIT, false)) {
                assertEquals(DimseStatus.SUCCESS, connection.requestCommitment(REQUEST, PATIENCE, this::hear));
            }
            played.join();
        }
        assertEquals(List.of(RESULT), heard);
    }

    @Test
    void withoutAReportTheWaitEndsAndNothingIsLost() throws Exception {
        try (ServerSocket server = server()) {
            CompletableFuture<byte[]> played = peer(server, bytes(), peer -> {
                peer.receive();
                peer.receive();
                peer.send(actionResponse());
                assertEquals(5, peer.receiveType(), "A-RELEASE-RQ");
                peer.send(Pdus.releaseResponse());
            });
            try (DicomConnection connection = open(server.getLocalPort(), Pdus.IMPLICIT, false)) {
                assertEquals(
                        DimseStatus.SUCCESS, connection.requestCommitment(REQUEST, Duration.ofMillis(200), this::hear));
            }
            played.join();
        }
        assertEquals(List.of(), heard);
    }

    @Test
    void aPeerThatReleasesInsteadOfReportingIsNoFailure() throws Exception {
        try (ServerSocket server = server()) {
            CompletableFuture<byte[]> played = peer(server, bytes(), peer -> {
                peer.receive();
                peer.receive();
                peer.send(actionResponse()).send(Pdus.releaseRequest());
                assertEquals(6, peer.receiveType(), "A-RELEASE-RP");
            });
            try (DicomConnection connection = open(server.getLocalPort(), Pdus.IMPLICIT, false)) {
                assertEquals(DimseStatus.SUCCESS, connection.requestCommitment(REQUEST, PATIENCE, this::hear));
                assertThrows(IOException.class, () -> connection.requestCommitment(REQUEST, PATIENCE, this::hear));
            }
            played.join();
        }
    }

    /** PS3.7 §D.3.3.4: sub-item 54H with SCU 0 and SCP 1; one that is denied is not used. */
    @Test
    void theProviderRoleIsProposedAndARefusalOfItHeeded() throws Exception {
        byte[] refused = item(0x54, counted(SopClasses.STORAGE_COMMITMENT), bytes(1, 0));
        byte[] proposed = item(0x54, counted(SopClasses.STORAGE_COMMITMENT), bytes(0, 1));
        try (ServerSocket server = server()) {
            CompletableFuture<byte[]> played = peer(server, refused, peer -> {
                assertEquals(5, peer.receiveType(), "A-RELEASE-RQ, and no report before it");
                peer.send(Pdus.releaseResponse());
            });
            try (DicomConnection connection = open(server.getLocalPort(), Pdus.IMPLICIT, true)) {
                assertThrows(IllegalArgumentException.class, () -> connection.reportCommitment(RESULT));
            }
            assertTrue(new String(played.join(), StandardCharsets.ISO_8859_1)
                    .contains(new String(proposed, StandardCharsets.ISO_8859_1)));
        }
    }
}
