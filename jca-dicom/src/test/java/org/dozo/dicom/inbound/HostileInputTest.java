// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.dozo.dicom.net.Pdus.CT;
import static org.dozo.dicom.net.Pdus.IMPLICIT;
import static org.dozo.dicom.net.Pdus.VERIFICATION;
import static org.dozo.dicom.net.Pdus.associateRequest;
import static org.dozo.dicom.net.Pdus.bytes;
import static org.dozo.dicom.net.Pdus.context;
import static org.dozo.dicom.net.Pdus.echo;
import static org.dozo.dicom.net.Pdus.field;
import static org.dozo.dicom.net.Pdus.fragment;
import static org.dozo.dicom.net.Pdus.int16;
import static org.dozo.dicom.net.Pdus.int32;
import static org.dozo.dicom.net.Pdus.item;
import static org.dozo.dicom.net.Pdus.join;
import static org.dozo.dicom.net.Pdus.pData;
import static org.dozo.dicom.net.Pdus.pdu;
import static org.dozo.dicom.net.Pdus.releaseRequest;
import static org.dozo.dicom.net.Pdus.store;
import static org.dozo.dicom.net.Pdus.userInformation;
import static org.dozo.dicom.net.Pdus.usualRequest;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.dozo.dicom.net.Await;
import org.dozo.dicom.net.Pdus;
import org.dozo.dicom.net.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** G2, G3 of the acceptance list, and aborts at every byte: the right refusal, nothing left, nobody else delayed. */
class HostileInputTest {

    private static final byte[] ABORT_UNRECOGNIZED = bytes(7, 0, 0, 0, 0, 4, 0, 0, 2, 1);
    private static final byte[] ABORT_UNEXPECTED = bytes(7, 0, 0, 0, 0, 4, 0, 0, 2, 2);
    private static final byte[] ABORT_INVALID = bytes(7, 0, 0, 0, 0, 4, 0, 0, 2, 6);

    private ListenerFixture fixture;

    @BeforeEach
    void listen() throws Exception {
        fixture = ListenerFixture.with("dicom.max-pdu", "64 KiB", "dicom.max-pending", "2000");
    }

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private void assertAnswered(byte[] expected, byte[]... sent) throws IOException {
        try (ScriptedPeer peer = fixture.connect()) {
            assertArrayEquals(expected, peer.send(sent).receive());
            assertTrue(peer.endsWithin(Duration.ofSeconds(2)), "ended within 2 s");
        }
    }

    private void assertAnsweredOnceAssociated(byte[] expected, byte[]... sent) throws IOException {
        try (ScriptedPeer peer = fixture.connect().associated()) {
            assertArrayEquals(expected, peer.send(sent).receive());
            assertTrue(peer.endsWithin(Duration.ofSeconds(2)), "ended within 2 s");
        }
    }

    @Test
    void typesThatAreNotKnownAreAborted() throws Exception {
        for (int type : new int[] {0, 8, 0x47, 0x80, 0xFF}) {
            assertAnswered(ABORT_UNRECOGNIZED, pdu(type, new byte[4]));
            assertAnsweredOnceAssociated(ABORT_UNRECOGNIZED, pdu(type, new byte[4]));
        }
    }

    @Test
    void pdusOutOfTurnAreAborted() throws Exception {
        for (byte[] early : List.of(echo(1), releaseRequest(), Pdus.releaseResponse(), pdu(3, new byte[4]))) {
            assertAnswered(ABORT_UNEXPECTED, early);
        }
        for (byte[] late : List.of(usualRequest(), Pdus.releaseResponse(), pdu(3, new byte[4]), pdu(2, new byte[80]))) {
            assertAnsweredOnceAssociated(ABORT_UNEXPECTED, late);
        }
        byte[] begun = pData(fragment(3, true, true, Pdus.storeRequest(1, CT, "1.2.3")));
        assertAnsweredOnceAssociated(ABORT_UNEXPECTED, begun, releaseRequest());
    }

    /** G3: believed, each of these would cost gigabytes or hang. */
    @Test
    void lengthsThatLieAreRefusedAtTheHeader() throws Exception {
        for (long length : new long[] {0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL, 300_000}) {
            assertAnswered(ABORT_INVALID, bytes(1, 0), int32(length));
            assertAnsweredOnceAssociated(ABORT_INVALID, bytes(4, 0), int32(length));
        }
        for (int length : new int[] {0, 3, 5}) {
            assertAnsweredOnceAssociated(ABORT_INVALID, bytes(4, 0), int32(length));
            assertAnsweredOnceAssociated(ABORT_INVALID, bytes(5, 0), int32(length));
        }
        assertAnsweredOnceAssociated(ABORT_INVALID, bytes(4, 0), int32(64 * 1024 + 1));
        assertAnswered(ABORT_INVALID, pdu(1, new byte[67]));
    }

    @Test
    void fragmentsThatLieAreAborted() throws Exception {
        for (long length : new long[] {0, 1, 11, 0x7FFF_FFFFL, 0xFFFF_FFFFL}) {
            assertAnsweredOnceAssociated(ABORT_INVALID, pData(int32(length), bytes(1, 3), new byte[8]));
        }
        byte[] command = Pdus.storeRequest(1, CT, "1.2.3");
        byte[] begun = pData(fragment(3, true, true, command));
        assertAnsweredOnceAssociated(ABORT_INVALID, pData(fragment(1, false, true, command)));
        assertAnsweredOnceAssociated(ABORT_INVALID, pData(fragment(5, true, true, command)));
        assertAnsweredOnceAssociated(ABORT_INVALID, begun, pData(fragment(1, false, true, command)));
        assertAnsweredOnceAssociated(ABORT_INVALID, begun, begun);
        assertAnsweredOnceAssociated(ABORT_INVALID, begun, pData(new byte[] {0, 0, 0, 4, 3, 0, 1, 1, 0, 0}));
    }

    @Test
    void commandsThatAreNoneAreAborted() throws Exception {
        byte[] echo = Pdus.echoRequest(1);
        for (byte[] command : List.of(
                new byte[0],
                new byte[7],
                Arrays.copyOf(echo, echo.length - 1),
                Pdus.command(Pdus.us(0x0110, 1)),
                Pdus.command(Pdus.us(0x0100, 0x30), Pdus.us(0x0800, 0x0101)),
                Pdus.command(Pdus.us(0x0100, 0x30), Pdus.us(0x0110, 1)),
                Pdus.command(Pdus.us(0x0100, 0x8030), Pdus.us(0x0110, 1), Pdus.us(0x0800, 0x0101)),
                join(echo, bytes(0x10, 0, 0x10, 0, 2, 0, 0, 0, 'A', 'B')),
                join(bytes(0, 0, 2, 0), bytes(255, 255, 255, 255)),
                new byte[60_000])) {
            assertAnsweredOnceAssociated(ABORT_INVALID, pData(fragment(1, true, true, command)));
        }
    }

    @Test
    void aCommandWithoutEndIsAborted() throws Exception {
        byte[] piece = pData(fragment(1, true, false, new byte[30_000]));
        assertAnsweredOnceAssociated(ABORT_INVALID, piece, piece, piece);
    }

    @Test
    void moreContextsThanThereAreIdsAreAborted() throws Exception {
        byte[] one = context(1, VERIFICATION, IMPLICIT);
        byte[][] many = new byte[129][];
        Arrays.setAll(many, i -> context(2 * i + 1, VERIFICATION, IMPLICIT));
        assertAnswered(ABORT_INVALID, associateRequest(many));
        assertAnswered(ABORT_INVALID, associateRequest(one, one));
        assertAnswered(ABORT_INVALID, associateRequest(context(2, VERIFICATION, IMPLICIT)));
        assertAnswered(ABORT_INVALID, associateRequest());
        byte[][] most = Arrays.copyOf(many, 128);
        try (ScriptedPeer peer = fixture.connect()) {
            assertEquals(2, peer.send(associateRequest(most)).receiveType());
        }
    }

    /** G3: 2.4 MB of contexts; refused by the length, and where that is right by the first repeated id. */
    @Test
    void sixtyFiveThousandContextsAreRefusedCheaply() throws Exception {
        byte[] one = context(1, VERIFICATION, IMPLICIT);
        byte[] request = new byte[65_535 * one.length];
        for (int i = 0; i < 65_535; i++) {
            System.arraycopy(one, 0, request, i * one.length, one.length);
        }
        try (ScriptedPeer peer = fixture.connect()) {
            // The rest is never read: the peer must not wait for it to be taken.
            peer.send(Arrays.copyOf(associateRequest(request), 1000));
            assertArrayEquals(ABORT_INVALID, peer.receive());
        }
        assertAnswered(ABORT_INVALID, associateRequest(Arrays.copyOf(request, 6000 * one.length)));
    }

    @Test
    void itemsThatLieAreAborted() throws Exception {
        for (byte[] wrong : List.of(
                bytes(0x20),
                bytes(0x20, 0, 0xFF, 0xFF),
                item(0x20, bytes(1)),
                item(0x20, bytes(1, 0, 0, 0), bytes(0x30, 0, 0xFF, 0xFF)),
                item(0x20, bytes(1, 0, 0, 0), item(0x30, Pdus.ascii(CT))),
                item(0x20, bytes(1, 0, 0, 0), item(0x40, Pdus.ascii(IMPLICIT))),
                userInformation(5),
                item(0x50, item(0x51, int16(1))),
                userInformation(0, item(0x54, int16(900), Pdus.ascii(CT))),
                userInformation(0, item(0x57, Pdus.counted(CT), Pdus.counted(CT), int16(9), bytes(0, 9))),
                userInformation(0, item(0x58, bytes(1, 1), int16(9))))) {
            assertAnswered(ABORT_INVALID, associateRequest(wrong));
        }
    }

    @Test
    void anAssociationCutAtEveryByteLeavesNothing() throws Exception {
        byte[] script = join(usualRequest(), echo(1), store(2, "1.2.3", new byte[40]), releaseRequest());
        for (int length = 0; length < script.length; length++) {
            try (ScriptedPeer peer = fixture.connect()) {
                peer.send(Arrays.copyOf(script, length));
                peer.shutdownOutput();
                assertTrue(peer.endsWithin(Duration.ofSeconds(2)), "cut after " + length + " bytes");
            }
        }
        fixture.awaitNoConnection();
    }

    @Test
    void anAssociationAbortedAtEveryByteLeavesNothing() throws Exception {
        byte[] script = join(usualRequest(), echo(1), store(2, "1.2.3", new byte[40]), releaseRequest());
        for (int length = 0; length < script.length; length++) {
            try (ScriptedPeer peer = fixture.connect()) {
                peer.send(Arrays.copyOf(script, length), Pdus.abort());
                peer.socket().setSoLinger(true, 0);
            }
        }
        fixture.awaitNoConnection();
    }

    /** G2. */
    @Test
    void tenThousandMalformedPdusAreAllEndedWithinTwoSeconds() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        int threadsBefore = Await.platformThreads();
        AtomicInteger next = new AtomicInteger();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        int workers = 8;
        CountDownLatch done = new CountDownLatch(workers);
        for (int worker = 0; worker < workers; worker++) {
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = next.getAndIncrement(); i < 10_000; i = next.getAndIncrement()) {
                        sendMalformed(new Random(seed + i), i);
                    }
                } catch (IOException | AssertionError e) {
                    failures.add(e);
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
        assertEquals(List.of(), List.copyOf(failures));
        fixture.awaitNoConnection();
        Await.until("no thread is left", () -> Await.platformThreads() <= threadsBefore + 4);
        try (ScriptedPeer peer = fixture.connect().associated()) {
            assertEquals(0, Pdus.status(peer.send(echo(1)).receive()));
        }
    }

    private void sendMalformed(Random random, int number) throws IOException {
        byte[] script = join(usualRequest(), store(2, "1.2.3", new byte[40]), echo(1));
        switch (number % 4) {
            case 0 -> script = join(usualRequest(), noise(random, 1 + random.nextInt(200)));
            case 1 -> script = noise(random, 1 + random.nextInt(200));
            case 2 -> Arrays.fill(script, random.nextInt(script.length), script.length, (byte) random.nextInt());
            default -> {
                for (int i = 0; i < 1 + random.nextInt(8); i++) {
                    script[random.nextInt(script.length)] = (byte) random.nextInt();
                }
            }
        }
        try (ScriptedPeer peer = fixture.connect()) {
            peer.send(script);
            peer.shutdownOutput();
            assertTrue(peer.endsWithin(Duration.ofSeconds(2)), "malformed script " + number);
        } catch (java.net.SocketException e) {
            // Ended while it was still sending: soon enough.
        }
    }

    private static byte[] noise(Random random, int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    @Test
    void hostileTitlesDoNotReachTheLogLine() {
        assertEquals("A?B?", org.dozo.dicom.net.AeTitle.printable("A\nB\u001b"));
        assertEquals(16, field("X").length);
    }
}
