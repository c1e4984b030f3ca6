// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import static org.dozo.dicom.net.Pdus.bytes;
import static org.dozo.dicom.net.Pdus.echo;
import static org.dozo.dicom.net.Pdus.releaseRequest;
import static org.dozo.dicom.net.Pdus.status;
import static org.dozo.dicom.net.Pdus.store;
import static org.dozo.dicom.net.Pdus.usualRequest;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.net.Await;
import org.dozo.dicom.net.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits in all and per peer, and the orderly close (A9). */
class LimitsAndDrainTest {

    private static final byte[] LOCAL_LIMIT = bytes(3, 0, 0, 0, 0, 4, 0, 2, 3, 2);

    private ListenerFixture fixture;

    @AfterEach
    void nothingIsLeft() {
        fixture.close();
    }

    private ScriptedPeer associate(String calling) throws IOException {
        ScriptedPeer peer = fixture.connect().send(usualRequest(calling));
        assertEquals(2, peer.receiveType());
        return peer;
    }

    private void assertRejected(String calling) throws IOException {
        try (ScriptedPeer peer = fixture.connect().send(usualRequest(calling))) {
            assertArrayEquals(LOCAL_LIMIT, peer.receive());
            assertTrue(peer.endsWithin(Duration.ofSeconds(2)));
        }
    }

    @Test
    void moreAssociationsThanAllowedAreRejectedForNow() throws Exception {
        fixture = ListenerFixture.with("dicom.max-associations", "3");
        try (ScriptedPeer one = associate("ONE");
                ScriptedPeer two = associate("TWO");
                ScriptedPeer three = associate("THREE")) {
            assertRejected("FOUR");
            assertEquals(3, fixture.statistics.getOpenAssociations());
            two.send(releaseRequest()).receive();
            Await.until("a place is free", () -> fixture.statistics.getOpenAssociations() == 2);
            associate("FOUR").close();
            assertEquals(0, status(one.send(echo(1)).receive()));
            assertEquals(0, status(three.send(echo(1)).receive()));
        }
        assertEquals(1L, fixture.statistics.getRejectedAssociations().get("local limit exceeded"));
    }

    @Test
    void onePeerCannotTakeAllAssociations() throws Exception {
        fixture = ListenerFixture.with("dicom.max-associations-per-peer", "2");
        try (ScriptedPeer one = associate("SAME");
                ScriptedPeer two = associate("SAME")) {
            assertRejected("SAME");
            associate("OTHER").close();
            assertEquals(0, status(one.send(echo(1)).receive()));
            two.hangUp();
            Await.until("a place is free", () -> fixture.statistics.getOpenAssociations() == 1);
            associate("SAME").close();
        }
    }

    @Test
    void aRefusedAssociationTakesNoPlace() throws Exception {
        fixture = ListenerFixture.with("dicom.max-associations", "1");
        fixture.archive.admitting = association -> org.dozo.dicom.Admission.CALLING_AE_TITLE_NOT_RECOGNIZED;
        try (ScriptedPeer refused = fixture.connect().send(usualRequest())) {
            assertEquals(3, refused.receiveType());
            fixture.archive.admitting = association -> org.dozo.dicom.Admission.ACCEPTED;
            associate("NEXT").close();
        }
    }

    @Test
    void drainLetsARunningStoreFinishAndRejectsLateAssociations() throws Exception {
        fixture = ListenerFixture.with();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        fixture.archive.storing = (request, dataSet) -> {
            begun.countDown();
            awaitLatch(finish);
            return fixture.archive.keep(request, dataSet);
        };
        try (ScriptedPeer running = associate("RUNNING")) {
            running.send(store(1, "1.2.3", new byte[5000]));
            begun.await();
            Thread drain = Thread.ofVirtual().start(() -> fixture.listener.drain(Duration.ofSeconds(20)));
            // A probe before the drain has begun would be let in, and its hanging up counted as an abort.
            Await.until("the drain has begun", () -> !fixture.statistics.isAccepting());
            Await.until("late associations are rejected", () -> isRejected("LATE"));
            assertTrue(drain.isAlive());
            finish.countDown();
            assertEquals(0, status(running.receive()));
            assertEquals(
                    0, status(running.send(store(2, "1.2.4", new byte[10])).receive()), "following operations go on");
            assertTrue(drain.isAlive());
            assertEquals(6, running.send(releaseRequest()).receiveType());
            running.hangUp();
            drain.join();
        }
        assertEquals(2, fixture.archive.stored.size());
        assertEquals(0, fixture.statistics.getAbortedAssociations());
        assertThrows(IOException.class, () -> fixture.connect());
    }

    private boolean isRejected(String calling) {
        try (ScriptedPeer peer = fixture.connect().send(usualRequest(calling))) {
            return peer.receiveType() == 3;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void drainAbortsAtTheDeadlineAndReturnsOnlyThen() throws Exception {
        fixture = ListenerFixture.with();
        try (ScriptedPeer idle = associate("IDLE");
                ScriptedPeer sending = associate("SENDING")) {
            sending.send(java.util.Arrays.copyOf(store(1, "1.2.3", new byte[5000]), 3000));
            Await.until("it is being received", () -> fixture.archive.leased.get() == 1);
            long begun = System.nanoTime();
            fixture.listener.drain(Duration.ofMillis(300));
            long millis = (System.nanoTime() - begun) / 1_000_000;
            assertTrue(millis >= 300 && millis < 2500, "drained in " + millis + " ms");
            assertEquals(7, idle.receiveType());
            assertTrue(sending.endsWithin(Duration.ofSeconds(1)));
        }
        assertTrue(fixture.archive.stored.isEmpty());
        assertThrows(IOException.class, () -> fixture.connect());
    }

    @Test
    void drainDoesNotWaitForAnArchiveThatHangs() throws Exception {
        fixture = ListenerFixture.with();
        CountDownLatch never = new CountDownLatch(1);
        fixture.archive.storing = (request, dataSet) -> {
            awaitLatch(never);
            return DimseStatus.SUCCESS;
        };
        try (ScriptedPeer peer = associate("STUCK")) {
            peer.send(store(1, "1.2.3", new byte[10]));
            Await.until("it hangs", () -> fixture.archive.leased.get() == 1);
            long begun = System.nanoTime();
            fixture.listener.drain(Duration.ofMillis(100));
            assertTrue(System.nanoTime() - begun < 3_000_000_000L);
            assertTrue(peer.endsWithin(Duration.ofSeconds(1)));
        } finally {
            never.countDown();
        }
    }

    @Test
    void drainWakesAnArchiveThatHangsSoThatItsContainerCanStop() throws Exception {
        fixture = ListenerFixture.with();
        CountDownLatch woken = new CountDownLatch(1);
        fixture.archive.storing = (request, dataSet) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                woken.countDown();
            }
            return DimseStatus.SUCCESS;
        };
        try (ScriptedPeer peer = associate("STUCK")) {
            peer.send(store(1, "1.2.3", new byte[10]));
            Await.until("it hangs", () -> fixture.archive.leased.get() == 1);
            fixture.listener.drain(Duration.ofMillis(100));
            assertTrue(woken.await(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void aSecondDrainReturnsAtOnce() throws Exception {
        fixture = ListenerFixture.with();
        fixture.listener.drain(Duration.ofSeconds(1));
        fixture.listener.drain(Duration.ofDays(1));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
