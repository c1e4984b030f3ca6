// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.object;
import static org.dozo.forward.ForwardingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.forward.rules.Trigger;
import org.dozo.index.DuplicatePolicy;
import org.dozo.sending.FakeDestination;
import org.dozo.shared.Await;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.Test;

/** Rules, queue, sending and proof together, with real jobs; only the network is made up. */
class ForwardingIT extends ForwardingCase {

    @Test
    void whatARuleSelectsArrivesOnceEverywhereAndIsProved() throws Exception {
        FakeDestination one = archive.destination("ONE");
        FakeDestination two = archive.destination("TWO");
        rule("ONE", "TWO");
        archive.store(STUDY, 1, 30);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        await(DeliveryState.VERIFIED, STUDY, "TWO");
        for (FakeDestination each : List.of(one, two)) {
            assertEquals(30, each.uids().size());
            assertEquals(uids(STUDY, 1, 30), new TreeSet<>(each.uids()));
        }
        Delivery delivery = archive.delivery(STUDY, "ONE");
        assertEquals(30, delivery.sent());
        assertEquals(30, delivery.of());
        assertEquals(Optional.of(Proof.COUNTED), delivery.proof());
        assertEquals("all", delivery.rule());
        assertEquals("", one.received.getFirst().operation().moveOriginatorAeTitle());
    }

    @Test
    void whatNoRuleSelectsStaysAndItsArrivalIsDone() throws Exception {
        FakeDestination one = archive.destination("ONE");
        archive.rule("MR only", Trigger.INSTANCE, "modality = MR", 5, "ONE");
        archive.store(STUDY, 1, 3);
        Await.until("the arrivals are done", () -> archive.jobs("arrival") == 0);
        assertEquals(List.of(), archive.service.list("", ""));
        assertEquals(List.of(), one.uids());
    }

    @Test
    void whoCantBeAskedIsBelievedAndTheProofSaysSo() throws Exception {
        archive.destination("ONE").queryable = false;
        rule("ONE");
        archive.store(STUDY, 1, 2);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        assertEquals(
                Optional.of(Proof.ACKNOWLEDGED), archive.delivery(STUDY, "ONE").proof());
    }

    /** Users complain: forward says done but is not. */
    @Test
    void whatWasAcknowledgedButIsNotThereIsSentAgainAndThenNeverCalledDone() throws Exception {
        FakeDestination loser = archive.destination("LOSER");
        loser.files = uid -> !uid.equals(uid(STUDY, 2));
        rule("LOSER");
        archive.store(STUDY, 1, 3);
        await(DeliveryState.FAILED, STUDY, "LOSER");
        Delivery delivery = archive.delivery(STUDY, "LOSER");
        assertTrue(delivery.error().contains("1 of 3"), delivery.error());
        assertTrue(delivery.error().contains("not found there"), delivery.error());
        assertEquals(2, delivery.sent());
        assertEquals(2, loser.uids().stream().filter(uid(STUDY, 2)::equals).count());
        assertEquals(1, loser.uids().stream().filter(uid(STUDY, 1)::equals).count());
        assertTrue(delivery.history().stream().noneMatch(event -> event.event().equals("verified")));
    }

    /** Users complain: late instances missed. */
    @Test
    void lateInstancesReopenWhatWasDone() throws Exception {
        FakeDestination one = archive.destination("ONE");
        rule("ONE");
        archive.store(STUDY, 1, 5);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        archive.store(STUDY, 6, 7);
        Await.until("all seven are proved", () -> {
            Delivery delivery = archive.delivery(STUDY, "ONE");
            return delivery.state() == DeliveryState.VERIFIED && delivery.of() == 7;
        });
        assertEquals(7, one.uids().size());
        assertTrue(archive.delivery(STUDY, "ONE").history().stream()
                .anyMatch(event -> event.event().equals("reopened")));
    }

    /** Users complain: duplicates. */
    @Test
    void anObjectThatComesTwiceIsForwardedOnce() throws Exception {
        FakeDestination one = archive.destination("ONE");
        rule("ONE");
        archive.store(STUDY, 1, 3);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        archive.store(STUDY, 1, 3);
        assertEquals(0, archive.jobs("arrival"));
        archive.store("1.2.8", 1, 1);
        await(DeliveryState.VERIFIED, "1.2.8", "ONE");
        assertEquals(4, one.uids().size());
    }

    @Test
    void nothingGoesBackToWhereItCameFrom() throws Exception {
        FakeDestination partner = archive.destination("PARTNER");
        FakeDestination other = archive.destination("OTHER");
        rule("PARTNER", "OTHER");
        archive.store("PARTNER", object(STUDY, 1), EXPLICIT);
        await(DeliveryState.VERIFIED, STUDY, "OTHER");
        assertEquals(1, other.uids().size());
        assertEquals(List.of(), partner.uids());
        Delivery delivery = archive.delivery(STUDY, "PARTNER");
        assertEquals(DeliveryState.SKIPPED, delivery.state());
        assertTrue(delivery.note().contains("came from"), delivery.note());
        archive.store("CT1", object(STUDY, 2), EXPLICIT);
        await(DeliveryState.VERIFIED, STUDY, "PARTNER");
        assertEquals(List.of(uid(STUDY, 2)), partner.uids());
    }

    /** Where each archive changes what it passes on, no copy is a duplicate: only the number of rounds tells. */
    @Test
    void aCircleOfArchivesThatChangeObjectsStops() throws Exception {
        close();
        open(DuplicatePolicy.KEEP_LATEST);
        FakeDestination one = archive.destination("ONE");
        rule("ONE");
        for (int round = 1; round <= 8; round++) {
            archive.store("THIRD", object(STUDY, 1).setString(Tag.STATION_NAME, VR.SH, "round" + round), EXPLICIT);
            Await.until("the arrival is done", () -> archive.jobs("arrival") == 0);
            Await.until("it is sent", () -> archive.jobs("forward") == 0);
        }
        assertTrue(one.uids().size() <= DeliveryLedger.MOST_ROUNDS, one.uids().size() + " rounds");
        String note = archive.delivery(STUDY, "ONE").note();
        assertTrue(note.contains("circle"), note);
    }

    /** Users complain: priorities missing. */
    @Test
    void urgentStudiesOvertakeTheQueue() throws Exception {
        FakeDestination one = archive.destination("ONE");
        CountDownLatch all = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        one.beforeEach = () -> {
            begun.countDown();
            try {
                if (!all.await(60, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("It is held for too long");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        archive.rule("routine", Trigger.INSTANCE, "modality = CT", 5, "ONE");
        archive.rule("er", Trigger.INSTANCE, "source.ae = \"ER\"", 9, "ONE");
        for (int study = 1; study <= 200; study++) {
            archive.store("1.4." + study, 1, 1);
        }
        assertTrue(begun.await(60, TimeUnit.SECONDS));
        archive.store("ER", object(STUDY, 1), EXPLICIT);
        Await.until("it is queued", () -> archive.find(STUDY, "ONE").isPresent());
        all.countDown();
        Await.until("the urgent one is there", () -> one.uids().contains(uid(STUDY, 1)));
        int before = one.uids().indexOf(uid(STUDY, 1));
        assertTrue(before < 150, before + " objects went first");
        Await.until("all are there", Duration.ofSeconds(60), () -> one.uids().size() == 201);
    }

    @Test
    void aStudyIsSentWhenItIsQuiet() throws Exception {
        FakeDestination one = archive.destination("ONE");
        archive.rule("whole", Trigger.STUDY, "modality = CT", 5, "ONE");
        archive.store(STUDY, 1, 3);
        Await.until("it is queued", () -> archive.is(DeliveryState.QUEUED, STUDY, "ONE"));
        long start = System.nanoTime();
        int number = 3;
        while (System.nanoTime() - start < Duration.ofSeconds(4).toNanos()) {
            number++;
            archive.store(STUDY, number, number);
            assertEquals(List.of(), one.uids(), "it was not quiet yet");
            Thread.sleep(500);
        }
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        assertEquals(number, one.uids().size());
        assertEquals(
                1,
                one.proposals.stream()
                        .filter(each -> each.getFirst().abstractSyntaxUid().equals(ForwardingArchive.CT))
                        .count(),
                "one association to send it all");
    }

    @Test
    void aRuleWaitsUntilTheSenderKnowsTheStudyToBeSafe() throws Exception {
        FakeDestination one = archive.destination("ONE");
        archive.rule("safe", Trigger.COMMITMENT, "instanceNumber <= 2", 5, "ONE");
        archive.store(STUDY, 1, 3);
        archive.store("1.2.8", 1, 1);
        Await.until("the arrivals are done", () -> archive.jobs("arrival") == 0);
        assertEquals(List.of(), archive.service.list("", ""));
        archive.committed(STUDY);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        assertEquals(uids(STUDY, 1, 2), new TreeSet<>(one.uids()));
        archive.committed(STUDY);
        Await.until("it is looked at once more", () -> archive.jobs("committed") == 0);
        assertTrue(archive.is(DeliveryState.VERIFIED, STUDY, "ONE"));
        assertEquals(2, one.uids().size(), "nothing is sent twice");
    }

    /** Users complain: no proof. */
    @Test
    void everyStepOfADeliveryIsOnTheRecord() throws Exception {
        archive.destination("ONE");
        rule("ONE");
        archive.store(STUDY, 1, 1);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        List<String> events = archive.delivery(STUDY, "ONE").history().stream()
                .map(Delivery.Event::event)
                .toList();
        assertEquals(List.of("sent", "verified"), events);
    }

    @Test
    void whatIsAskedForIsSentAndAgainOnlyIfThatIsAskedFor() throws Exception {
        FakeDestination one = archive.destination("ONE");
        archive.store(STUDY, 1, 3);
        archive.service.request(STUDY, "ONE", 7, false);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        archive.service.request(STUDY, "ONE", 7, false);
        assertTrue(archive.is(DeliveryState.VERIFIED, STUDY, "ONE"));
        assertEquals(3, one.uids().size());
        archive.service.request(STUDY, "ONE", 7, true);
        Await.until("they come again", () -> one.uids().size() == 6);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
    }

    @Test
    void nobodyAsksForWhatIsNotThereOrToNobody() throws Exception {
        archive.destination("ONE");
        FailureException noStudy =
                assertThrows(FailureException.class, () -> archive.service.request("1.9", "ONE", 5, false));
        assertEquals(Failure.NOT_FOUND, noStudy.failure());
        FailureException noPeer =
                assertThrows(FailureException.class, () -> archive.service.request(STUDY, "NOBODY", 5, false));
        assertEquals(Failure.UNKNOWN_DESTINATION, noPeer.failure());
    }
}
