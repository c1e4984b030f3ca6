// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.dozo.dicom.net.Pdus.IMPLICIT;
import static org.dozo.dicom.net.Pdus.VERIFICATION;
import static org.dozo.dicom.net.Pdus.ascii;
import static org.dozo.dicom.net.Pdus.bytes;
import static org.dozo.dicom.net.Pdus.command;
import static org.dozo.dicom.net.Pdus.context;
import static org.dozo.dicom.net.Pdus.counted;
import static org.dozo.dicom.net.Pdus.element;
import static org.dozo.dicom.net.Pdus.item;
import static org.dozo.dicom.net.Pdus.us;
import static org.dozo.dicom.net.Pdus.userInformation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.FailedSopReference;
import org.dozo.dicom.SopReference;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.net.CommitmentDataSets;
import org.dozo.dicom.net.Pdus;
import org.dozo.dicom.net.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Storage commitment as the listener takes it: N-ACTION and N-EVENT-REPORT, byte by byte. */
class CommitmentTest {

    private static final String PUSH = "1.2.840.10008.1.20.1";
    private static final String INSTANCE = "1.2.840.10008.1.20.1.1";
    private static final int CONTEXT = 3;
    private static final int MOST = 20;

    private ListenerFixture fixture;
    private final List<CommitmentRequest> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<CommitmentResult> results = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void listen() throws Exception {
        fixture = ListenerFixture.retrieving("dicom.max-commitment", "" + MOST);
        fixture.archive.committing = (association, request) -> {
            assertEquals("SCRIPT", association.callingAeTitle());
            requests.add(request);
            return DimseStatus.SUCCESS;
        };
        fixture.archive.reporting = (association, result) -> {
            results.add(result);
            return DimseStatus.SUCCESS;
        };
    }

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    /** The answer to an association request with role selection items. */
    private byte[] associate(ScriptedPeer peer, byte[]... roles) throws IOException {
        byte[] answer = peer.send(Pdus.associateRequest(
                        context(1, VERIFICATION, IMPLICIT),
                        context(CONTEXT, PUSH, IMPLICIT),
                        userInformation(16384, roles)))
                .receive();
        assertEquals(2, answer[0], "A-ASSOCIATE-AC");
        assertEquals(0, result(answer, CONTEXT));
        return answer;
    }

    private QueryPeer associated() throws IOException {
        ScriptedPeer peer = fixture.connect();
        associate(peer);
        return new QueryPeer(peer);
    }

    private static byte[] action(int messageId, String sopClass, String instance, int type, byte[] dataSet) {
        return QueryPeer.message(
                CONTEXT,
                command(
                        element(0x0003, ascii(sopClass)),
                        us(0x0100, 0x0130),
                        us(0x0110, messageId),
                        us(0x0800, 1),
                        element(0x1001, ascii(instance)),
                        us(0x1008, type)),
                dataSet);
    }

    private static byte[] action(Dataset dataSet) {
        return action(7, PUSH, INSTANCE, 1, QueryPeer.encoded(dataSet));
    }

    private static byte[] event(int messageId, int type, Dataset dataSet) {
        return QueryPeer.message(
                CONTEXT,
                command(
                        element(0x0002, ascii(PUSH)),
                        us(0x0100, 0x0100),
                        us(0x0110, messageId),
                        us(0x0800, 1),
                        element(0x1000, ascii(INSTANCE)),
                        us(0x1002, type)),
                QueryPeer.encoded(dataSet));
    }

    private static CommitmentRequest request(int references) {
        List<SopReference> list = new ArrayList<>();
        for (int i = 1; i <= references; i++) {
            list.add(new SopReference(Pdus.CT, "1.2.3." + i));
        }
        return new CommitmentRequest("1.2.9", list);
    }

    /** The status that a data set of an N-ACTION is answered by. */
    private int answered(Dataset dataSet) throws IOException {
        QueryPeer peer = associated();
        int status = peer.send(action(dataSet)).receive().status();
        assertTrue(peer.echoes());
        peer.wire().close();
        return status;
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.ISO_8859_1);
    }

    /** PS3.8 §9.3.3.2: id at byte 4, result at byte 6 of the item. */
    private static int result(byte[] accept, int context) {
        for (int at = 74; at < accept.length; at += 4 + ((accept[at + 2] & 0xFF) << 8 | (accept[at + 3] & 0xFF))) {
            if (accept[at] == 0x21 && accept[at + 4] == context) {
                return accept[at + 6];
            }
        }
        return -1;
    }

    @Test
    void aRequestReachesTheArchiveAndIsAnsweredAsPs37Says() throws IOException {
        QueryPeer peer = associated();
        QueryPeer.Message answer =
                peer.send(action(CommitmentDataSets.of(request(3)))).receive();
        assertEquals(0x8130, answer.field());
        assertEquals(0, answer.status());
        assertEquals(7, answer.value(0x0120));
        assertEquals(0x0101, answer.value(0x0800));
        assertEquals(1, answer.value(0x1008));
        assertTrue(text(answer.pdu()).contains(INSTANCE));
        assertEquals(List.of(request(3)), requests);
        assertTrue(peer.echoes());
        peer.wire().close();
    }

    @Test
    void aReportReachesTheArchiveWithItsFailures() throws IOException {
        CommitmentResult result = new CommitmentResult(
                "1.2.9",
                List.of(new SopReference(Pdus.CT, "1.2.3.1")),
                List.of(new FailedSopReference(new SopReference(Pdus.CT, "1.2.3.2"), 0x0112)));
        QueryPeer peer = associated();
        QueryPeer.Message answer =
                peer.send(event(9, 2, CommitmentDataSets.of(result))).receive();
        assertEquals(0x8100, answer.field());
        assertEquals(0, answer.status());
        assertEquals(9, answer.value(0x0120));
        assertEquals(2, answer.value(0x1002));
        assertEquals(List.of(result), results);
        fixture.archive.reporting = (association, late) -> new DimseStatus(0x0115, "no such transaction");
        assertEquals(
                0x0115,
                peer.send(event(10, 2, CommitmentDataSets.of(result))).receive().status());
        peer.wire().close();
    }

    @Test
    void bothRolesAreGrantedAsProposed() throws IOException {
        for (int role : new int[] {0b01, 0b10, 0b11}) {
            try (ScriptedPeer peer = fixture.connect()) {
                byte[] selection = item(0x54, counted(PUSH), bytes(role & 1, role >> 1));
                byte[] answer = associate(peer, selection);
                assertTrue(text(answer).contains(text(selection)), "role " + role);
            }
        }
    }

    @Test
    void aRequestForWhatIsNotThereIsRefusedByItsOwnStatus() throws IOException {
        byte[] good = QueryPeer.encoded(CommitmentDataSets.of(request(1)));
        QueryPeer peer = associated();
        assertEquals(
                0x0118,
                peer.send(action(1, Pdus.CT, INSTANCE, 1, good)).receive().status());
        assertEquals(
                0x0112, peer.send(action(2, PUSH, "1.2.3", 1, good)).receive().status());
        assertEquals(
                0x0123, peer.send(action(3, PUSH, INSTANCE, 2, good)).receive().status());
        assertEquals(
                0x0113,
                peer.send(event(4, 3, CommitmentDataSets.of(request(1))))
                        .receive()
                        .status());
        assertEquals(List.of(), requests);
        assertEquals(List.of(), results);
        assertTrue(peer.echoes());
        peer.wire().close();
    }

    @Test
    void malformedRequestsAreRefusedAndTheAssociationGoesOn() throws IOException {
        assertEquals(0x0115, answered(new Dataset()));
        assertEquals(0x0115, answered(new Dataset().setString(Tag.TRANSACTION_UID, VR.UI, "1.2.9")));
        Dataset withoutTransaction = CommitmentDataSets.of(request(1));
        withoutTransaction.remove(Tag.TRANSACTION_UID);
        assertEquals(0x0115, answered(withoutTransaction));
        assertEquals(0x0115, answered(CommitmentDataSets.of(request(1)).setString(Tag.TRANSACTION_UID, VR.UI, "x")));
        Dataset withoutInstance = CommitmentDataSets.of(request(1));
        withoutInstance.addItem(Tag.REFERENCED_SOP_SEQUENCE).setString(Tag.REFERENCED_SOP_CLASS_UID, VR.UI, Pdus.CT);
        assertEquals(0x0115, answered(withoutInstance));
        QueryPeer peer = associated();
        byte[] cut = QueryPeer.encoded(CommitmentDataSets.of(request(1)));
        cut[4] = 0x7F;
        assertEquals(
                0x0115, peer.send(action(8, PUSH, INSTANCE, 1, cut)).receive().status());
        assertTrue(peer.echoes());
        peer.wire().close();
        assertEquals(List.of(), requests);
    }

    @Test
    void asManyReferencesAsTheSettingGrantsAndNotOneMore() throws IOException {
        assertEquals(0, answered(CommitmentDataSets.of(request(MOST))));
        assertEquals(0x0213, answered(CommitmentDataSets.of(request(MOST + 1))));
        assertEquals(0x0213, answered(CommitmentDataSets.of(request(2000))));
        assertEquals(1, requests.size());
    }

    @Test
    void whereNobodyListensNoContextIsAccepted() throws Exception {
        try (ListenerFixture storing = ListenerFixture.with();
                ScriptedPeer peer = storing.connect()) {
            byte[] answer = peer.send(Pdus.associateRequest(
                            context(1, VERIFICATION, IMPLICIT),
                            context(CONTEXT, PUSH, IMPLICIT),
                            userInformation(16384)))
                    .receive();
            assertEquals(3, result(answer, CONTEXT), "abstract syntax not supported");
        }
    }

    @Test
    void anArchiveThatFailsIsAnsweredAsSuch() throws IOException {
        fixture.archive.committing = (association, request) -> {
            throw new IllegalStateException("a bug");
        };
        assertEquals(0x0110, answered(CommitmentDataSets.of(request(1))));
    }
}
