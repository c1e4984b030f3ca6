// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.dozo.forward.ForwardingArchive.uid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.forward.rules.Condition;
import org.dozo.forward.rules.HeaderFacts;
import org.dozo.forward.rules.PrefetchRule;
import org.dozo.forward.rules.PriorsWanted;
import org.dozo.index.DuplicatePolicy;
import org.dozo.sending.FakeDestination;
import org.dozo.shared.Await;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.Test;

/** Priors are selected and delivered when a study arrives or is ordered, with real jobs; only the network is made up. */
class PrefetchIT extends ForwardingCase {

    private static final String NEW = "1.9.2026";
    private static final PriorsWanted ANY = new PriorsWanted(List.of(), false, 0, 20);

    private FakeDestination one;

    @Override
    void open(DuplicatePolicy duplicates) throws Exception {
        super.open(duplicates);
        one = archive.destination("ONE");
    }

    /** Of the patient P1. */
    private static Dataset object(String study, int number, String date, String modality, String bodyPart) {
        return ForwardingArchive.object(study, number)
                .setString(Tag.STUDY_DATE, VR.DA, date)
                .setString(Tag.MODALITY, VR.CS, modality)
                .setString(Tag.BODY_PART_EXAMINED, VR.CS, bodyPart);
    }

    private void store(Dataset object) throws IOException {
        archive.store("CT1", object, EXPLICIT);
    }

    private void store(String study, String date) throws IOException {
        store(object(study, 1, date, "CT", "CHEST"));
    }

    private void rule(String condition, PriorsWanted priors, String... to) throws Exception {
        // What came before the rule does not call it.
        quiet();
        archive.prefetchRules.put(new PrefetchRule("priors", Condition.parse(condition), priors, List.of(to), 5, true));
    }

    /** Until nothing is to be done any more. */
    private void quiet() throws Exception {
        Await.until(
                "all is done",
                Duration.ofSeconds(60),
                () -> archive.test.number("SELECT count(*) FROM job WHERE kind IN ('arrival', 'prefetch', 'forward')")
                        == 0);
    }

    private Set<String> studiesAt(FakeDestination destination) {
        Set<String> studies = new TreeSet<>();
        destination.uids().forEach(uid -> studies.add(uid.substring(0, uid.lastIndexOf(".1."))));
        return studies;
    }

    private long calls() throws SQLException {
        return archive.test.number("SELECT count(*) FROM prefetch");
    }

    @Test
    void theNewestPriorsOfTheModalitiesBodyPartAndAgeGoWhole() throws Exception {
        store(object("1.9.1", 1, "20260301", "CT", "CHEST"));
        store(object("1.9.1", 2, "20260301", "CT", "CHEST"));
        store(object("1.9.2", 1, "20260201", "US", "CHEST"));
        store(object("1.9.3", 1, "20260101", "CT", "HEAD"));
        store(object("1.9.4", 1, "20251201", "MR", "chest"));
        store(object("1.9.5", 1, "20251101", "CT", "CHEST"));
        store(object("1.9.6", 1, "20251001", "CT", "CHEST"));
        store(object("1.9.7", 1, "20211126", "CT", "CHEST"));
        store(object("1.9.8", 1, "", "CT", "CHEST"));
        store(object("1.9.9", 1, "20261201", "CT", "CHEST"));
        store(object("1.9.10", 1, "20260401", "CT", "CHEST").setString(Tag.PATIENT_ID, VR.LO, "P2"));
        rule("modality = CT", new PriorsWanted(List.of("ct", "MR"), true, 60, 3), "ONE");
        store(object(NEW, 1, "20261127", "CT", "CHEST"));
        Await.until(
                "three are proved",
                Duration.ofSeconds(60),
                () -> archive.test.number("SELECT count(*) FROM delivery WHERE state = 'VERIFIED'") == 3);
        quiet();
        assertEquals(
                new TreeSet<>(Set.of(uid("1.9.1", 1), uid("1.9.1", 2), uid("1.9.4", 1), uid("1.9.5", 1))),
                new TreeSet<>(one.uids()));
        assertEquals(4, one.uids().size());
        assertEquals("prefetch:priors", archive.delivery("1.9.4", "ONE").rule());
        Map<String, String> why = new TreeMap<>();
        PrefetchTrial trial =
                archive.prefetch.test(archive.prefetchRules.get("priors").orElseThrow(), NEW);
        trial.priors().forEach(verdict -> why.put(verdict.study(), verdict.whyNot()));
        assertTrue(trial.complete());
        assertEquals(1, trial.condition().matching());
        assertEquals(9, why.size(), why.toString());
        assertEquals("", why.get("1.9.1"));
        assertEquals("it has no series of CT, MR", why.get("1.9.2"));
        assertEquals("it has no series of the same body part", why.get("1.9.3"));
        assertEquals("there are 3 newer ones, and no more are wanted", why.get("1.9.6"));
        assertEquals("it is more than 60 months older than the study", why.get("1.9.7"));
        assertEquals("it has no study date, so nobody knows its age", why.get("1.9.8"));
        assertEquals("it is later than the study", why.get("1.9.9"));
        assertEquals(Set.of("ONE"), trial.priors().getFirst().there());
    }

    @Test
    void aStudyWithoutABodyPartHasThemAllAndAnUndatedPriorComesLast() throws Exception {
        store(object("1.9.1", 1, "", "CT", "HEAD"));
        store(object("1.9.2", 1, "20200101", "CT", "CHEST"));
        rule("all", new PriorsWanted(List.of(), true, 0, 1), "ONE");
        store(object(NEW, 1, "20261127", "CT", ""));
        Await.until("it is there", () -> archive.is(DeliveryState.VERIFIED, "1.9.2", "ONE"));
        quiet();
        assertEquals(List.of(uid("1.9.2", 1)), one.uids());
    }

    @Test
    void whatDoesNotFitCallsNothingAndAMatchCallsOncePerStudy() throws Exception {
        store("1.9.1", "20260101");
        rule("modality = CT", ANY, "ONE");
        store(object(NEW, 1, "20261127", "SR", ""));
        quiet();
        assertEquals(0, calls());
        for (int number = 2; number <= 30; number++) {
            store(object(NEW, number, "20261127", "CT", "CHEST"));
        }
        Await.until("the prior is there", () -> archive.is(DeliveryState.VERIFIED, "1.9.1", "ONE"));
        quiet();
        assertEquals(1, calls());
        // Whatever comes later, the study has called.
        store(object("1.9.2", 1, "20260102", "US", "CHEST"));
        store(object(NEW, 31, "20261127", "CT", "CHEST"));
        quiet();
        assertEquals(1, calls());
        assertEquals(List.of(uid("1.9.1", 1)), one.uids());
    }

    @Test
    void whatIsDeliveredIsNotSentAgainUnlessSomebodyWantsItButLateObjectsAre() throws Exception {
        store("1.9.1", "20260101");
        store("1.9.2", "20250101");
        rule("all", new PriorsWanted(List.of(), false, 0, 2), "ONE");
        store(NEW, "20261127");
        Await.until(
                "both are there",
                () -> archive.is(DeliveryState.VERIFIED, "1.9.1", "ONE")
                        && archive.is(DeliveryState.VERIFIED, "1.9.2", "ONE"));
        archive.prefetch.run("priors", NEW, false);
        quiet();
        assertEquals(2, one.uids().size());
        assertEquals(0, archive.test.number("SELECT count(*) FROM delivery_event WHERE event = 'reopened'"));
        archive.prefetch.run("priors", NEW, true);
        Await.until("both come once more", () -> one.uids().size() == 4);
        quiet();
        Await.until(
                "both are proved",
                () -> archive.is(DeliveryState.VERIFIED, "1.9.1", "ONE")
                        && archive.is(DeliveryState.VERIFIED, "1.9.2", "ONE"));
        archive.prefetch.run("priors", NEW, false);
        quiet();
        assertEquals(4, one.uids().size(), "the wish to have it again is for once");
        store(object("1.9.1", 2, "20260101", "CT", "CHEST"));
        archive.prefetch.run("priors", NEW, false);
        Await.until("the late object is there", () -> one.uids().contains(uid("1.9.1", 2)));
        quiet();
        assertEquals(5, one.uids().size());
    }

    @Test
    void whatHasFailedIsTriedAgainByTheNextStudy() throws Exception {
        store("1.9.1", "20260101");
        one.files = uid -> false;
        rule("all", ANY, "ONE");
        store(NEW, "20261127");
        Await.until("it is given up", Duration.ofSeconds(60), () -> archive.is(DeliveryState.FAILED, "1.9.1", "ONE"));
        one.files = uid -> true;
        store("1.9.2027", "20261127");
        Await.until("it is there", () -> archive.is(DeliveryState.VERIFIED, "1.9.1", "ONE"));
        assertTrue(archive.delivery("1.9.1", "ONE").history().stream()
                .anyMatch(event -> event.detail().equals("The prefetch rule priors wants it")));
    }

    @Test
    void anEmergencysPriorsAreStat() throws Exception {
        store("1.9.1", "20260101");
        rule("all", ANY, "ONE");
        store(object(NEW, 1, "20261127", "CT", "CHEST").setString(Tag.REQUESTED_PROCEDURE_PRIORITY, VR.SH, "STAT"));
        Await.until("it is there", () -> archive.is(DeliveryState.VERIFIED, "1.9.1", "ONE"));
        assertEquals(9, archive.delivery("1.9.1", "ONE").priority());
    }

    @Test
    void aPatientWithThousandsOfStudiesCostsABoundedLook() throws Exception {
        store("1.9.1", "20260101");
        store("1.9.2", "20260102");
        quiet();
        archive.test.execute("""
                INSERT INTO study (study_instance_uid, patient_fk, study_date)
                SELECT '1.8.' || n, patient_fk, DATE '2025-12-31' - n FROM generate_series(1, 3000) AS n, study
                WHERE study_instance_uid = '1.9.1'""");
        archive.test.execute("""
                INSERT INTO series (study_fk, series_instance_uid, modality)
                SELECT id, study_instance_uid || '.' || n, 'CT' FROM study, generate_series(1, 3) AS n
                WHERE study_instance_uid LIKE '1.8.%'""");
        rule("all", ANY, "ONE");
        store(NEW, "20261127");
        Await.until(
                "the newest are there",
                () -> archive.is(DeliveryState.VERIFIED, "1.9.1", "ONE")
                        && archive.is(DeliveryState.VERIFIED, "1.9.2", "ONE"));
        quiet();
        assertEquals(2, archive.test.number("SELECT count(*) FROM delivery"));
        PrefetchRule rule = archive.prefetchRules.get("priors").orElseThrow();
        long start = System.nanoTime();
        PrefetchTrial trial = archive.prefetch.test(rule, NEW);
        System.out.println("A look at 1000 of 3002 studies took "
                + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
        assertEquals(PriorSearch.MOST_STUDIES, trial.priors().size());
        assertFalse(trial.complete());
    }

    /** Who passes on all it gets, changed each time, is sent nothing more for it. */
    @Test
    void archivesThatPassOnWhatTheyGetMakeNoCircle() throws Exception {
        close();
        open(DuplicatePolicy.KEEP_LATEST);
        store("1.9.1", "20261126");
        store("1.9.2", "20261127");
        rule("all", ANY, "ONE");
        store(NEW, "20261127");
        Await.until(
                "both are there",
                () -> archive.is(DeliveryState.VERIFIED, "1.9.1", "ONE")
                        && archive.is(DeliveryState.VERIFIED, "1.9.2", "ONE"));
        int before = one.uids().size();
        assertEquals(2, before);
        for (int round = 1; round <= 6; round++) {
            for (String study : List.of("1.9.1", "1.9.2", NEW)) {
                Dataset changed =
                        object(study, 1, "20261127", "CT", "CHEST").setString(Tag.STATION_NAME, VR.SH, "round" + round);
                archive.store(round % 2 == 0 ? "ONE" : "THIRD", changed, EXPLICIT);
            }
            quiet();
        }
        assertEquals(3, calls(), "each study calls the rule once");
        // Each of the three, when it first came back changed, may have called for the other two: never more.
        assertTrue(one.uids().size() <= before + 3 * 2, one.uids().toString());
        int after = one.uids().size();
        for (String study : List.of("1.9.1", "1.9.2", NEW)) {
            archive.store("THIRD", object(study, 1, "20261127", "CT", "CHEST"), EXPLICIT);
        }
        quiet();
        assertEquals(after, one.uids().size());
    }

    @Test
    void aPriorThatCameFromTheDestinationIsNotSentBack() throws Exception {
        archive.store("ONE", object("1.9.1", 1, "20260101", "CT", "CHEST"), EXPLICIT);
        store("1.9.2", "20260102");
        rule("all", ANY, "ONE");
        store(NEW, "20261127");
        Await.until("the other is there", () -> archive.is(DeliveryState.VERIFIED, "1.9.2", "ONE"));
        quiet();
        assertEquals(Set.of("1.9.2"), studiesAt(one));
        assertEquals(DeliveryState.SKIPPED, archive.delivery("1.9.1", "ONE").state());
    }

    @Test
    void anOrderCallsBeforeTheStudyIsThereAndItsArrivalDoesNotCallAgain() throws Exception {
        store("1.9.1", "20260101");
        store(object("1.9.2", 1, "20260101", "CT", "HEAD"));
        rule("modality = CT", new PriorsWanted(List.of(), true, 12, 5), "ONE");
        Dataset order = new Dataset()
                .setString(Tag.MODALITY, VR.CS, "CT")
                .setString(Tag.BODY_PART_EXAMINED, VR.CS, "Chest")
                .setString(Tag.STUDY_DATE, VR.DA, "20261127");
        assertEquals(1, ordered("P1", order));
        assertEquals(0, ordered("P1", order));
        assertEquals(0, ordered("NOBODY", order));
        Await.until("the prior is there", () -> archive.is(DeliveryState.VERIFIED, "1.9.1", "ONE"));
        store(object("1.9.3", 1, "20260201", "US", "CHEST"));
        quiet();
        store(object(NEW, 1, "20261127", "CT", "CHEST"));
        quiet();
        assertEquals(1, calls());
        assertEquals(List.of(uid("1.9.1", 1)), one.uids());
    }

    private int ordered(String patientId, Dataset order) throws SQLException {
        HeaderFacts facts = HeaderFacts.of(new ScannedObject(EXPLICIT, order, List.of(), List.of(), 0), "", "");
        return archive.database.<Integer, SQLException>transaction(
                connection -> archive.prefetch.ordered(connection, NEW, patientId, "", facts));
    }

    @Test
    void onePriorTakesAsManyWaysAsThereAreDestinationsAndADeadOneKeepsNobodyWaiting() throws Exception {
        FakeDestination two = archive.destination("TWO");
        archive.destination("DEAD");
        archive.destinations.remove("DEAD");
        store("1.9.1", "20260101");
        rule("all", ANY, "DEAD", "ONE", "TWO");
        store(NEW, "20261127");
        Await.until("both have it", () -> one.uids().size() == 1 && two.uids().size() == 1);
        Await.until(
                "the dead one's waits and says why",
                () -> archive.find("1.9.1", "DEAD")
                        .filter(delivery -> !delivery.error().isEmpty())
                        .isPresent());
    }

    @Test
    void ruleAndStudyMustBeThereToBeRun() throws Exception {
        store("1.9.1", "20260101");
        rule("all", ANY, "ONE");
        List<FailureException> refused = new ArrayList<>();
        refused.add(assertThrows(FailureException.class, () -> archive.prefetch.run("other", "1.9.1", false)));
        refused.add(assertThrows(FailureException.class, () -> archive.prefetch.run("priors", "1.9.404", false)));
        refused.add(assertThrows(
                FailureException.class,
                () -> archive.prefetch.test(archive.prefetchRules.get("priors").orElseThrow(), "1.9.404")));
        refused.forEach(each -> assertEquals(Failure.NOT_FOUND, each.failure()));
        assertEquals(0, calls());
    }
}
