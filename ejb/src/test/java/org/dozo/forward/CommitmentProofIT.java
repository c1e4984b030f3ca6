// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.dozo.access.KnownPeer;
import org.dozo.access.ProofWanted;
import org.dozo.dicom.CommitmentReports;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.FailedSopReference;
import org.dozo.dicom.SopReference;
import org.dozo.forward.rules.Trigger;
import org.dozo.index.DuplicatePolicy;
import org.dozo.jobs.JobRunner;
import org.dozo.sending.FakeDestination;
import org.dozo.shared.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Proof of delivery by storage commitment, with real jobs and rows; only the network is made up. */
@Timeout(180)
class CommitmentProofIT {

    private static final String STUDY = "1.2.7";

    @TempDir
    private Path directory;

    private ForwardingArchive archive;
    private JobRunner node;
    private FakeDestination keeper;

    @BeforeEach
    void open() throws Exception {
        archive = new ForwardingArchive(directory, DuplicatePolicy.KEEP_FIRST);
        keeper = archive.destination("KEEPER");
        keeper.commits = true;
        archive.rule("all", Trigger.INSTANCE, "modality = CT", 5, "KEEPER");
    }

    private void start(Duration wait) {
        archive.commitmentWait = wait;
        node = archive.node("node1");
        node.start();
    }

    @AfterEach
    void close() {
        if (node != null) {
            node.stop();
        }
        archive.close();
    }

    private static CommitmentResult result(CommitmentRequest request, Predicate<String> keeps) {
        List<SopReference> good = request.references().stream()
                .filter(each -> keeps.test(each.sopInstanceUid()))
                .toList();
        List<FailedSopReference> bad = request.references().stream()
                .filter(each -> !good.contains(each))
                .map(each -> new FailedSopReference(each, 0x0112))
                .toList();
        return new CommitmentResult(request.transactionUid(), good, bad);
    }

    private void awaitState(DeliveryState state) throws Exception {
        Await.until("it is " + state, Duration.ofSeconds(60), () -> archive.is(state, STUDY, "KEEPER"));
    }

    private void awaitProof(Proof proof) throws Exception {
        Await.until(
                "its proof is " + proof,
                Duration.ofSeconds(60),
                () -> archive.find(STUDY, "KEEPER").flatMap(Delivery::proof).equals(Optional.of(proof)));
    }

    private Delivery delivery() throws Exception {
        return archive.delivery(STUDY, "KEEPER");
    }

    /** Users complain: no proof. */
    @Test
    void whoGivesStorageCommitmentIsAskedForItAndTheProofSaysSo() throws Exception {
        keeper.answersCommitment = (request, reports) -> reports.reported(result(request, uid -> true));
        start(Duration.ofHours(1));
        archive.store(STUDY, 1, 12);
        awaitState(DeliveryState.VERIFIED);
        assertEquals(Optional.of(Proof.COMMITTED), delivery().proof());
        Await.until("no job is left", () -> archive.jobs("delivery-proof") + archive.jobs("commitment-answer") == 0);
        assertEquals(12, keeper.commitments.getLast().references().size());
    }

    @Test
    void anAnswerThatComesLaterOnAnotherAssociationIsWaitedFor() throws Exception {
        start(Duration.ofHours(1));
        archive.store(STUDY, 1, 3);
        Await.until(
                "its answer is waited for",
                Duration.ofSeconds(60),
                () -> archive.find(STUDY, "KEEPER")
                        .filter(delivery -> delivery.error().contains("waited for"))
                        .isPresent());
        assertEquals(DeliveryState.SENT, delivery().state());
        // At whatever node.
        CommitmentRequest request = keeper.commitments.getLast();
        assertEquals(DimseStatus.SUCCESS, archive.commitments.reported("KEEPER", result(request, uid -> true)));
        awaitProof(Proof.COMMITTED);
        assertEquals("", delivery().error());
    }

    @Test
    void whoNeverAnswersIsAskedOtherwiseInTheEndAndALateAnswerStillCounts() throws Exception {
        start(Duration.ofSeconds(1));
        archive.store(STUDY, 1, 3);
        awaitProof(Proof.COUNTED);
        assertTrue(
                delivery().note().contains("forward.commitment-wait"),
                delivery().note());
        archive.commitments.reported("KEEPER", result(keeper.commitments.getLast(), uid -> true));
        awaitProof(Proof.COMMITTED);
        assertEquals("", delivery().note());
        assertEquals(3, keeper.uids().size());
    }

    /** Users complain: forward says done but is not. */
    @Test
    void aLateRefusalTakesBackWhatWasCalledDone() throws Exception {
        start(Duration.ofSeconds(1));
        archive.store(STUDY, 1, 3);
        awaitProof(Proof.COUNTED);
        keeper.answersCommitment =
                (request, reports) -> reports.reported(result(request, uid -> !uid.equals(uid(STUDY, 2))));
        archive.commitments.reported("KEEPER", result(keeper.commitments.getLast(), uid -> !uid.equals(uid(STUDY, 2))));
        awaitState(DeliveryState.FAILED);
        assertTrue(
                delivery().error().contains("0112H no such object instance"),
                delivery().error());
        assertEquals(2, keeper.uids().stream().filter(uid(STUDY, 2)::equals).count());
        assertEquals(1, keeper.uids().stream().filter(uid(STUDY, 1)::equals).count());
    }

    @Test
    void whatIsRefusedAtFirstAndKeptThenIsNotSentAgain() throws Exception {
        keeper.answersCommitment =
                (request, reports) -> reports.reported(result(request, uid -> keeper.commitments.size() > 2));
        start(Duration.ofHours(1));
        archive.store(STUDY, 1, 3);
        awaitProof(Proof.COMMITTED);
        assertEquals(3, keeper.uids().size());
        assertTrue(keeper.commitments.size() >= 3, keeper.commitments.toString());
    }

    @Test
    void whatIsRefusedAgainAndAgainIsSentOnceMoreThenNamed() throws Exception {
        keeper.answersCommitment =
                (request, reports) -> reports.reported(result(request, uid -> !uid.equals(uid(STUDY, 1))));
        start(Duration.ofHours(1));
        archive.store(STUDY, 1, 2);
        awaitState(DeliveryState.FAILED);
        assertEquals(2, keeper.uids().stream().filter(uid(STUDY, 1)::equals).count());
        assertEquals(1, keeper.uids().stream().filter(uid(STUDY, 2)::equals).count());
        assertTrue(
                delivery().error().contains("Storage commitment of it was refused"),
                delivery().error());
        assertTrue(delivery().history().stream().anyMatch(event -> event.event().equals("missed")));
    }

    /** Users complain: late instances missed. */
    @Test
    void whatComesLaterIsAskedForTogetherWithTheRest() throws Exception {
        keeper.answersCommitment = (request, reports) -> reports.reported(result(request, uid -> true));
        start(Duration.ofHours(1));
        archive.store(STUDY, 1, 2);
        awaitProof(Proof.COMMITTED);
        archive.store(STUDY, 3, 3);
        Await.until("three are proved", Duration.ofSeconds(60), () -> {
            Delivery delivery = delivery();
            return delivery.of() == 3 && delivery.proof().equals(Optional.of(Proof.COMMITTED));
        });
        assertEquals(3, keeper.commitments.getLast().references().size());
    }

    /** Users complain: forward says done but is not. */
    @Test
    void whatIsSentWhileTheRestIsPromisedNeedsAPromiseToo() throws Exception {
        Pause pause = new Pause();
        keeper.answersCommitment = pause.before((request, reports) -> reports.reported(result(request, uid -> true)));
        start(Duration.ofHours(1));
        archive.store(STUDY, 1, 2);
        pause.awaitReached();
        archive.store(STUDY, 3, 3);
        Await.until(
                "three are sent",
                Duration.ofSeconds(60),
                () -> archive.find(STUDY, "KEEPER")
                        .filter(delivery -> delivery.state() == DeliveryState.SENT && delivery.of() == 3)
                        .isPresent());
        pause.end();
        awaitProof(Proof.COMMITTED);
        assertTrue(
                keeper.commitments.stream()
                        .flatMap(request -> request.references().stream())
                        .anyMatch(reference -> reference.sopInstanceUid().equals(uid(STUDY, 3))),
                "the third was not asked for");
    }

    @Test
    void theProofOfANodeThatFrozeIsNotKept() throws Exception {
        Pause pause = new Pause();
        keeper.answersCommitment = pause.before((request, reports) -> reports.reported(result(request, uid -> true)));
        start(Duration.ofHours(1));
        archive.store(STUDY, 1, 2);
        pause.awaitReached();
        archive.test.execute("UPDATE job SET lease_owner = 'node2', epoch = epoch + 1 WHERE kind = 'delivery-proof'");
        pause.end();
        Await.until("its verdict has come", () -> node.running() == 0);
        assertEquals(DeliveryState.SENT, delivery().state());
        assertEquals(Optional.empty(), delivery().proof());
    }

    /** Keeps the peer's first answer back. */
    private static final class Pause {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);

        void awaitReached() throws InterruptedException {
            assertTrue(reached.await(60, TimeUnit.SECONDS), "nothing was asked");
        }

        void end() {
            ended.countDown();
        }

        BiFunction<CommitmentRequest, CommitmentReports, DimseStatus> before(
                BiFunction<CommitmentRequest, CommitmentReports, DimseStatus> answer) {
            return (request, reports) -> {
                reached.countDown();
                try {
                    assertTrue(ended.await(90, TimeUnit.SECONDS), "nobody ends the pause");
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return answer.apply(request, reports);
            };
        }
    }

    @Test
    void severalDeliveriesAreAskedForInOneRequest() throws Exception {
        keeper.answersCommitment = (request, reports) -> reports.reported(result(request, uid -> true));
        for (int study = 1; study <= 10; study++) {
            archive.store("1.3." + study, 1, 2);
        }
        start(Duration.ofHours(1));
        Await.until(
                "all are proved",
                Duration.ofSeconds(60),
                () -> archive.test.number("SELECT count(*) FROM delivery WHERE proof = 'COMMITTED'") == 10);
        assertTrue(keeper.commitments.size() < 10, keeper.commitments.size() + " requests");
    }

    @Test
    void whoRefusesOrDoesNotOfferItIsAskedByQuery() throws Exception {
        keeper.answersCommitment = (request, reports) -> new DimseStatus(0x0124, "");
        start(Duration.ofHours(1));
        archive.store(STUDY, 1, 2);
        awaitProof(Proof.COUNTED);
        archive.store(STUDY, 3, 3);
        Await.until("three are proved", Duration.ofSeconds(60), () -> {
            Delivery delivery = delivery();
            return delivery.of() == 3 && delivery.proof().equals(Optional.of(Proof.COUNTED));
        });
        assertEquals(1, keeper.commitments.size(), "who gives none is not asked at every delivery");
    }

    @Test
    void theRecordOfThePeerSaysWhatIsAsked() throws Exception {
        archive.peers.put(
                new KnownPeer("KEEPER", "127.0.0.1", 11113, false, Set.of(), "", ProofWanted.ACKNOWLEDGEMENT));
        start(Duration.ofHours(1));
        archive.store(STUDY, 1, 2);
        awaitProof(Proof.ACKNOWLEDGED);
        archive.peers.put(new KnownPeer("KEEPER", "127.0.0.1", 11113, false, Set.of(), "", ProofWanted.QUERY));
        archive.store(STUDY, 3, 3);
        awaitProof(Proof.COUNTED);
        assertEquals(List.of(), keeper.commitments);
    }
}
