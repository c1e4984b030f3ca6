// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.dozo.dicom.Matches;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.index.SeriesTally;
import org.dozo.jobs.Jobs;
import org.dozo.settings.QuerySettings;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryServiceIT {

    private StoredObjects stored;

    @BeforeEach
    void open() throws SQLException {
        stored = new StoredObjects();
    }

    @AfterEach
    void close() {
        stored.close();
    }

    private static Dataset object(int study, int series, int instance) {
        return new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
                .setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, "1.7." + study + "." + series + "." + instance)
                .setString(Tag.STUDY_DATE, VR.DA, "202001%02d".formatted(1 + study % 28))
                .setString(Tag.MODALITY, VR.CS, series % 2 == 0 ? "MR" : "CT")
                .setString(Tag.PATIENT_NAME, VR.PN, "Patient^" + study)
                .setString(Tag.PATIENT_ID, VR.LO, "P" + study % 3)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.7." + study)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, "1.7." + study + "." + series)
                .setString(Tag.INSTANCE_NUMBER, VR.IS, String.valueOf(instance));
    }

    private static Dataset keys(int... tags) {
        Dataset keys = new Dataset();
        for (int tag : tags) {
            keys.setBytes(tag, org.dozo.dicom.data.Dictionary.vr(tag), new byte[0]);
        }
        return keys;
    }

    private static StudyQuery paged(QueryLevel level, Dataset keys, Page page) {
        return new StudyQuery(level, keys, false, false, false, false, page);
    }

    private List<String> ids(StudyQuery query) throws IOException {
        return StoredObjects.ids(stored.find(query), query.level());
    }

    // --- what is returned

    @Test
    void aMatchHoldsTheKeysAskedForAndNothingElse() throws Exception {
        stored.store(object(1, 1, 1)
                .setString(Tag.PATIENT_NAME, VR.PN, "Müller^Jörg^^^=山田^太郎")
                .setString(Tag.PROTOCOL_NAME, VR.LO, "Thorax ÄÖ"));
        Dataset keys = keys(
                Tag.STUDY_INSTANCE_UID,
                Tag.PATIENT_NAME,
                Tag.STUDY_TIME,
                Tag.PROTOCOL_NAME,
                Tag.STATION_NAME,
                Tag.OPERATORS_NAME,
                Tag.SERIES_INSTANCE_UID);
        Dataset match = stored.find(StudyQuery.of(QueryLevel.STUDY, keys)).getFirst();
        assertEquals("Müller^Jörg=山田^太郎", match.getString(Tag.PATIENT_NAME));
        assertEquals("Thorax ÄÖ", match.getString(Tag.PROTOCOL_NAME));
        Set<Integer> tags = new HashSet<>();
        match.forEach(element -> tags.add(element.tag()));
        Set<Integer> expected = new HashSet<>(Set.of(Tag.SPECIFIC_CHARACTER_SET));
        keys.forEach(element -> expected.add(element.tag()));
        assertEquals(expected, tags);
        assertNull(match.getString(Tag.SERIES_INSTANCE_UID), "of a lower level");
        assertEquals(VR.TM, match.get(Tag.STUDY_TIME).vr());
    }

    @Test
    void countsModalitiesAndClassesAreExactBeforeAndAfterTheFold() throws Exception {
        for (int instance = 1; instance <= 3; instance++) {
            stored.store(object(1, 1, instance));
        }
        stored.store(object(1, 2, 1).setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.4"));
        stored.store(object(4, 1, 1));
        assertCounts();
        SeriesTally tally = new SeriesTally(stored.database, new Jobs(stored.database));
        tally.start(java.time.Duration.ofMillis(5));
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (stored.test.number("SELECT count(*) FROM series_tally") > 0) {
            assertTrue(System.nanoTime() < deadline);
            assertCounts();
        }
        tally.close();
        assertCounts();
    }

    private void assertCounts() throws IOException {
        Dataset study = stored.find(StudyQuery.of(
                        QueryLevel.STUDY,
                        keys(
                                        Tag.NUMBER_OF_STUDY_RELATED_SERIES,
                                        Tag.NUMBER_OF_STUDY_RELATED_INSTANCES,
                                        Tag.MODALITIES_IN_STUDY,
                                        Tag.SOP_CLASSES_IN_STUDY)
                                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.7.1")))
                .getFirst();
        assertEquals(2, study.getInt(Tag.NUMBER_OF_STUDY_RELATED_SERIES, -1));
        assertEquals(4, study.getInt(Tag.NUMBER_OF_STUDY_RELATED_INSTANCES, -1));
        assertEquals(List.of("CT", "MR"), study.getStrings(Tag.MODALITIES_IN_STUDY));
        assertEquals(
                List.of("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4"),
                study.getStrings(Tag.SOP_CLASSES_IN_STUDY));
        Dataset patient = stored.find(StudyQuery.of(
                        QueryLevel.PATIENT,
                        keys(
                                        Tag.NUMBER_OF_PATIENT_RELATED_STUDIES,
                                        Tag.NUMBER_OF_PATIENT_RELATED_SERIES,
                                        Tag.NUMBER_OF_PATIENT_RELATED_INSTANCES)
                                .setString(Tag.PATIENT_ID, VR.LO, "P1")))
                .getFirst();
        assertEquals(2, patient.getInt(Tag.NUMBER_OF_PATIENT_RELATED_STUDIES, -1));
        assertEquals(3, patient.getInt(Tag.NUMBER_OF_PATIENT_RELATED_SERIES, -1));
        assertEquals(5, patient.getInt(Tag.NUMBER_OF_PATIENT_RELATED_INSTANCES, -1));
        Dataset series = stored.find(StudyQuery.of(
                        QueryLevel.SERIES,
                        keys(Tag.NUMBER_OF_SERIES_RELATED_INSTANCES)
                                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, "1.7.1.1")))
                .getFirst();
        assertEquals(3, series.getInt(Tag.NUMBER_OF_SERIES_RELATED_INSTANCES, -1));
    }

    @Test
    void privateAttributesAndSequencesComeFromTheHeader() throws Exception {
        Dataset object = object(1, 1, 1);
        // Another block than the one asked for.
        object.setString(0x0009_0010, VR.LO, "SOMEBODY ELSE").setString(0x0009_0011, VR.LO, "ACME");
        object.setString(0x0009_1101, VR.LO, "privé");
        Dataset item = object.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE);
        item.setString(Tag.REQUESTED_PROCEDURE_ID, VR.SH, "RP1")
                .setString(Tag.SCHEDULED_PROCEDURE_STEP_ID, VR.SH, "SPS1")
                .setString(Tag.REQUESTED_PROCEDURE_DESCRIPTION, VR.LO, "Kopf");
        stored.store(object);
        Dataset keys = keys(Tag.SERIES_INSTANCE_UID);
        keys.setString(0x0009_0010, VR.LO, "ACME").setBytes(0x0009_1001, VR.UN, new byte[0]);
        keys.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE).setString(Tag.REQUESTED_PROCEDURE_ID, VR.SH);
        Dataset match = stored.find(StudyQuery.of(QueryLevel.SERIES, keys)).getFirst();
        assertEquals("privé", match.getString(0x0009_1001));
        assertEquals("ACME", match.getString(0x0009_0010));
        Dataset request = match.getItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE);
        assertEquals("RP1", request.getString(Tag.REQUESTED_PROCEDURE_ID));
        assertEquals(1, request.size(), request::toString);
    }

    @Test
    void everyAttributeIsGivenWhenAskedFor() throws Exception {
        stored.store(object(1, 1, 1).setString(Tag.KVP, VR.DS, "120").setString(Tag.PATIENT_WEIGHT, VR.DS, "70"));
        StudyQuery query = new StudyQuery(QueryLevel.IMAGE, new Dataset(), false, false, false, true, Page.ALL);
        Dataset image = stored.find(query).getFirst();
        assertEquals("120", image.getString(Tag.KVP));
        assertEquals("P1", image.getString(Tag.PATIENT_ID));
        assertEquals("1", image.getString(Tag.NUMBER_OF_STUDY_RELATED_SERIES));
        Dataset study = stored.find(
                        new StudyQuery(QueryLevel.STUDY, new Dataset(), false, false, false, true, Page.ALL))
                .getFirst();
        assertEquals("70", study.getString(Tag.PATIENT_WEIGHT));
        assertEquals("ONLINE", study.getString(Tag.INSTANCE_AVAILABILITY));
        assertFalse(study.contains(Tag.KVP));
        assertFalse(study.contains(Tag.SERIES_INSTANCE_UID));
    }

    @Test
    void aHeaderThatCannotBeReadLeavesTheColumns() throws Exception {
        stored.store(object(1, 1, 1).setString(Tag.KVP, VR.DS, "120"));
        stored.test.execute("UPDATE instance SET header = '\\x7f00'");
        Dataset match = stored.find(StudyQuery.of(QueryLevel.IMAGE, keys(Tag.PATIENT_ID, Tag.KVP)))
                .getFirst();
        assertEquals("P1", match.getString(Tag.PATIENT_ID));
        assertTrue(match.get(Tag.KVP).isEmpty());
    }

    // --- pages

    @Test
    void everyMatchComesOnceAcrossManyPagesWhateverTheOrder() throws Exception {
        for (int study = 0; study < 1300; study++) {
            Dataset object = object(study, 1, 1);
            if (study % 7 == 0) {
                object.remove(Tag.STUDY_DATE);
            }
            stored.store(object);
        }
        List<Page> pages = List.of(
                Page.ALL,
                new Page(0, 0, List.of(new SortKey(Tag.STUDY_DATE, false))),
                new Page(0, 0, List.of(new SortKey(Tag.STUDY_DATE, true))),
                new Page(0, 0, List.of(new SortKey(Tag.PATIENT_ID, false), new SortKey(Tag.STUDY_DATE, true))),
                new Page(0, 0, List.of(new SortKey(Tag.PATIENT_ID, true), new SortKey(Tag.STUDY_DATE, false))),
                new Page(0, 0, List.of(new SortKey(Tag.PATIENT_NAME, true), new SortKey(Tag.STUDY_TIME, true))));
        for (Page page : pages) {
            List<Dataset> all = stored.find(
                    paged(QueryLevel.STUDY, keys(Tag.STUDY_INSTANCE_UID, Tag.STUDY_DATE, Tag.PATIENT_ID), page));
            List<String> ids = StoredObjects.ids(all, QueryLevel.STUDY);
            assertEquals(1300, ids.size(), page::toString);
            assertEquals(1300, new HashSet<>(ids).size(), page::toString);
            assertOrdered(all, page.order());
            // The same in slices.
            List<String> slices = new ArrayList<>();
            for (int offset = 0; offset < 1400; offset += 130) {
                slices.addAll(ids(
                        paged(QueryLevel.STUDY, keys(Tag.STUDY_INSTANCE_UID), new Page(offset, 130, page.order()))));
            }
            assertEquals(ids, slices, page::toString);
        }
    }

    private static void assertOrdered(List<Dataset> all, List<SortKey> order) {
        for (SortKey key : order.isEmpty() ? List.<SortKey>of() : order.subList(0, 1)) {
            List<String> values =
                    all.stream().map(match -> match.getString(key.tag(), "")).toList();
            List<String> sorted = new ArrayList<>(values);
            Collections.sort(sorted);
            assertEquals(key.descending() ? sorted.reversed() : sorted, values);
        }
    }

    @Test
    void pagesStayWhereTheyAreWhileObjectsArrive() throws Exception {
        IntStream.range(0, 30).forEach(study -> storeQuietly(object(study, 1, 1)));
        Dataset keys = keys(Tag.STUDY_INSTANCE_UID);
        List<String> first = ids(paged(QueryLevel.STUDY, keys, new Page(0, 10, List.of())));
        storeQuietly(object(100, 1, 1));
        List<String> second = ids(paged(QueryLevel.STUDY, keys, new Page(10, 10, List.of())));
        assertEquals(
                IntStream.range(0, 20).mapToObj(study -> "1.7." + study).toList(),
                java.util.stream.Stream.concat(first.stream(), second.stream()).toList());
    }

    /** What arrives while a slow reader reads neither repeats nor hides anything. */
    @Test
    void aQueryThatRunsWhileObjectsArriveGivesEachOnce() throws Exception {
        IntStream.range(0, 250).forEach(study -> storeQuietly(object(study, 1, 1)));
        List<String> seen = new ArrayList<>();
        stored.queries.find(StudyQuery.of(QueryLevel.STUDY, keys(Tag.STUDY_INSTANCE_UID)), new Matches() {
            @Override
            public void add(Dataset match) {
                seen.add(match.getString(Tag.STUDY_INSTANCE_UID));
                if (seen.size() % 50 == 0 && seen.size() <= 250) {
                    storeQuietly(object(1000 + seen.size(), 1, 1));
                }
            }

            @Override
            public boolean isCancelled() {
                return false;
            }
        });
        assertEquals(new HashSet<>(seen).size(), seen.size());
        assertTrue(seen.containsAll(
                IntStream.range(0, 250).mapToObj(study -> "1.7." + study).toList()));
    }

    private void storeQuietly(Dataset object) {
        try {
            stored.store(object);
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aSlowReaderHoldsNoConnection() throws Exception {
        IntStream.range(0, 150).forEach(study -> storeQuietly(object(study, 1, 1)));
        String name = stored.test.text("SELECT current_database()");
        stored.queries.find(StudyQuery.of(QueryLevel.STUDY, keys(Tag.STUDY_INSTANCE_UID)), new Matches() {
            @Override
            public void add(Dataset match) throws IOException {
                try {
                    assertEquals(
                            0,
                            stored.test.number(
                                    "SELECT count(*) FROM pg_stat_activity WHERE datname = ?"
                                            + " AND state <> 'idle' AND pid <> pg_backend_pid()",
                                    name));
                } catch (SQLException e) {
                    throw new IOException(e);
                }
            }

            @Override
            public boolean isCancelled() {
                return false;
            }
        });
    }

    @Test
    void aLimitSaysWhetherThereIsMore() throws Exception {
        IntStream.range(0, 10).forEach(study -> storeQuietly(object(study, 1, 1)));
        Dataset keys = keys(Tag.STUDY_INSTANCE_UID);
        StoredObjects.Gathered gathered = new StoredObjects.Gathered();
        QueryOutcome outcome = stored.queries.find(paged(QueryLevel.STUDY, keys, new Page(0, 9, List.of())), gathered);
        assertEquals(new QueryOutcome(9, false, true, List.of()), outcome);
        outcome = stored.queries.find(
                paged(QueryLevel.STUDY, keys, new Page(0, 10, List.of())), new StoredObjects.Gathered());
        assertEquals(new QueryOutcome(10, false, false, List.of()), outcome);
        outcome = stored.queries.find(
                paged(QueryLevel.STUDY, keys, new Page(20, 10, List.of())), new StoredObjects.Gathered());
        assertEquals(new QueryOutcome(0, false, false, List.of()), outcome);
    }

    @Test
    void offsetAndLimitHoldForKeysOfTheHeaderToo() throws Exception {
        for (int instance = 1; instance <= 40; instance++) {
            stored.store(object(1, 1, instance).setString(Tag.KVP, VR.DS, instance % 2 == 0 ? "80" : "120"));
        }
        Dataset keys = keys(Tag.SOP_INSTANCE_UID)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.7.1")
                .setString(Tag.KVP, VR.DS, "80");
        StoredObjects.Gathered gathered = new StoredObjects.Gathered();
        QueryOutcome outcome = stored.queries.find(paged(QueryLevel.IMAGE, keys, new Page(5, 10, List.of())), gathered);
        assertTrue(outcome.more());
        assertEquals(
                IntStream.range(6, 16).mapToObj(i -> "1.7.1.1." + 2 * i).toList(),
                gathered.values(Tag.SOP_INSTANCE_UID));
    }

    // --- limits

    @Test
    void moreMatchesThanTheNodeGivesAreTooBroad() throws Exception {
        IntStream.range(0, 6).forEach(study -> storeQuietly(object(study, 1, 1)));
        QueryService strict = new QueryService(stored.database, new QuerySettings(5, 3, ZoneOffset.UTC));
        StoredObjects.Gathered gathered = new StoredObjects.Gathered();
        StudyQuery all = StudyQuery.of(QueryLevel.STUDY, keys(Tag.STUDY_INSTANCE_UID));
        FailureException failure = assertThrows(FailureException.class, () -> strict.find(all, gathered));
        assertEquals(Failure.QUERY_TOO_BROAD, failure.failure());
        assertTrue(failure.getMessage().contains("query.max-matches"), failure::getMessage);
        assertEquals(5, gathered.all.size());
        stored.test.execute("DELETE FROM series_tally");
        StudyQuery narrow = StudyQuery.of(
                QueryLevel.STUDY, keys(Tag.STUDY_INSTANCE_UID).setString(Tag.PATIENT_ID, VR.LO, "P0", "P1"));
        assertEquals(4, strict.find(narrow, new StoredObjects.Gathered()).matches());
    }

    @Test
    void keysOfTheHeaderAreLookedUpInSoManyObjectsOnly() throws Exception {
        for (int instance = 1; instance <= 5; instance++) {
            stored.store(object(1, 1, instance));
        }
        QueryService strict = new QueryService(stored.database, new QuerySettings(5, 3, ZoneOffset.UTC));
        Dataset keys = keys(Tag.SOP_INSTANCE_UID)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.7.1")
                .setString(Tag.KVP, VR.DS, "80");
        FailureException failure = assertThrows(
                FailureException.class,
                () -> strict.find(StudyQuery.of(QueryLevel.IMAGE, keys), new StoredObjects.Gathered()));
        assertEquals(Failure.QUERY_TOO_BROAD, failure.failure());
        assertTrue(failure.getMessage().contains("query.max-headers"), failure::getMessage);
    }

    @Test
    void aCancelledQueryEndsAtOnce() throws Exception {
        IntStream.range(0, 10).forEach(study -> storeQuietly(object(study, 1, 1)));
        StoredObjects.Gathered gathered = new StoredObjects.Gathered(4);
        QueryOutcome outcome =
                stored.queries.find(StudyQuery.of(QueryLevel.STUDY, keys(Tag.STUDY_INSTANCE_UID)), gathered);
        assertTrue(outcome.cancelled());
        assertEquals(4, gathered.all.size());
    }

    @Test
    void aSearchBeyondTheStatementTimeoutIsTooBroadAndADatabaseThatIsAwayIsNot() throws Exception {
        StudyQuery query = StudyQuery.of(QueryLevel.STUDY, keys(Tag.STUDY_INSTANCE_UID));
        String name = stored.test.text("SELECT current_database()");
        stored.store(object(1, 1, 1));
        stored.test.execute("ALTER DATABASE " + name + " SET statement_timeout = '300ms'");
        try (java.sql.Connection blocker = stored.test.unpooled().getConnection()) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("LOCK TABLE study IN ACCESS EXCLUSIVE MODE");
            QueryService late = new QueryService(new Database(stored.test.unpooled()), QuerySettings.DEFAULT);
            FailureException failure =
                    assertThrows(FailureException.class, () -> late.find(query, new StoredObjects.Gathered()));
            assertEquals(Failure.QUERY_TOO_BROAD, failure.failure());
            blocker.rollback();
        }
        org.postgresql.ds.PGSimpleDataSource nowhere = new org.postgresql.ds.PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://localhost:1/none");
        FailureException failure = assertThrows(
                FailureException.class,
                () -> new QueryService(new Database(nowhere), QuerySettings.DEFAULT)
                        .find(query, new StoredObjects.Gathered()));
        assertEquals(Failure.DATABASE_UNAVAILABLE, failure.failure());
    }

    @Test
    void whatCannotBeOrderedByIsRefusedByName() {
        Page page = new Page(0, 1, List.of(new SortKey(Tag.KVP, false)));
        FailureException failure = assertThrows(
                FailureException.class,
                () -> stored.queries.unsupportedKeys(paged(QueryLevel.STUDY, keys(Tag.STUDY_DATE), page)));
        assertEquals(Failure.BAD_IDENTIFIER, failure.failure());
        assertTrue(failure.getMessage().contains("(0018,0060)"), failure::getMessage);
    }

    @Test
    void tenThousandUidsAreAListAndMoreAreRefused() throws Exception {
        stored.store(object(1, 1, 1));
        List<String> uids = new ArrayList<>(
                IntStream.range(0, 9_999).mapToObj(i -> "1.2.3." + i).toList());
        uids.add("1.7.1");
        Dataset keys = new Dataset().setStrings(Tag.STUDY_INSTANCE_UID, VR.UI, uids);
        assertEquals(List.of("1.7.1"), ids(StudyQuery.of(QueryLevel.STUDY, keys)));
        uids.add("1.7.2");
        keys.setStrings(Tag.STUDY_INSTANCE_UID, VR.UI, uids);
        assertThrows(FailureException.class, () -> ids(StudyQuery.of(QueryLevel.STUDY, keys)));
    }

    @Test
    void attributesInTheirOrderAreAllSortable() throws Exception {
        stored.store(object(1, 1, 1));
        Set<String> found = new TreeSet<>();
        for (IndexedAttribute attribute : IndexedAttribute.upTo(QueryLevel.IMAGE)) {
            if (attribute.isSortable()) {
                Page page = new Page(0, 0, List.of(new SortKey(attribute.tag(), true)));
                found.addAll(ids(paged(QueryLevel.IMAGE, keys(Tag.SOP_INSTANCE_UID), page)));
            }
        }
        assertEquals(Set.of("1.7.1.1.1"), found);
    }
}
