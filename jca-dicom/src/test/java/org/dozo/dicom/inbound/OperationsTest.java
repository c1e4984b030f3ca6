// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.dozo.dicom.net.Pdus.CT;
import static org.dozo.dicom.net.Pdus.ascii;
import static org.dozo.dicom.net.Pdus.command;
import static org.dozo.dicom.net.Pdus.echo;
import static org.dozo.dicom.net.Pdus.element;
import static org.dozo.dicom.net.Pdus.fragment;
import static org.dozo.dicom.net.Pdus.join;
import static org.dozo.dicom.net.Pdus.pData;
import static org.dozo.dicom.net.Pdus.releaseRequest;
import static org.dozo.dicom.net.Pdus.status;
import static org.dozo.dicom.net.Pdus.store;
import static org.dozo.dicom.net.Pdus.storeRequest;
import static org.dozo.dicom.net.Pdus.us;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Priority;
import org.dozo.dicom.StoreRequest;
import org.dozo.dicom.net.Await;
import org.dozo.dicom.net.Pdus;
import org.dozo.dicom.net.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PS3.7 §9.1: C-ECHO and C-STORE as SCP, however the peer cuts them. */
class OperationsTest {

    private static final byte[] DATA_SET = new byte[20_000];

    static {
        new Random(7).nextBytes(DATA_SET);
    }

    private ListenerFixture fixture;
    private ScriptedPeer peer;

    private void begin(String... settings) throws Exception {
        fixture = ListenerFixture.with(settings);
        peer = fixture.connect().associated();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        peer.close();
        fixture.close();
    }

    private void assertStored(byte[] sent) {
        assertEquals(1, fixture.archive.stored.size());
        assertArrayEquals(sent, fixture.archive.stored.getFirst().dataSet());
    }

    @Test
    void anEchoIsAnswered() throws Exception {
        begin();
        byte[] response = peer.send(echo(77)).receive();
        assertEquals(0x8030, us(response, 0x0100));
        assertEquals(77, us(response, 0x0120));
        assertEquals(0x0101, us(response, 0x0800));
        assertEquals(0, status(response));
    }

    @Test
    void aReleaseIsAnsweredAndTheConnectionClosed() throws Exception {
        begin();
        assertArrayEquals(Pdus.releaseResponse(), peer.send(releaseRequest()).receive());
        assertTrue(peer.endsWithin(Duration.ofSeconds(2)));
        assertEquals(0, fixture.statistics.getAbortedAssociations());
    }

    @Test
    void anObjectIsGivenToTheArchiveAsItWasSent() throws Exception {
        begin();
        byte[] response = peer.send(store(5, "1.2.3.5", DATA_SET)).receive();
        assertEquals(0x8001, us(response, 0x0100));
        assertEquals(5, us(response, 0x0120));
        assertEquals(0, status(response));
        assertStored(DATA_SET);
        StoreRequest request = fixture.archive.stored.getFirst().request();
        assertEquals(CT, request.affectedSopClassUid());
        assertEquals("1.2.3.5", request.affectedSopInstanceUid());
        assertEquals(Pdus.EXPLICIT, request.transferSyntaxUid());
        assertEquals(Priority.MEDIUM, request.priority());
        assertEquals("", request.moveOriginatorAeTitle());
    }

    @Test
    void theMoveOriginatorIsPassedOn() throws Exception {
        begin();
        byte[] request = command(
                element(0x0002, ascii(CT)),
                us(0x0100, 1),
                us(0x0110, 1),
                us(0x0700, 1),
                us(0x0800, 0),
                element(0x1000, ascii("1.2.3")),
                element(0x1030, ascii("MOVER ")),
                us(0x1031, 9));
        peer.send(pData(fragment(3, true, true, request)), pData(fragment(3, false, true, DATA_SET)))
                .receive();
        StoreRequest stored = fixture.archive.stored.getFirst().request();
        assertEquals("MOVER", stored.moveOriginatorAeTitle());
        assertEquals(9, stored.moveOriginatorMessageId());
        assertEquals(Priority.HIGH, stored.priority());
    }

    @Test
    void fragmentsOfEverySizeMakeTheSameObject() throws Exception {
        begin();
        for (int size : new int[] {1, 2, 7, 500, 8191, 8192, 8193, 19_999, 20_000}) {
            fixture.archive.stored.clear();
            ByteArrayOutputStream pdus = new ByteArrayOutputStream();
            pdus.writeBytes(cut(storeRequest(1, CT, "1.2.3"), true, Math.min(size, 64)));
            pdus.writeBytes(cut(size == 1 ? Arrays.copyOf(DATA_SET, 3000) : DATA_SET, false, size));
            assertEquals(0, status(peer.send(pdus.toByteArray()).receive()));
            assertStored(size == 1 ? Arrays.copyOf(DATA_SET, 3000) : DATA_SET);
        }
    }

    private static byte[] cut(byte[] value, boolean command, int size) {
        ByteArrayOutputStream pdus = new ByteArrayOutputStream();
        for (int at = 0; at < value.length; at += size) {
            int end = Math.min(value.length, at + size);
            pdus.writeBytes(pData(fragment(3, command, end == value.length, Arrays.copyOfRange(value, at, end))));
        }
        return pdus.toByteArray();
    }

    @Test
    void bytesThatComeOneByOneMakeTheSameObject() throws Exception {
        begin();
        for (byte one : store(1, "1.2.3", Arrays.copyOf(DATA_SET, 600))) {
            peer.send(new byte[] {one});
        }
        assertEquals(0, status(peer.receive()));
        assertStored(Arrays.copyOf(DATA_SET, 600));
    }

    @Test
    void commandAndDataSetAndMoreInOnePdu() throws Exception {
        begin();
        peer.send(pData(
                fragment(3, true, true, storeRequest(1, CT, "1.2.3")),
                fragment(3, false, false, Arrays.copyOf(DATA_SET, 100)),
                fragment(3, false, false, new byte[0]),
                fragment(3, false, true, Arrays.copyOfRange(DATA_SET, 100, 200)),
                fragment(1, true, true, Pdus.echoRequest(2))));
        assertEquals(1, us(peer.receive(), 0x0120));
        assertEquals(2, us(peer.receive(), 0x0120));
        assertStored(Arrays.copyOf(DATA_SET, 200));
    }

    @Test
    void aDataSetAsLargeAsTheMaximumPduIsTaken() throws Exception {
        begin("dicom.max-pdu", "64 KiB");
        byte[] largest = new byte[64 * 1024 - 6];
        assertEquals(0, status(peer.send(store(1, "1.2.3", largest)).receive()));
        assertStored(largest);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        begin();
        List<byte[]> requests = new ArrayList<>();
        for (int id = 1; id <= 50; id++) {
            requests.add(id % 5 == 0 ? echo(id) : store(id, "1.2.3." + id, Arrays.copyOf(DATA_SET, id * 10)));
        }
        peer.send(join(requests.toArray(byte[][]::new)), releaseRequest());
        for (int id = 1; id <= 50; id++) {
            assertEquals(id, us(peer.receive(), 0x0120));
        }
        assertEquals(6, peer.receiveType());
        assertEquals(40, fixture.archive.stored.size());
    }

    @Test
    void oneEndpointServesAnAssociationAndIsReleased() throws Exception {
        begin();
        peer.send(store(1, "1.2.3", DATA_SET), store(2, "1.2.4", DATA_SET));
        peer.receive();
        peer.receive();
        assertEquals(1, fixture.archive.leased.get());
        peer.send(releaseRequest()).receive();
        Await.until("the endpoint is released", () -> fixture.archive.leased.get() == 0);
    }

    @Test
    void theArchivesStatusAndCommentAreSentWithoutOddCharacters() throws Exception {
        begin();
        fixture.archive.storing = (request, dataSet) -> new DimseStatus(0xA700, "full\\\u00e9\n" + "x".repeat(100));
        byte[] response = peer.send(store(1, "1.2.3", DATA_SET)).receive();
        assertEquals(0xA700, status(response));
        String text = new String(response, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertTrue(text.contains("full???" + "x".repeat(57)), text);
    }

    @Test
    void whatTheArchiveDoesNotReadIsDrained() throws Exception {
        begin();
        fixture.archive.storing = (request, dataSet) -> {
            dataSet.read();
            return new DimseStatus(0xA900, "");
        };
        assertEquals(0xA900, status(peer.send(store(1, "1.2.3", DATA_SET)).receive()));
        assertEquals(0, status(peer.send(echo(2)).receive()));
    }

    @Test
    void aRefusedDataSetThatGoesOnForTooLongIsAborted() throws Exception {
        begin("dicom.max-unread", "10000");
        fixture.archive.storing = (request, dataSet) -> new DimseStatus(0xA700, "");
        peer.send(store(1, "1.2.3", DATA_SET));
        assertEquals(7, peer.receiveType());
    }

    @Test
    void anArchiveThatFailsAnswersProcessingFailureAndTheAssociationSurvives() throws Exception {
        begin();
        fixture.archive.storing = (request, dataSet) -> {
            throw new IllegalStateException("a bug");
        };
        assertEquals(0x0110, status(peer.send(store(1, "1.2.3", DATA_SET)).receive()));
        fixture.archive.storing = (request, dataSet) -> {
            throw new IOException("not of the stream");
        };
        assertEquals(0x0110, status(peer.send(store(2, "1.2.3", DATA_SET)).receive()));
        fixture.archive.storing = fixture.archive::keep;
        assertEquals(0, status(peer.send(store(3, "1.2.3", DATA_SET)).receive()));
        assertEquals(2L, fixture.statistics.getStoreResponses().get("0110"));
    }

    @Test
    void anArchiveWithoutEndpointsAnswersProcessingFailure() throws Exception {
        begin();
        fixture.archive.available = false;
        assertEquals(0x0110, status(peer.send(store(1, "1.2.3", DATA_SET)).receive()));
        fixture.archive.available = true;
        assertEquals(0, status(peer.send(store(2, "1.2.3", DATA_SET)).receive()));
    }

    @Test
    void aStreamThatBreaksIsNeverAnswered() throws Exception {
        begin();
        fixture.archive.storing = (request, dataSet) -> {
            try {
                dataSet.readAllBytes();
            } catch (IOException e) {
                return DimseStatus.SUCCESS;
            }
            throw new AssertionError("The data set can't be whole");
        };
        byte[] whole = store(1, "1.2.3", DATA_SET);
        peer.send(Arrays.copyOf(whole, whole.length - 1));
        peer.shutdownOutput();
        assertEquals(0, peer.receiveType());
        Await.until("it is counted", () -> fixture.statistics.getAbortedAssociations() == 1);
    }

    @Test
    void theStreamIsDeadAfterTheAnswer() throws Exception {
        begin();
        List<java.io.InputStream> kept = new ArrayList<>();
        fixture.archive.storing = (request, dataSet) -> {
            kept.add(dataSet);
            return DimseStatus.SUCCESS;
        };
        peer.send(store(1, "1.2.3", DATA_SET)).receive();
        org.junit.jupiter.api.Assertions.assertThrows(
                IOException.class, () -> kept.getFirst().read());
    }

    @Test
    void operationsThatThisNodeDoesNotHaveAreAnsweredAsUnrecognized() throws Exception {
        begin();
        byte[] find = command(element(0x0002, ascii(CT)), us(0x0100, 0x0020), us(0x0110, 4), us(0x0800, 0));
        byte[] response = peer.send(pData(fragment(3, true, true, find)), pData(fragment(3, false, true, DATA_SET)))
                .receive();
        assertEquals(0x8020, us(response, 0x0100));
        assertEquals(0x0211, status(response));
        byte[] cancel = command(us(0x0100, 0x0FFF), us(0x0120, 4), us(0x0800, 0x0101));
        assertEquals(
                9, us(peer.send(pData(fragment(3, true, true, cancel)), echo(9)).receive(), 0x0120));
    }

    @Test
    void aStoreWithoutADataSetOrOfAnotherClassIsRefused() throws Exception {
        begin();
        byte[] bare = command(
                element(0x0002, ascii(CT)),
                us(0x0100, 1),
                us(0x0110, 1),
                us(0x0800, 0x0101),
                element(0x1000, ascii("1.2.3")));
        assertEquals(
                0xC000, status(peer.send(pData(fragment(3, true, true, bare))).receive()));
        byte[] other = storeRequest(2, "1.2.840.10008.5.1.4.1.1.4", "1.2.3");
        assertEquals(
                0x0122,
                status(peer.send(pData(fragment(3, true, true, other)), pData(fragment(3, false, true, DATA_SET)))
                        .receive()));
        assertTrue(fixture.archive.stored.isEmpty());
    }

    @Test
    void aPeerWithATinyMaximumLengthGetsItsResponseInPieces() throws Exception {
        fixture = ListenerFixture.with();
        peer = fixture.connect();
        peer.send(Pdus.associateRequest(Pdus.context(1, Pdus.VERIFICATION, Pdus.IMPLICIT), Pdus.userInformation(8)))
                .receive();
        peer.send(echo(1));
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        byte[] pdu;
        do {
            pdu = peer.receive();
            assertTrue(pdu.length <= 6 + 8, "a P-DATA-TF of " + pdu.length + " bytes");
            response.write(pdu, 12, pdu.length - 12);
        } while ((pdu[11] & 2) == 0);
        assertEquals(0, status(join(new byte[12], response.toByteArray())));
    }
}
