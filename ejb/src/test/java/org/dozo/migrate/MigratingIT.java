// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import static org.dozo.migrate.MigratingArchive.object;
import static org.dozo.migrate.MigratingArchive.stock;
import static org.dozo.migrate.MigratingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.dozo.dicom.data.SopClasses;
import org.dozo.jobs.JobRunner;
import org.dozo.shared.Await;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.FaultyCommit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Migrations with real jobs, database and intake; only the other archive is made up. */
@Timeout(180)
class MigratingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DAY = "20190131";

    @TempDir
    private Path directory;

    private MigratingArchive archive;
    private FakeSource old;
    private final List<JobRunner> nodes = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        archive = new MigratingArchive(directory);
        old = archive.source("OLD");
    }

    @AfterEach
    void close() {
        nodes.forEach(JobRunner::stop);
        archive.close();
    }

    private void startNode() {
        JobRunner node = archive.node("node1");
        nodes.add(node);
        node.start();
    }

    private long start(Map<String, ?> more) throws SQLException {
        Map<String, Object> order = new HashMap<>(more);
        order.put("source", "OLD");
        return archive.service.start(MigrationOrder.read(order)).id();
    }

    private long pull(String... studies) throws SQLException {
        return start(Map.of("studies", List.of(studies)));
    }

    private Migration get(long id) throws SQLException {
        return archive.service.get(id);
    }

    private void awaitState(long id, MigrationState state) throws Exception {
        try {
            Await.until("migration " + id + " is " + state, PATIENCE, () -> get(id).state() == state);
        } catch (AssertionError e) {
            throw new AssertionError(
                    get(id) + " " + archive.service.studies(id, Optional.empty(), "", 100) + " " + old.questions, e);
        }
    }

    private void awaitNoJobs() throws Exception {
        Await.until(
                "no job is left",
                PATIENCE,
                () -> archive.test.number("SELECT count(*) FROM job WHERE kind LIKE" + " 'migration%'") == 0);
    }

    private Certificate certificate(long id, String study) throws SQLException {
        return archive.service.certificate(id, study).certificate();
    }

    private MigratedStudy study(long id, String study) throws SQLException {
        return archive.service.studies(id, Optional.empty(), "", 1000).stream()
                .filter(each -> each.study().equals(study))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyStudyOfAListIsBroughtOnceAndCertified() throws Exception {
        List<String> studies = List.of("1.2.1", "1.2.2", "1.2.3");
        for (String study : studies) {
            stock(old, study, 4, DAY, "101500");
        }
        startNode();
        long id = start(Map.of("studies", studies, "studiesAtOnce", 3));
        awaitState(id, MigrationState.DONE);
        assertEquals(12, archive.instances());
        assertEquals(12, old.sent.size());
        assertEquals(3, get(id).count(StudyState.COMPLETE));
        assertEquals(12, get(id).objects());
        assertEquals(3, archive.service.certificates(id, "", 100).size());
        for (String study : studies) {
            Certificate.Full full = archive.service.certificate(id, study);
            assertTrue(full.certificate().complete());
            assertTrue(full.isUnchanged());
            assertEquals(4, full.certificate().said());
            assertEquals(4, full.certificate().held());
            assertEquals(
                    Certificate.digest(full.instances()), full.certificate().digest());
            assertEquals("127.0.0.1:11113", full.certificate().sourceAddress());
        }
        awaitNoJobs();
    }

    @Test
    void whatIsHereIsNotAskedForAgain() throws Exception {
        stock(old, "1.2.1", 4, DAY, "101500");
        archive.store(object("1.2.1", 1, DAY, "101500"));
        archive.store(object("1.2.1", 2, DAY, "101500"));
        startNode();
        long id = pull("1.2.1");
        awaitState(id, MigrationState.DONE);
        assertEquals(Set.of(uid("1.2.1", 3), uid("1.2.1", 4)), Set.copyOf(old.sent));
        assertEquals(2, old.sent.size());
        assertTrue(certificate(id, "1.2.1").complete());
    }

    @Test
    void aCertificateTellsWhenWhatIsHeldIsNoLongerWhatWasCertified() throws Exception {
        stock(old, "1.2.1", 2, DAY, "101500");
        startNode();
        long id = pull("1.2.1");
        awaitState(id, MigrationState.DONE);
        archive.store(object("1.2.1", 3, DAY, "101500"));
        assertFalse(archive.service.certificate(id, "1.2.1").isUnchanged());
    }

    @Test
    void aStudyThatTheSourceCantSendWholeIsIncompleteAndIsTriedAgainWhenAnOperatorSays() throws Exception {
        stock(old, "1.2.1", 4, DAY, "101500");
        stock(old, "1.2.2", 2, DAY, "101500");
        old.damaged = uid("1.2.1", 3)::equals;
        startNode();
        long id = pull("1.2.1", "1.2.2");
        awaitState(id, MigrationState.DONE);
        Certificate certificate = certificate(id, "1.2.1");
        assertFalse(certificate.complete());
        assertEquals(List.of(uid("1.2.1", 3)), certificate.missing());
        assertEquals(3, certificate.held());
        assertTrue(certificate.remark().contains("B000"), certificate.remark());
        MigratedStudy study = study(id, "1.2.1");
        assertEquals(StudyState.INCOMPLETE, study.state());
        assertEquals(3, study.attempts());
        assertTrue(study.error().startsWith("1 of the 4 instances"), study.error());
        assertTrue(old.moves.contains("STUDY"), "the last attempt asks for the whole study");
        assertEquals(StudyState.COMPLETE, study(id, "1.2.2").state());

        old.damaged = uid -> false;
        archive.service.retry(id);
        awaitState(id, MigrationState.DONE);
        assertTrue(certificate(id, "1.2.1").complete());
        assertEquals(2, get(id).count(StudyState.COMPLETE));
    }

    @Test
    void aStudyWhoseCountsDoNotAgreeIsNotCertified() throws Exception {
        stock(old, "1.2.1", 4, DAY, "101500");
        old.countsMore = 1;
        startNode();
        long id = pull("1.2.1");
        awaitState(id, MigrationState.DONE);
        assertEquals(0, get(id).count(StudyState.COMPLETE));
        Certificate certificate = certificate(id, "1.2.1");
        assertFalse(certificate.complete());
        assertEquals(5, certificate.said());
        assertEquals(4, certificate.held());
        assertTrue(study(id, "1.2.1").error().contains("it counts 5, 4 are held"));
    }

    @Test
    void aStudyThatTheSourceDoesNotKnowIsSaidToBe() throws Exception {
        startNode();
        long id = pull("1.2.77");
        awaitState(id, MigrationState.DONE);
        assertEquals(StudyState.INCOMPLETE, study(id, "1.2.77").state());
        assertEquals("The source names no instance of it", study(id, "1.2.77").error());
    }

    @Test
    void aNodeThatDiesInTheMiddleOfAStudyIsFollowedByAnotherThatAsksForTheRest() throws Exception {
        stock(old, "1.2.1", 12, DAY, "101500");
        CountDownLatch released = new CountDownLatch(1);
        FaultyCommit cable = new FaultyCommit(archive.test.pooled());
        Thread[] first = new Thread[1];
        old.beforeEach = () -> {
            if (first[0] == null) {
                first[0] = Thread.currentThread();
            }
            if (Thread.currentThread() == first[0] && old.sent.size() >= 5) {
                cable.next(FaultyCommit.Fault.DOWN);
                await(released);
            }
        };
        JobRunner dead = archive.node("node1", new Database(cable.asDataSource()));
        dead.start();
        try {
            long id = pull("1.2.1");
            Await.until("five are here", PATIENCE, () -> old.sent.size() == 5);
            Set<String> before = new HashSet<>(old.sent);
            startSecondNode();
            awaitState(id, MigrationState.DONE);
            Certificate certificate = certificate(id, "1.2.1");
            assertTrue(certificate.complete());
            assertEquals(12, certificate.held());
            assertEquals(12, old.sent.size(), "what had come was not sent again");
            before.forEach(uid -> assertEquals(1, Collections.frequency(old.sent, uid)));
            assertEquals(1, study(id, "1.2.1").attempts(), "the node's death is no attempt of the study");

            cable.next(FaultyCommit.Fault.NONE);
            released.countDown();
            Await.until("the dead node is at an end", PATIENCE, () -> dead.running() == 0);
            assertEquals(certificate, certificate(id, "1.2.1"), "who lost the job certifies nothing");
        } finally {
            released.countDown();
            dead.stop();
        }
    }

    private void startSecondNode() {
        JobRunner node = archive.node("node2");
        nodes.add(node);
        node.start();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(120, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void studiesAreBegunNoFasterThanOrderedByAllSlotsTogether() throws Exception {
        List<String> studies = List.of("1.2.1", "1.2.2", "1.2.3", "1.2.4");
        for (String study : studies) {
            stock(old, study, 1, DAY, "101500");
        }
        startNode();
        long begun = System.nanoTime();
        long id = start(Map.of("studies", studies, "studiesAtOnce", 4, "studiesPerHour", 3600));
        awaitState(id, MigrationState.DONE);
        assertEquals(4, get(id).count(StudyState.COMPLETE));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertTrue(millis >= 3000, "four in " + millis + " ms, at one a second");
    }

    @Test
    void objectsComeNoFasterThanOrdered() throws Exception {
        stock(old, "1.2.1", 40, DAY, "101500");
        startNode();
        long begun = System.nanoTime();
        long id = start(Map.of("studies", List.of("1.2.1"), "studiesAtOnce", 1, "objectsPerSecond", 20));
        awaitState(id, MigrationState.DONE);
        assertEquals(40, certificate(id, "1.2.1").held());
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertTrue(millis >= 1800, "40 in " + millis + " ms, at 20 a second");
    }

    @Test
    void aSourceThatDoesNotKnowUsKeepsTheMigrationWaitingAndCostsNoAttempt() throws Exception {
        stock(old, "1.2.1", 3, DAY, "101500");
        old.knowsUs = false;
        startNode();
        long id = pull("1.2.1");
        Await.until(
                "it says why",
                PATIENCE,
                () -> get(id).error().contains("OLD does not know the move destination DOZO: add it there"));
        assertEquals(MigrationState.RUNNING, get(id).state());
        // One that is under way counts until it has come to nothing.
        Await.until("no attempt is spent", PATIENCE, () -> study(id, "1.2.1").attempts() == 0);
        old.knowsUs = true;
        archive.service.resume(id);
        awaitState(id, MigrationState.DONE);
        assertEquals("", get(id).error());
        assertTrue(certificate(id, "1.2.1").complete());
    }

    @Test
    void aSourceThatOffersNoMoveIsSaidToBeOne() throws Exception {
        old.offersNot = Set.of(SopClasses.STUDY_ROOT_MOVE);
        startNode();
        long id = pull("1.2.1");
        Await.until("it says why", PATIENCE, () -> get(id).error().contains("OLD accepts no C-MOVE"));
        // One that is under way counts until it has come to nothing.
        Await.until("no attempt is spent", PATIENCE, () -> study(id, "1.2.1").attempts() == 0);
    }

    @Test
    void aSourceThatIsDownIsWaitedFor() throws Exception {
        stock(old, "1.2.1", 3, DAY, "101500");
        old.unreachable.set(Integer.MAX_VALUE);
        startNode();
        long id = pull("1.2.1");
        Await.until("it says why", PATIENCE, () -> get(id).error().startsWith("The source can't be reached"));
        // One that is under way counts until it has come to nothing.
        Await.until("no attempt is spent", PATIENCE, () -> study(id, "1.2.1").attempts() == 0);
        old.unreachable.set(0);
        awaitState(id, MigrationState.DONE);
        assertTrue(certificate(id, "1.2.1").complete());
    }

    @Test
    void aSourceThatIsNoPeerOrMayNotStoreIsRefusedAtOnce() {
        FailureException e = assertThrows(
                FailureException.class,
                () -> archive.service.start(
                        MigrationOrder.read(Map.of("source", "NOBODY", "studies", List.of("1.2")))));
        assertEquals(Failure.INVALID_RECORD, e.failure());
        assertTrue(String.valueOf(e.getMessage()).contains("./dozo peer add"));
    }

    @Test
    void aSweepFindsAllOfASourceThatNamesFewAtOnce() throws Exception {
        old.cap = 5;
        List<String> studies = new ArrayList<>();
        for (int number = 0; number < 12; number++) {
            String study = "1.2.7." + number;
            studies.add(study);
            stock(old, study, 1, DAY, "%02d1500".formatted(number + 6));
        }
        stock(old, "1.2.8", 1, "20150704", "080000");
        stock(old, "1.2.9", 1, "19991231", "080000");
        startNode();
        long id = start(Map.of("from", "2010-01-01", "to", "2019-12-31", "matchLimit", 5));
        awaitState(id, MigrationState.DONE);
        assertEquals(13, get(id).count(StudyState.COMPLETE));
        assertEquals(13, archive.instances());
        assertEquals(0, get(id).spansCut());
        studies.forEach(study -> assertEquals(1, Collections.frequency(old.sent, uid(study, 1))));
        List<String> ofStudies = old.questions.stream()
                .filter(each -> each.startsWith("STUDY 2"))
                .toList();
        assertEquals(ofStudies.size(), new HashSet<>(ofStudies).size(), "a part is asked for once");
        assertTrue(ofStudies.contains("STUDY " + DAY), "days were halved");
        assertTrue(ofStudies.contains("STUDY " + DAY + "000000-115959"), "the day was halved");
    }

    @Test
    void whereHalvingLeadsNowhereASweepBringsWhatItKnowsAndSaysThatMoreMayBe() throws Exception {
        old.cap = 5;
        old.matchesByTime = false;
        for (int number = 0; number < 12; number++) {
            stock(old, "1.2.7." + number, 1, DAY, "%02d1500".formatted(number + 6));
        }
        startNode();
        long id = start(Map.of("from", "2019-01-01", "to", "2019-02-28", "matchLimit", 5));
        awaitState(id, MigrationState.DONE);
        assertTrue(get(id).spansCut() > 0);
        assertEquals(5, get(id).count(StudyState.COMPLETE));

        old.cap = 100;
        archive.service.retry(id);
        awaitState(id, MigrationState.DONE);
        assertEquals(12, get(id).count(StudyState.COMPLETE));
    }

    @Test
    void aSweepOfAModalityLeavesOthersAlone() throws Exception {
        stock(old, "1.2.1", 1, DAY, "101500");
        startNode();
        long id = start(Map.of("from", "2019-01-01", "to", "2019-02-28", "modality", "MR"));
        awaitState(id, MigrationState.DONE);
        assertEquals(List.of(), old.sent);
        assertEquals(Map.of(), get(id).studies());
    }

    @Test
    void whatIsPausedAsksForNothingAndGoesOnWhereItWas() throws Exception {
        stock(old, "1.2.1", 200, DAY, "101500");
        CountDownLatch begun = new CountDownLatch(3);
        old.beforeEach = () -> {
            begun.countDown();
            pauseBriefly();
        };
        startNode();
        long id = pull("1.2.1");
        await(begun);
        archive.service.pause(id);
        awaitNoJobs();
        assertTrue(old.sent.size() < 200, "the source was asked to stop");
        assertEquals(MigrationState.PAUSED, get(id).state());
        assertEquals(StudyState.QUEUED, study(id, "1.2.1").state());
        // One that is under way counts until it has come to nothing.
        Await.until("no attempt is spent", PATIENCE, () -> study(id, "1.2.1").attempts() == 0);
        FailureException e = assertThrows(FailureException.class, () -> archive.service.pause(id));
        assertEquals(Failure.CONFLICT, e.failure());
        old.beforeEach = () -> {};
        archive.service.resume(id);
        awaitState(id, MigrationState.DONE);
        assertTrue(certificate(id, "1.2.1").complete());
        assertEquals(200, old.sent.size(), "what had come was not sent again");
    }

    @Test
    void whatIsCancelledIsLeftWhereItIs() throws Exception {
        stock(old, "1.2.1", 200, DAY, "101500");
        CountDownLatch begun = new CountDownLatch(3);
        old.beforeEach = () -> {
            begun.countDown();
            pauseBriefly();
        };
        startNode();
        long id = pull("1.2.1");
        await(begun);
        archive.service.cancel(id);
        awaitNoJobs();
        assertEquals(MigrationState.CANCELLED, get(id).state());
        assertEquals(0, get(id).count(StudyState.PULLING));
        assertTrue(old.sent.size() < 200, "the source was asked to stop");
        assertEquals(old.sent.size(), archive.instances());
        assertThrows(FailureException.class, () -> archive.service.resume(id));
    }

    /** A source of about 20 objects a second. */
    private static void pauseBriefly() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void outsideItsHoursASourceIsNotCalledAtAll() throws Exception {
        stock(old, "1.2.1", 3, DAY, "101500");
        archive.clock.set(LocalTime.NOON);
        startNode();
        long id = start(Map.of("from", "2019-01-01", "to", "2019-02-28", "hours", "22:00-06:00"));
        Await.until(
                "the sweep waits",
                PATIENCE,
                () -> archive.test.number(
                                "SELECT count(*) FROM job WHERE kind = 'migration-sweep' AND state = 'WAITING'")
                        == 1);
        assertEquals(List.of(), old.questions);
        archive.clock.set(LocalTime.of(23, 0));
        archive.service.resume(id);
        awaitState(id, MigrationState.DONE);
        assertTrue(certificate(id, "1.2.1").complete());
    }
}
