// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import static org.dozo.dicom.net.Pdus.command;
import static org.dozo.dicom.net.Pdus.fragment;
import static org.dozo.dicom.net.Pdus.pData;
import static org.dozo.dicom.net.Pdus.us;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.net.Pdus;
import org.dozo.dicom.net.ScriptedPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** N-CREATE from our side, against scripted peers. */
@Timeout(60)
class CreateRequestorTest {

    private static final String SOP_CLASS = SopClasses.INSTANCE_AVAILABILITY;
    private static final Dataset ATTRIBUTES = new Dataset().setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.77");

    private final List<byte[]> received = Collections.synchronizedList(new ArrayList<>());

    /** A peer that takes one N-CREATE and answers with the status, if it does not release instead. */
    private CompletableFuture<Void> peer(ServerSocket server, int command, int status) {
        return CompletableFuture.runAsync(() -> {
            try (ScriptedPeer peer = ScriptedPeer.accept(server)) {
                peer.receive();
                peer.send(Pdus.associateAccept(1, Pdus.IMPLICIT));
                received.add(peer.receive());
                received.add(peer.receive());
                peer.send(pData(fragment(
                        1,
                        true,
                        true,
                        command(us(0x0100, command), us(0x0120, 1), us(0x0800, 0x0101), us(0x0900, status)))));
                peer.receive();
                peer.send(Pdus.releaseResponse());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static DicomConnection open(ServerSocket server, String sopClass) throws IOException {
        return new AssociationRequestor(RequestorSettings.DEFAULT)
                .open(
                        new Peer("RIS", "127.0.0.1", server.getLocalPort(), false),
                        "DOZO",
                        List.of(new ProposedContext(sopClass, List.of(Pdus.IMPLICIT), false)));
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static String text(byte[] pdu) {
        return new String(pdu, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0000, 0x0111, 0x0213})
    void theRequestArrivesAndTheAnswersStatusIsGiven(int status) throws Exception {
        try (ServerSocket server = server()) {
            CompletableFuture<Void> played = peer(server, 0x8140, status);
            try (DicomConnection connection = open(server, SOP_CLASS)) {
                DimseStatus answer = connection.create(SOP_CLASS, "2.25.7", ATTRIBUTES);
                assertEquals(status, answer.code());
            }
            played.join();
        }
        assertEquals(0x0140, Pdus.us(received.getFirst(), 0x0100));
        assertTrue(text(received.getFirst()).contains(SOP_CLASS), "Affected SOP Class UID");
        assertTrue(text(received.getFirst()).contains("2.25.7"), "Affected SOP Instance UID");
        assertTrue(text(received.getLast()).contains("1.2.77"), "the attributes");
    }

    @Test
    void anAnswerToSomethingElseIsAFailure() throws Exception {
        try (ServerSocket server = server()) {
            CompletableFuture<Void> played = peer(server, 0x8130, 0);
            try (DicomConnection connection = open(server, SOP_CLASS)) {
                assertThrows(IOException.class, () -> connection.create(SOP_CLASS, "2.25.7", ATTRIBUTES));
            }
            played.exceptionally(aborted -> null).join();
        }
    }

    @Test
    void aClassThatWasNotAcceptedIsNotSent() throws Exception {
        try (ServerSocket server = server()) {
            CompletableFuture<Void> played = peer(server, 0x8140, 0);
            try (DicomConnection connection = open(server, SopClasses.VERIFICATION)) {
                assertThrows(IllegalArgumentException.class, () -> connection.create(SOP_CLASS, "2.25.7", ATTRIBUTES));
            }
            played.exceptionally(released -> null).join();
        }
    }
}
