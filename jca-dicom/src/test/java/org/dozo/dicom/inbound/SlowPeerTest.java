// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.dozo.dicom.net.Pdus.CT;
import static org.dozo.dicom.net.Pdus.echo;
import static org.dozo.dicom.net.Pdus.fragment;
import static org.dozo.dicom.net.Pdus.pData;
import static org.dozo.dicom.net.Pdus.store;
import static org.dozo.dicom.net.Pdus.storeRequest;
import static org.dozo.dicom.net.Pdus.usualRequest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.net.Await;
import org.dozo.dicom.net.Pdus;
import org.dozo.dicom.net.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Timeouts of every state and the minimum throughput: a slow peer is ended, and delays nobody else (G1). */
class SlowPeerTest {

    private static final int ABORT = 7;

    private ListenerFixture fixture;

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    @Test
    void aConnectionWithoutARequestIsClosedByArtim() throws Exception {
        fixture = ListenerFixture.with("dicom.artim", "300 ms");
        try (ScriptedPeer silent = fixture.connect();
                ScriptedPeer half = fixture.connect()) {
            half.send(Arrays.copyOf(usualRequest(), 50));
            assertTrue(silent.endsWithin(Duration.ofSeconds(2)));
            assertTrue(half.endsWithin(Duration.ofSeconds(2)));
        }
    }

    @Test
    void artimIsTheTimeForTheWholeRequestNotForEachByte() throws Exception {
        fixture = ListenerFixture.with("dicom.artim", "300 ms");
        byte[] request = usualRequest();
        try (ScriptedPeer drip = fixture.connect()) {
            long begun = System.nanoTime();
            try {
                for (int i = 0; i < request.length && System.nanoTime() - begun < 5_000_000_000L; i++) {
                    drip.send(new byte[] {request[i]});
                    LockSupport.parkNanos(20_000_000);
                }
                assertTrue(drip.endsWithin(Duration.ofSeconds(1)));
            } catch (IOException e) {
                // Closed under it.
            }
            assertTrue(System.nanoTime() - begun < 3_000_000_000L, "it was let drip");
        }
        assertTrue(fixture.archive.admitted.isEmpty());
    }

    @Test
    void aPeerThatDoesNotCloseAfterTheLastPduIsClosedByArtim() throws Exception {
        fixture = ListenerFixture.with("dicom.artim", "300 ms");
        try (ScriptedPeer released = fixture.connect().associated();
                ScriptedPeer aborted = fixture.connect().associated()) {
            released.send(Pdus.releaseRequest());
            aborted.send(Pdus.pdu(0x33));
            fixture.awaitNoConnection();
        }
    }

    @Test
    void anIdleAssociationIsAborted() throws Exception {
        fixture = ListenerFixture.with("dicom.idle-timeout", "300 ms");
        try (ScriptedPeer peer = fixture.connect().associated()) {
            assertEquals(ABORT, peer.receiveType());
            assertTrue(peer.endsWithin(Duration.ofSeconds(1)));
        }
    }

    @Test
    void silenceWithinAMessageIsAborted() throws Exception {
        fixture = ListenerFixture.with("dicom.read-timeout", "300 ms", "dicom.min-throughput", "0");
        byte[] whole = store(1, "1.2.3", new byte[100]);
        for (int length : new int[] {1, 6, 12, 40, whole.length - 101, whole.length - 1}) {
            try (ScriptedPeer peer = fixture.connect().associated()) {
                assertEquals(
                        ABORT, peer.send(Arrays.copyOf(whole, length)).receiveType(), "after " + length + " bytes");
            }
        }
        assertTrue(fixture.archive.stored.isEmpty());
    }

    @Test
    void aMessageBelowTheMinimumThroughputIsAborted() throws Exception {
        fixture = ListenerFixture.with(
                "dicom.min-throughput", "1 KiB", "dicom.min-throughput-window", "500 ms", "dicom.read-timeout", "20 s");
        try (ScriptedPeer drip = fixture.connect().associated()) {
            drip.send(pData(fragment(3, true, true, storeRequest(1, CT, "1.2.3"))));
            Thread dripping = Thread.ofVirtual().start(() -> drip(drip));
            assertEquals(ABORT, drip.receiveType());
            drip.hangUp();
            dripping.join();
        }
    }

    private static void drip(ScriptedPeer peer) {
        byte[] pdu = pData(fragment(3, false, true, new byte[4000]));
        try {
            for (int i = 0; i < pdu.length && i < 500; i++) {
                peer.send(new byte[] {pdu[i]});
                LockSupport.parkNanos(20_000_000);
            }
        } catch (IOException e) {
            // Aborted, as it should be.
        }
    }

    @Test
    void timeThatTheArchiveTakesIsNotThePeers() throws Exception {
        fixture = ListenerFixture.with(
                "dicom.min-throughput",
                "100 KiB",
                "dicom.min-throughput-window",
                "200 ms",
                "dicom.read-timeout",
                "200 ms");
        fixture.archive.storing = (request, dataSet) -> {
            dataSet.read();
            LockSupport.parkNanos(600_000_000);
            dataSet.readAllBytes();
            return DimseStatus.SUCCESS;
        };
        try (ScriptedPeer peer = fixture.connect().associated()) {
            assertEquals(
                    0,
                    Pdus.status(peer.send(store(1, "1.2.3", new byte[30_000])).receive()));
        }
    }

    @Test
    void aPeerThatDoesNotTakeItsResponsesIsEnded() throws Exception {
        fixture = ListenerFixture.with("dicom.write-timeout", "300 ms");
        try (ScriptedPeer deaf = fixture.connect().associated()) {
            byte[] echoes =
                    Pdus.join(java.util.Collections.nCopies(1000, echo(1)).toArray(byte[][]::new));
            Thread talking = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 200; i++) {
                        deaf.send(echoes);
                    }
                } catch (IOException e) {
                    // Ended, as it should be.
                }
            });
            fixture.awaitNoConnection();
            talking.join();
        }
        assertEquals(1, fixture.statistics.getAbortedAssociations());
    }

    /** G1: 2,000 sockets that send nothing or next to nothing. */
    @Test
    void twoThousandSlowSocketsDelayNobodyElseAndAreBounded() throws Exception {
        fixture = ListenerFixture.with("dicom.artim", "60 s", "dicom.max-pending", "300");
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 2000; i++) {
                Socket socket = new Socket();
                slow.add(socket);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), fixture.port()), 5000);
                if (i % 2 == 0) {
                    send(socket, Arrays.copyOf(usualRequest(), 1 + i % 80));
                }
                if (i % 100 == 99) {
                    assertServedWithinASecond(i);
                }
            }
            Await.until("they are bounded", () -> fixture.statistics.getPendingConnections() <= 300);
            assertServedWithinASecond(2000);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        fixture.awaitNoConnection();
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // It had to give way already.
        }
    }

    private void assertServedWithinASecond(int crowd) throws IOException {
        long begun = System.nanoTime();
        try (ScriptedPeer peer = fixture.connect().associated()) {
            assertEquals(
                    0,
                    Pdus.status(peer.send(store(1, "1.2.3", new byte[10_000])).receive()));
            assertEquals(6, peer.send(Pdus.releaseRequest()).receiveType());
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        assertFalse(millis > 1000, "with " + crowd + " slow sockets an object took " + millis + " ms");
    }
}
