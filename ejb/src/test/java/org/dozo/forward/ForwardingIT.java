// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.object;
import static org.dozo.forward.ForwardingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DatasetReader;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.forward.rules.Coercion;
import org.dozo.forward.rules.Handling;
import org.dozo.forward.rules.Trigger;
import org.dozo.index.DuplicatePolicy;
import org.dozo.jobs.JobRunner;
import org.dozo.jobs.Window;
import org.dozo.sending.FakeDestination;
import org.dozo.shared.Await;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.SqlWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rules, queue, sending and proof together, with real jobs; only the network is made up. */
@Timeout(180)
class ForwardingIT {

    private static final String STUDY = "1.2.7";
    private static final TransferSyntax EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    @TempDir
    private Path directory;

    private ForwardingArchive archive;
    private JobRunner node;

    @BeforeEach
    void open() throws Exception {
        open(DuplicatePolicy.KEEP_FIRST);
    }

    private void open(DuplicatePolicy duplicates) throws Exception {
        archive = new ForwardingArchive(directory, duplicates);
        node = archive.node("node1");
        node.start();
    }

    @AfterEach
    void close() {
        node.stop();
        archive.close();
    }

    private void await(DeliveryState state, String study, String destination) throws Exception {
        Await.until(study + " to " + destination + " is " + state, Duration.ofSeconds(60), () -> {
            return archive.is(state, study, destination);
        });
    }

    private static Set<String> uids(String study, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(number -> uid(study, number))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void rule(String... to) throws SQLException {
        archive.rule("all", Trigger.INSTANCE, "modality = CT", 5, to);
    }

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

    /** Users complain: work stuck on a dead node. */
    @Test
    void whatANodeLeavesAnotherSendsAndNothingThatIsRecordedTwice() throws Exception {
        FakeDestination one = archive.destination("ONE");
        one.beforeEach = () -> {
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        rule("ONE");
        archive.store(STUDY, 1, 200);
        Await.until(
                "some are recorded",
                () -> archive.find(STUDY, "ONE")
                        .filter(delivery -> delivery.sent() >= 50)
                        .isPresent());
        node.stop();
        node = archive.node("node2");
        node.start();
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        assertEquals(uids(STUDY, 1, 200), new TreeSet<>(one.uids()));
        assertEquals(200, one.uids().size());
    }

    /** A node that is killed has sent at most 50 objects that are not on the record; all others are sent once. */
    @Test
    void whatAKilledNodeHasSentAndNotRecordedIsSentAgainAndNoMore() throws Exception {
        node.stop();
        AtomicBoolean dead = new AtomicBoolean();
        CountDownLatch end = new CountDownLatch(1);
        Database cut = new Database(archive.test.pooled()) {
            @Override
            public <T, X extends Exception> T transaction(SqlWork<T, X> work) throws SQLException, X {
                if (dead.get()) {
                    throw new SQLTransientConnectionException("The node is dead", "08001");
                }
                return super.transaction(work);
            }
        };
        FakeDestination one = archive.destination("ONE");
        AtomicInteger begun = new AtomicInteger();
        one.beforeEach = () -> {
            if (begun.incrementAndGet() == 131) {
                dead.set(true);
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IllegalStateException("The node is dead");
            }
        };
        archive.store(STUDY, 1, 200);
        archive.service.request(STUDY, "ONE", 5, false);
        JobRunner killed = archive.node("node1", cut);
        killed.start();
        try {
            Await.until("it has died", Duration.ofSeconds(60), dead::get);
            assertEquals(130, one.uids().size());
            // As if its lease had run out.
            archive.test.execute("UPDATE job SET due_at = now() WHERE state = 'LEASED'");
            node = archive.node("node2");
            node.start();
            await(DeliveryState.VERIFIED, STUDY, "ONE");
        } finally {
            end.countDown();
            killed.stop();
        }
        assertEquals(uids(STUDY, 1, 200), new TreeSet<>(one.uids()), "FWD_LOST");
        int twice = one.uids().size() - 200;
        assertTrue(twice <= 50, twice + " objects were sent twice");
        assertEquals(200, archive.test.number("SELECT count(*) FROM delivery_item WHERE state = 'SENT'"));
        assertEquals(200, archive.delivery(STUDY, "ONE").of());
    }

    /** Who settles holds the objects, who queues holds the delivery: without an order, each would wait for the other. */
    @Test
    void whoQueuesAnObjectAndWhoSettlesItNeverWaitForEachOther() throws Exception {
        archive.destination("ONE");
        archive.test.execute("CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$");
        archive.test.execute(
                "CREATE TRIGGER linger AFTER UPDATE ON delivery_item FOR EACH STATEMENT EXECUTE FUNCTION linger()");
        for (int round = 1; round <= 3; round++) {
            String study = "1.5." + round;
            archive.store(study, 1, 1);
            archive.service.request(study, "ONE", 5, false);
            // A deadlock is found by who has waited for a second: that is here.
            Await.until("it is sent while it is queued again and again", Duration.ofSeconds(60), () -> {
                archive.service.request(study, "ONE", 5, false);
                return archive.is(DeliveryState.VERIFIED, study, "ONE");
            });
        }
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

    private static Handling atNight(Map<String, String> coercion) {
        return new Handling(Optional.of(Window.parse("22:00-06:00")), Coercion.parse(coercion), List.of());
    }

    private static Handling coercing(Map<String, String> values) {
        return new Handling(Optional.empty(), Coercion.parse(values), List.of());
    }

    @Test
    void aRuleChangesWhatItSaysAndNothingElseAndForItsDestinationsOnly() throws Exception {
        FakeDestination inside = archive.destination("INSIDE");
        FakeDestination outside = archive.destination("OUTSIDE");
        Handling handling = coercing(Map.of(
                "patientName",
                "Doe^Jane",
                "institutionName",
                "",
                "requestAttributesSequence.scheduledProcedureStepDescription",
                "Head"));
        archive.rule("out", Trigger.INSTANCE, "modality = CT", 5, handling, "OUTSIDE");
        archive.rule("in", Trigger.INSTANCE, "modality = CT", 5, "INSIDE");
        Dataset object = object(STUDY, 1).setString(Tag.INSTITUTION_NAME, VR.LO, "General");
        object.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE).setString(0x0040_0007, VR.LO, "Schaedel");
        byte[] kept = DatasetWriter.toBytes(object, EXPLICIT);
        archive.store("CT1", object, EXPLICIT);
        await(DeliveryState.VERIFIED, STUDY, "INSIDE");
        await(DeliveryState.VERIFIED, STUDY, "OUTSIDE");
        assertArrayEquals(kept, inside.received.getFirst().toArray());
        object.setString(Tag.PATIENT_NAME, VR.PN, "Doe^Jane").setString(Tag.INSTITUTION_NAME, VR.LO);
        object.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE).getFirst().setString(0x0040_0007, VR.LO, "Head");
        assertEquals(object, DatasetReader.read(outside.received.getFirst().toArray(), EXPLICIT));
        List<String> coerced = archive.delivery(STUDY, "OUTSIDE").history().stream()
                .filter(event -> event.event().equals("coerced"))
                .map(Delivery.Event::detail)
                .toList();
        assertEquals(
                List.of("Objects of it were sent with other values, as rule out says, of: institutionName, patientName,"
                        + " requestAttributesSequence.scheduledProcedureStepDescription"),
                coerced);
        assertTrue(archive.delivery(STUDY, "INSIDE").history().stream()
                .noneMatch(event -> event.event().equals("coerced")));
    }

    @Test
    void whatARuleThatIsGoneWouldHaveChangedIsNotSentUnchangedUnlessSomebodyAsksForIt() throws Exception {
        FakeDestination one = archive.destination("ONE");
        archive.rule("out", Trigger.INSTANCE, "modality = CT", 5, atNight(Map.of("patientName", "")), "ONE");
        archive.store(STUDY, 1, 1);
        Await.until(
                "it waits",
                () -> archive.find(STUDY, "ONE")
                        .filter(delivery -> delivery.error().contains("window"))
                        .isPresent());
        archive.rules.delete("out");
        archive.test.execute("UPDATE job SET due_at = now() WHERE state = 'WAITING'");
        await(DeliveryState.FAILED, STUDY, "ONE");
        assertTrue(archive.delivery(STUDY, "ONE").error().contains("rule \"out\" that selected it is gone"));
        archive.service.retry("", "");
        Await.until("it was tried", () -> archive.jobs("forward") == 0);
        assertTrue(archive.is(DeliveryState.FAILED, STUDY, "ONE"));
        assertEquals(List.of(), one.uids());
        archive.service.request(STUDY, "ONE", 5, false);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        assertEquals(1, one.uids().size());
    }

    @Test
    void theDearestSyntaxThatAnObjectCanHaveIsSent() throws Exception {
        FakeDestination one = archive.destination("ONE");
        TransferSyntax jpeg = TransferSyntaxes.of("1.2.840.10008.1.2.4.70");
        String refused = TransferSyntax.EXPLICIT_VR_BIG_ENDIAN.uid();
        String implicit = TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid();
        one.accepts = syntax -> !syntax.equals(refused);
        Handling handling = new Handling(Optional.empty(), Coercion.NONE, List.of(refused, implicit));
        archive.rule("all", Trigger.STUDY, "modality = CT", 5, handling, "ONE");
        Dataset compressed = object(STUDY, 2)
                .set(Element.ofFragments(Tag.PIXEL_DATA, VR.OB, List.of(new byte[0], new byte[] {1, 2, 3, 4})));
        archive.store("CT1", object(STUDY, 1), EXPLICIT);
        archive.store("CT1", compressed, jpeg);
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        Map<String, String> syntaxes = one.received.stream()
                .collect(Collectors.toMap(
                        each -> each.operation().sopInstanceUid(),
                        each -> each.operation().transferSyntaxUid()));
        assertEquals(Map.of(uid(STUDY, 1), implicit, uid(STUDY, 2), jpeg.uid()), syntaxes);
        List<String> proposed = one.proposals.getFirst().stream()
                .flatMap(each -> each.transferSyntaxUids().stream())
                .toList();
        assertTrue(proposed.contains(refused), proposed.toString());
    }

    @Test
    void aRuleWithAWindowSendsInsideItOnlyAndWhatIsStatAtOnce() throws Exception {
        FakeDestination nightly = archive.destination("NIGHTLY");
        archive.destination("DAILY");
        Handling window = atNight(Map.of());
        archive.rule("night", Trigger.INSTANCE, "modality = CT", 5, window, "NIGHTLY");
        archive.rule("noon", Trigger.INSTANCE, "modality = CT", 5, "DAILY");
        archive.store(STUDY, 1, 3);
        Dataset urgent = object("1.2.8", 1).setString(Tag.REQUESTED_PROCEDURE_PRIORITY, VR.SH, "STAT");
        archive.store("CT1", urgent, EXPLICIT);
        await(DeliveryState.VERIFIED, STUDY, "DAILY");
        await(DeliveryState.VERIFIED, "1.2.8", "NIGHTLY");
        Await.until(
                "it is said what is waited for",
                () -> archive.delivery(STUDY, "NIGHTLY").error().contains("window 22:00-06:00 of rule night"));
        assertEquals(List.of(uid("1.2.8", 1)), nightly.uids());
        archive.time = LocalTime.of(22, 0);
        // As if that time had gone by.
        archive.test.execute("UPDATE job SET due_at = now() WHERE state = 'WAITING'");
        await(DeliveryState.VERIFIED, STUDY, "NIGHTLY");
        assertEquals(4, nightly.uids().size());
        assertEquals("", archive.delivery(STUDY, "NIGHTLY").error());
    }

    @Test
    void aClosedWindowKeepsNothingBackThatAnotherRuleSends() throws Exception {
        FakeDestination one = archive.destination("ONE");
        Handling window = atNight(Map.of());
        archive.rule("a night", Trigger.INSTANCE, "instanceNumber <= 2", 5, window, "ONE");
        archive.rule("b noon", Trigger.INSTANCE, "instanceNumber > 2", 5, "ONE");
        archive.store(STUDY, 1, 2);
        Await.until(
                "they wait",
                () -> archive.find(STUDY, "ONE")
                        .filter(delivery -> delivery.error().contains("window"))
                        .isPresent());
        archive.store(STUDY, 3, 4);
        Await.until("the others are there", () -> one.uids().size() == 2);
        assertEquals(uids(STUDY, 3, 4), new TreeSet<>(one.uids()));
    }

    /** Both change the delivery's objects: who changed them before he has the delivery would stop both. */
    @Test
    void whoTriesAgainAndWhoRecordsWhatFailedNeverWaitForEachOther() throws Exception {
        node.stop();
        archive.destination("ONE");
        archive.store(STUDY, 1, 1);
        archive.service.request(STUDY, "ONE", 5, false);
        archive.test.execute("UPDATE delivery SET state = 'FAILED'");
        archive.test.execute("UPDATE delivery_item SET state = 'FAILED'");
        long id = archive.test.number("SELECT id FROM delivery");
        Parcel.Item item = new Parcel.Item(
                id,
                archive.test.number("SELECT instance_fk FROM delivery_item"),
                archive.test.number("SELECT object_fk FROM delivery_item"),
                Optional.empty());
        try (ExecutorService operator = Executors.newSingleThreadExecutor()) {
            Future<Integer> retried = archive.database.transaction(connection -> {
                DeliveryLedger.lock(connection, List.of(id));
                Future<Integer> retry = operator.submit(() -> archive.service.retry("", ""));
                Await.until("the operator waits", () -> archive.test.waitingForLocks() > 0);
                DeliveryLedger.record(
                        connection, List.of(new Outcome(item, false, false, -1, "no answer", Optional.empty())));
                return retry;
            });
            assertEquals(1, retried.get());
        }
        assertEquals(1, archive.test.number("SELECT count(*) FROM delivery_item WHERE state = 'QUEUED'"));
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
