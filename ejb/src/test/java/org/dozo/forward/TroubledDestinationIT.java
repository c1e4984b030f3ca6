// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.object;
import static org.dozo.forward.ForwardingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;
import org.dozo.sending.FakeDestination;
import org.dozo.shared.Await;
import org.junit.jupiter.api.Test;

/** Destinations that are dead, hang, abort, are full or take not everything; only the network is made up. */
class TroubledDestinationIT extends ForwardingCase {

    /** Users complain: one bad peer stops all. */
    @Test
    void aDeadAndAHangingDestinationCostTheGoodOneNothing() throws Exception {
        FakeDestination good = archive.destination("GOOD");
        FakeDestination hanging = archive.destination("HANGING");
        archive.destination("DEAD");
        archive.destinations.remove("DEAD");
        CountDownLatch end = new CountDownLatch(1);
        hanging.beforeEach = () -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        try {
            rule("DEAD", "GOOD", "HANGING");
            for (int study = 1; study <= 40; study++) {
                archive.store("1.3." + study, 1, 2);
            }
            Await.until(
                    "the good one has it all",
                    Duration.ofSeconds(20),
                    () -> good.uids().size() == 80);
            assertEquals(0, hanging.uids().size());
            Await.until(
                    "it is said why the dead one has nothing",
                    () -> archive.find("1.3.1", "DEAD")
                            .filter(delivery -> !delivery.error().isEmpty())
                            .isPresent());
            assertEquals(0, archive.test.number("SELECT count(*) FROM job WHERE state = 'FAILED'"));
        } finally {
            end.countDown();
        }
        Await.until(
                "the other gets it in the end",
                Duration.ofSeconds(60),
                () -> new HashSet<>(hanging.uids()).size() == 80);
    }

    /** Users complain: retry home-made. */
    @Test
    void aDestinationThatComesBackGetsEverything() throws Exception {
        FakeDestination one = archive.destination("ONE");
        one.unreachable.set(Integer.MAX_VALUE);
        rule("ONE");
        archive.store(STUDY, 1, 10);
        Await.until(
                "it waits, and says why",
                () -> archive.is(DeliveryState.QUEUED, STUDY, "ONE")
                        && !archive.delivery(STUDY, "ONE").error().isEmpty());
        one.unreachable.set(3);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        assertEquals(10, one.uids().size());
        assertTrue(one.echoed.get() > 0, "it was not tried first after its pause");
    }

    @Test
    void aDestinationThatAbortsForAWhileGetsEverything() throws Exception {
        FakeDestination one = archive.destination("ONE");
        one.loses = number -> number <= 7;
        rule("ONE");
        archive.store(STUDY, 1, 10);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        assertEquals(uids(STUDY, 1, 10), new TreeSet<>(one.uids()));
    }

    @Test
    void aPoisonObjectIsGivenUpWithItsReasonAndTheOthersArrive() throws Exception {
        FakeDestination one = archive.destination("ONE");
        one.losesObject = uid(STUDY, 4)::equals;
        archive.store(STUDY, 1, 4);
        rule("ONE");
        archive.store(STUDY, 5, 8);
        archive.service.request(STUDY, "ONE", 5, false);
        Await.until(
                "the others arrive", Duration.ofSeconds(60), () -> one.uids().size() == 7);
        assertFalse(one.uids().contains(uid(STUDY, 4)));
        assertTrue(archive.test.number("SELECT count(*) FROM delivery_item WHERE reason LIKE '%lost twice%'") <= 1);
    }

    @Test
    void whatTheDestinationDoesNotTakeFailsAloneWithTheReason() throws Exception {
        FakeDestination one = archive.destination("ONE");
        TransferSyntax jpeg = TransferSyntaxes.of("1.2.840.10008.1.2.4.70");
        one.accepts = syntax -> !syntax.equals(jpeg.uid());
        rule("ONE");
        Dataset compressed = object(STUDY, 2)
                .set(Element.ofFragments(Tag.PIXEL_DATA, VR.OB, List.of(new byte[0], new byte[] {1, 2, 3, 4})));
        archive.store("CT1", object(STUDY, 1), EXPLICIT);
        archive.store("CT1", compressed, jpeg);
        archive.store("CT1", object(STUDY, 3), EXPLICIT);
        await(DeliveryState.FAILED, STUDY, "ONE");
        Delivery delivery = archive.delivery(STUDY, "ONE");
        assertEquals(Set.of(uid(STUDY, 1), uid(STUDY, 3)), new HashSet<>(one.uids()));
        assertTrue(delivery.error().contains("1 of 3"), delivery.error());
        assertTrue(delivery.error().contains("JPEG"), delivery.error());
        one.accepts = syntax -> true;
        assertEquals(1, archive.service.retry("", "ONE"));
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        assertEquals(3, one.uids().size());
    }

    @Test
    void aWarningIsDone() throws Exception {
        archive.destination("ONE").answers = status -> new DimseStatus(0xB000, "coerced");
        rule("ONE");
        archive.store(STUDY, 1, 2);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        assertEquals(
                2,
                archive.test.number(
                        "SELECT count(*) FROM delivery_item WHERE status = 45056 AND reason LIKE '%coerced%'"));
    }

    @Test
    void aDestinationThatIsFullIsWaitedFor() throws Exception {
        FakeDestination one = archive.destination("ONE");
        one.answers = status -> new DimseStatus(0xA700, "disk full");
        rule("ONE");
        archive.store(STUDY, 1, 3);
        Await.until(
                "it says so",
                () -> archive.is(DeliveryState.QUEUED, STUDY, "ONE")
                        && archive.delivery(STUDY, "ONE").error().contains("out of resources"));
        assertEquals(0, archive.test.number("SELECT count(*) FROM delivery_item WHERE attempts > 0"));
        assertEquals(0, archive.test.number("SELECT max(attempts) FROM job WHERE kind = 'forward'"));
    }

    @Test
    void anUnknownDestinationIsToldAndTriedAgainOnRequest() throws Exception {
        archive.destination("GONE");
        archive.store(STUDY, 1, 2);
        node.stop();
        archive.service.request(STUDY, "GONE", 5, false);
        archive.peers.delete("GONE");
        node = archive.node("node2");
        node.start();
        await(DeliveryState.FAILED, STUDY, "GONE");
        String error = archive.delivery(STUDY, "GONE").error();
        assertTrue(error.contains("./dozo peer add GONE"), error);
        archive.destination("GONE");
        assertEquals(1, archive.service.retry(STUDY, ""));
        await(DeliveryState.VERIFIED, STUDY, "GONE");
    }
}
