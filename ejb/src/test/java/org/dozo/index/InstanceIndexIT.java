// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.index.Recorded.Outcome;
import org.dozo.jobs.Jobs;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.NodeTerm;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InstanceIndexIT {

    private static final int THREADS = 20;

    private TestDatabase test;
    private Database database;
    private InstanceIndex index;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        test.execute("INSERT INTO volume (name, marker) VALUES ('main', gen_random_uuid()), ('b', gen_random_uuid())");
        database = test.database();
        index = new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private Recorded record(InstanceIndex index, NewInstance newcomer) throws SQLException {
        Recorded recorded = database.transaction(connection -> index.record(connection, newcomer));
        index.committed(newcomer, recorded);
        return recorded;
    }

    private Recorded record(NewInstance newcomer) throws SQLException {
        return record(index, newcomer);
    }

    private long rows(String table) throws SQLException {
        return test.number("SELECT count(*) FROM " + table);
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<T>> futures = calls.stream()
                    .map(call -> threads.submit(() -> {
                        start.await();
                        return call.call();
                    }))
                    .toList();
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        }
    }

    @Test
    void oneObjectMakesOneRowOfEverything() throws SQLException {
        Recorded recorded = record(Newcomers.of(Newcomers.dataset("P1", "1.1", "1.2", "1.3"), "a"));
        assertEquals(Outcome.NEW, recorded.outcome());
        for (String table : List.of("patient", "study", "series", "instance", "stored_object", "object_copy")) {
            assertEquals(1, rows(table), table);
        }
        assertEquals(
                "2026-11-22 10:11:12.5 CT 7",
                test.text("SELECT study_date || ' ' || study_time || ' ' || modality || ' ' || instance_number "
                        + "FROM study, series, instance"));
        assertEquals(new ArchiveCounts(1, 1, 1, 1, 6000), new SeriesTally(database, new Jobs(database)).counts());
    }

    @Test
    void anEmergencyArrivesBeforeAllOthers() throws SQLException {
        record(Newcomers.of(Newcomers.dataset("P1", "1.1", "1.1.1", "1.1.1.1"), "routine"));
        record(Newcomers.of(
                Newcomers.dataset("P1", "1.1", "1.1.1", "1.1.1.2")
                        .setString(Tag.REQUESTED_PROCEDURE_PRIORITY, VR.SH, "STAT"),
                "stat"));
        assertEquals(1, test.number("SELECT count(*) FROM job WHERE kind = 'arrival' AND priority = 9"));
        assertEquals(1, test.number("SELECT count(*) FROM job WHERE kind = 'arrival' AND priority = 5"));
    }

    @Test
    void twentyThreadsThatCreateOnePatientStudyAndSeriesMakeOneRowEach() throws Exception {
        long rounds = 50;
        for (int round = 0; round < rounds; round++) {
            List<Callable<Recorded>> calls = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                // Every second thread has an index of its own, as on another node.
                InstanceIndex node =
                        thread % 2 == 0 ? index : new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST);
                NewInstance newcomer = Newcomers.of(
                        Newcomers.dataset("P" + round, "1.1." + round, "1.2." + round, "1.3." + round + "." + thread),
                        "content " + thread);
                calls.add(() -> record(node, newcomer));
            }
            for (Recorded recorded : atOnce(calls)) {
                assertEquals(Outcome.NEW, recorded.outcome());
                assertEquals(Set.of(), recorded.discrepancies());
            }
        }
        assertEquals(rounds, rows("patient"));
        assertEquals(rounds, rows("study"));
        assertEquals(rounds, rows("series"));
        assertEquals(rounds * THREADS, rows("instance"));
        assertEquals(
                new ArchiveCounts(rounds, rounds, rounds, rounds * THREADS, rounds * THREADS * 6000L),
                new SeriesTally(database, new Jobs(database)).counts());
    }

    @Test
    void theSameObjectTwentyTimesAtOnceIsKeptOnce() throws Exception {
        for (int round = 0; round < 20; round++) {
            List<Callable<Recorded>> calls = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                NewInstance newcomer =
                        Newcomers.of(Newcomers.dataset("P", "1.1", "1.2." + round, "1.3." + round), "same");
                calls.add(() -> record(newcomer));
            }
            Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
            atOnce(calls).forEach(recorded -> outcomes.merge(recorded.outcome(), 1, Integer::sum));
            assertEquals(Map.of(Outcome.NEW, 1, Outcome.DUPLICATE, THREADS - 1), outcomes);
        }
        assertEquals(20, rows("instance"));
        assertEquals(20, rows("stored_object"));
        assertEquals(20, rows("object_copy"));
        assertEquals(0, rows("discrepancy"));
    }

    @Test
    void aKnownUidWithOtherContentIsKeptBesideTheFirstAndPutOnTheRecord() throws Exception {
        Dataset dataset = Newcomers.dataset("P", "1.1", "1.2", "1.3");
        Recorded first = record(Newcomers.of(dataset, "first"));
        Recorded second = record(Newcomers.of(dataset, "second"));
        assertEquals(Outcome.ALTERNATE, second.outcome());
        assertEquals(Set.of(Discrepancy.OTHER_CONTENT), second.discrepancies());
        assertEquals(first.instanceId(), second.instanceId());
        assertEquals(first.objectId(), test.number("SELECT id FROM stored_object WHERE state = 'CURRENT'"));
        assertEquals(second.objectId(), test.number("SELECT object_fk FROM discrepancy WHERE kind = 'OTHER_CONTENT'"));
        assertEquals(Outcome.DUPLICATE, record(Newcomers.of(dataset, "second")).outcome());
        assertEquals(2, rows("stored_object"));
        assertEquals(new ArchiveCounts(1, 1, 1, 1, 12000), new SeriesTally(database, new Jobs(database)).counts());
    }

    @Test
    void otherContentTwentyTimesAtOnceIsKeptOnceBesideTheFirst() throws Exception {
        Dataset dataset = Newcomers.dataset("P", "1.1", "1.2", "1.3");
        List<Callable<Recorded>> calls = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            NewInstance newcomer = Newcomers.of(dataset, thread % 2 == 0 ? "even" : "odd");
            calls.add(() -> record(newcomer));
        }
        atOnce(calls);
        assertEquals(1, rows("instance"));
        assertEquals(2, rows("stored_object"));
        assertEquals(1, rows("stored_object WHERE state = 'CURRENT'"));
        assertEquals(1, rows("discrepancy"));
    }

    @Test
    void keepLatestShowsTheNewcomerAndKeepsTheFirst() throws Exception {
        index = new InstanceIndex(new PatientRegistry(), DuplicatePolicy.KEEP_LATEST);
        Dataset dataset = Newcomers.dataset("P", "1.1", "1.2", "1.3");
        Recorded first = record(Newcomers.of(dataset, "first"));
        dataset.setString(Tag.INSTANCE_NUMBER, VR.IS, "8");
        Recorded second = record(Newcomers.of(dataset, "second"));
        assertEquals(Outcome.REPLACEMENT, second.outcome());
        assertEquals(second.objectId(), test.number("SELECT id FROM stored_object WHERE state = 'CURRENT'"));
        assertEquals(first.objectId(), test.number("SELECT id FROM stored_object WHERE state = 'ALTERNATE'"));
        assertEquals(8, test.number("SELECT instance_number FROM instance"));
    }

    @Test
    void aKnownStudyOfAnotherPatientIsFiledThereButNeverSilently() throws Exception {
        record(Newcomers.of(Newcomers.dataset("P1", "1.1", "1.2", "1.3"), "a"));
        Recorded other = record(Newcomers.of(Newcomers.dataset("P2", "1.1", "1.2", "1.4"), "b"));
        Recorded further = record(Newcomers.of(Newcomers.dataset("P2", "1.1", "1.2", "1.5"), "c"));
        assertEquals(Outcome.NEW, other.outcome());
        assertEquals(Set.of(Discrepancy.OTHER_PATIENT), other.discrepancies());
        assertEquals(Set.of(Discrepancy.OTHER_PATIENT), further.discrepancies());
        assertEquals(1, rows("patient"));
        assertEquals(
                2, rows("discrepancy WHERE filed_under ->> 'patient_id' = 'P1' AND claimed ->> 'patient_id' = 'P2'"));
    }

    @Test
    void anotherPatientRacingForTheStudyLeavesNoPatientWithoutAStudy() throws Exception {
        for (int round = 0; round < 30; round++) {
            List<Callable<Recorded>> calls = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                NewInstance newcomer = Newcomers.of(
                        Newcomers.dataset(
                                round + "-" + thread, "1.1." + round, "1.2." + round, "1.3." + round + "." + thread),
                        "x");
                calls.add(() -> record(newcomer));
            }
            atOnce(calls);
        }
        assertEquals(30, rows("study"));
        assertEquals(30, rows("patient"));
        assertEquals(90, rows("discrepancy"));
        assertEquals(30, new SeriesTally(database, new Jobs(database)).counts().patients());
    }

    @Test
    void aKnownUidInAnotherSeriesLeavesNoEmptySeriesBehind() throws Exception {
        record(Newcomers.of(Newcomers.dataset("P1", "1.1", "1.2", "1.3"), "a"));
        Recorded other = record(Newcomers.of(Newcomers.dataset("P9", "9.1", "9.2", "1.3"), "b"));
        assertEquals(Outcome.ALTERNATE, other.outcome());
        assertEquals(Set.of(Discrepancy.OTHER_SERIES), other.discrepancies());
        assertEquals(1, rows("patient"));
        assertEquals(1, rows("study"));
        assertEquals(1, rows("series"));
        assertEquals(new ArchiveCounts(1, 1, 1, 1, 12000), new SeriesTally(database, new Jobs(database)).counts());
    }

    @Test
    void aSeriesUidInTwoStudiesIsFiledAsItSaysAndPutOnTheRecord() throws Exception {
        record(Newcomers.of(Newcomers.dataset("P1", "1.1", "1.2", "1.3"), "a"));
        Recorded other = record(Newcomers.of(Newcomers.dataset("P1", "2.1", "1.2", "2.3"), "b"));
        assertEquals(Set.of(Discrepancy.SERIES_IN_OTHER_STUDY), other.discrepancies());
        assertEquals(2, rows("series"));
    }

    @Test
    void patientsWithoutPatientIdAreOneAStudy() throws Exception {
        record(Newcomers.of(Newcomers.dataset("", "1.1", "1.2", "1.3"), "a"));
        record(Newcomers.of(Newcomers.dataset("  ", "1.1", "1.4", "1.5"), "b"));
        record(Newcomers.of(Newcomers.dataset("", "2.1", "2.2", "2.3"), "c"));
        assertEquals(2, rows("patient"));
        assertEquals(0, rows("discrepancy"));
    }

    @Test
    void theSameIdOfAnotherIssuerIsAnotherPatient() throws Exception {
        record(Newcomers.of(
                Newcomers.dataset("P", "1.1", "1.2", "1.3").setString(Tag.ISSUER_OF_PATIENT_ID, VR.LO, "A"), "a"));
        record(Newcomers.of(
                Newcomers.dataset("P", "2.1", "2.2", "2.3").setString(Tag.ISSUER_OF_PATIENT_ID, VR.LO, "B"), "b"));
        assertEquals(2, rows("patient"));
    }

    @Test
    void nulAndOverlongTextIsRecordedAndStaysDifferent() throws Exception {
        // Random, as PostgreSQL compresses what repeats before it finds that it does not fit an index.
        String longName = new Random(20261122)
                .ints(100_000, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        for (String id :
                List.of("A\0B", "AB", "A\0C", longName + 1, longName + 2, "'; DROP TABLE patient; --", "\uD800")) {
            String uid = "1." + rows("study");
            Dataset dataset = Newcomers.dataset(id, uid, uid, uid)
                    .setString(Tag.STUDY_DESCRIPTION, VR.LO, id)
                    .setString(Tag.ACCESSION_NUMBER, VR.SH, id)
                    .setString(Tag.PATIENT_NAME, VR.PN, id)
                    .setString(Tag.STUDY_DATE, VR.DA, id)
                    .setString(Tag.SERIES_NUMBER, VR.IS, id);
            assertEquals(Outcome.NEW, record(Newcomers.of(dataset, id)).outcome());
        }
        assertEquals(7, rows("patient"));
        assertEquals(7, rows("study"));
    }

    @Test
    void tallyIsExactWhileItIsFoldedAndWritten() throws Exception {
        SeriesTally tally = new SeriesTally(database, new Jobs(database));
        tally.start(java.time.Duration.ofMillis(2));
        int each = 60;
        List<Callable<Long>> calls = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            int number = thread;
            calls.add(() -> {
                long highest = 0;
                for (int i = 0; i < each; i++) {
                    String uid = "1." + number + "." + i;
                    record(Newcomers.of(Newcomers.dataset("P", "1.1." + number % 2, "1.2." + number, uid), uid));
                    long seen = tally.counts().instances();
                    assertTrue(seen >= highest && seen > i, "a counter that goes back: " + highest + " to " + seen);
                    highest = seen;
                }
                return highest;
            });
        }
        atOnce(calls);
        ArchiveCounts expected = new ArchiveCounts(1, 2, 6, 6L * each, 6L * each * 6000);
        assertEquals(expected, tally.counts());
        tally.close();
        while (rows("series_tally") > 0) {
            tally.fold();
        }
        assertEquals(expected, tally.counts());
        assertEquals(0, rows("series WHERE instance_count <> " + each));
        assertEquals(0, rows("study WHERE instance_count <> " + 3 * each + " OR series_count <> 3"));
    }

    @Test
    void twoFoldersFoldNothingTwice() throws Exception {
        for (int i = 0; i < 100; i++) {
            record(Newcomers.of(Newcomers.dataset("P", "1.1", "1.2", "1.3." + i), "c" + i));
        }
        SeriesTally tally = new SeriesTally(database, new Jobs(database));
        atOnce(List.<Callable<Integer>>of(tally::fold, tally::fold, tally::fold, tally::fold));
        tally.fold();
        assertEquals(100, test.number("SELECT instance_count FROM study"));
        assertEquals(new ArchiveCounts(1, 1, 1, 100, 600_000), tally.counts());
    }

    @Test
    void metadataIsAnnouncedOfSeriesThatHaveGrownLarge() throws Exception {
        SeriesTally tally = new SeriesTally(database, new Jobs(database));
        for (int i = 1; i < SeriesDocument.KEPT_FROM; i++) {
            record(Newcomers.of(Newcomers.dataset("P", "1.1", "1.2", "1.3." + i), "c" + i));
        }
        record(Newcomers.of(Newcomers.dataset("P", "1.1", "1.4", "1.5"), "other"));
        tally.fold();
        assertEquals(0, rows("job WHERE kind = 'metadata'"));
        record(Newcomers.of(Newcomers.dataset("P", "1.1", "1.2", "1.3.99"), "c99"));
        tally.fold();
        tally.fold();
        assertEquals(
                1,
                rows("job WHERE kind = 'metadata' AND state = 'WAITING'"
                        + " AND job_key = (SELECT id::text FROM series WHERE series_instance_uid = '1.2')"));
    }

    @Test
    void whatANodeBeganBeforeItWasTakenForDeadIsRefused() throws Exception {
        test.execute("INSERT INTO node (name, epoch, incarnation) VALUES ('node1', 5, gen_random_uuid())");
        NodeTerm term = new NodeTerm("node1", 5);
        assertEquals(Outcome.NEW, record(by(term, "1.3.1", "a")).outcome());
        test.execute("UPDATE node SET epoch = 6");
        for (String instance : List.of("1.3.1", "1.3.2")) {
            SQLException refused = assertThrows(SQLException.class, () -> record(by(term, instance, "b" + instance)));
            assertEquals(Failure.NODE_FENCED, Failure.of(refused), "first and second object alike");
            NewInstance atOnce = by(term, instance, "c" + instance);
            assertThrows(SQLException.class, () -> index.recordAtOnce(database, atOnce));
        }
        assertEquals(1, rows("stored_object"));
        assertEquals(
                Outcome.NEW, record(by(new NodeTerm("node1", 6), "1.3.2", "d")).outcome());
    }

    private static NewInstance by(NodeTerm term, String instance, String content) throws Exception {
        NewInstance newcomer = Newcomers.of(Newcomers.dataset("P", "1.1", "1.2", instance), content);
        NewObject object = newcomer.object();
        return new NewInstance(
                newcomer.patient(),
                newcomer.study(),
                newcomer.series(),
                newcomer.instance(),
                newcomer.isStat(),
                newcomer.header(),
                new NewObject(
                        object.name(),
                        object.transferSyntaxUid(),
                        object.dataSetSha256(),
                        object.dataSetOffset(),
                        object.dataSetLength(),
                        object.headSha256(),
                        object.sourceAeTitle(),
                        object.sourceAddress(),
                        term,
                        object.copies()));
    }
}
