// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.settings.QuerySettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Matches come in the zone that the query asked for, PS3.4 §C.2.2.2. The archive is in Tokyo. */
class QueryZoneIT {

    private static StoredObjects stored;

    @BeforeAll
    static void store() throws SQLException, IOException {
        stored = StoredObjects.ofTheTable();
        stored.store(object("1.8.1", "20200310", ""));
        stored.store(object("1.8.2", "20210715", "0030"));
        stored.store(object("1.8.3", "20210115", "0030"));
    }

    private static Dataset object(String study, String date, String time) {
        return new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.7")
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, study + ".1.1")
                .setString(Tag.PATIENT_ID, VR.LO, "ZONE")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, study)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, study + ".1")
                .setString(Tag.MODALITY, VR.CS, "OT")
                .setString(Tag.STUDY_DATE, VR.DA, date)
                .setString(Tag.STUDY_TIME, VR.TM, time);
    }

    @AfterAll
    static void close() {
        stored.close();
    }

    private static Dataset keys(String zone) {
        return new Dataset()
                .setString(Tag.TIMEZONE_OFFSET_FROM_UTC, VR.SH, zone)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI);
    }

    private static StudyQuery query(QueryLevel level, Dataset keys) {
        return new StudyQuery(level, keys, false, false, true, false, Page.ALL);
    }

    @ParameterizedTest
    @CsvSource({
        "1.9.4, +0900, 20191231, 235959",
        "1.9.4, +1400, 20200101, 045959",
        "1.9.4, -0500, 20191231, 095959",
        "1.9.6, -0500, 20210101, 000000",
        "1.9.6, -0600, 20201231, 230000",
        "1.9.6, +0900, 20210101, 140000",
        "1.9.1, -0500, 20200114, 203015.5",
        "1.9.7, +0530, 20200201, 0645",
        "1.8.1, -1200, 20200310, ''",
        "1.9.3, -1200, '', ''",
    })
    void aMatchIsInTheZoneAskedFor(String study, String zone, String date, String time) throws IOException {
        Dataset keys = keys(zone)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, study)
                .setString(Tag.STUDY_DATE, VR.DA)
                .setString(Tag.STUDY_TIME, VR.TM);
        Dataset match = stored.find(query(QueryLevel.STUDY, keys)).getFirst();
        assertEquals(date, match.getString(Tag.STUDY_DATE, ""));
        assertEquals(time, match.getString(Tag.STUDY_TIME, ""));
        assertEquals(zone, match.getString(Tag.TIMEZONE_OFFSET_FROM_UTC));
        assertEquals(5, match.size(), "the keys and the character set, nothing else: " + match);
    }

    /** Its time decides, though nobody asked for it. */
    @Test
    void aDateAloneIsMovedByItsTime() throws IOException {
        Dataset keys =
                keys("+1400").setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.9.4").setString(Tag.STUDY_DATE, VR.DA);
        Dataset match = stored.find(query(QueryLevel.STUDY, keys)).getFirst();
        assertEquals("20200101", match.getString(Tag.STUDY_DATE));
        assertEquals(4, match.size(), match.toString());
    }

    @Test
    void whatTheHeaderHasIsMovedToo() throws IOException {
        Dataset keys = keys("-0500")
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, "1.9.1.1.1")
                .setString(Tag.CONTENT_DATE, VR.DA)
                .setString(Tag.CONTENT_TIME, VR.TM)
                .setString(Tag.ACQUISITION_DATE_TIME, VR.DT)
                .setString(Tag.PATIENT_BIRTH_DATE, VR.DA);
        Dataset match = stored.find(query(QueryLevel.IMAGE, keys)).getFirst();
        assertEquals("20200114", match.getString(Tag.CONTENT_DATE));
        assertEquals("203101", match.getString(Tag.CONTENT_TIME));
        assertEquals("20200115103015+0900", match.getString(Tag.ACQUISITION_DATE_TIME));
        assertEquals("19700115", match.getString(Tag.PATIENT_BIRTH_DATE));
    }

    @Test
    void nothingIsMovedUnlessItWasAgreedOn() throws IOException {
        Dataset keys = keys("-0500")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.9.6")
                .setString(Tag.STUDY_TIME, VR.TM)
                .setString(Tag.STUDY_DATE, VR.DA);
        Dataset match = stored.find(
                        StudyQuery.of(QueryLevel.STUDY, keys.setString(Tag.TIMEZONE_OFFSET_FROM_UTC, VR.SH, "+0900")))
                .getFirst();
        assertEquals("20210101", match.getString(Tag.STUDY_DATE));
        assertEquals("000000", match.getString(Tag.STUDY_TIME));
        assertEquals("-0500", match.getString(Tag.TIMEZONE_OFFSET_FROM_UTC), "the object's own");
    }

    @Test
    void aDayWithoutTimeIsThatDayInEveryZone() throws IOException {
        for (String zone : List.of("-1200", "+0000", "+1400")) {
            Dataset keys = keys(zone).setString(Tag.STUDY_DATE, VR.DA, "20200310");
            assertEquals(
                    List.of("1.8.1"), StoredObjects.ids(stored.find(query(QueryLevel.STUDY, keys)), QueryLevel.STUDY));
        }
    }

    /** In Berlin half past midnight is 22:30 UTC in summer and 23:30 in winter; by a fixed offset neither. */
    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 20210714, 2230, 1.8.2, 2230",
        "Europe/Berlin, 20210114, 2330, 1.8.3, 2330",
        "+01:00, 20210714, 2330, 1.8.2, 2330",
        "UTC+01:00, 20210114, 2330, 1.8.3, 2330",
        "Etc/GMT-1, 20210714, 2330, 1.8.2, 2330",
    })
    void theArchivesZoneHasItsClockChanges(String archive, String date, String time, String study, String shown)
            throws IOException {
        QueryService there = new QueryService(stored.database, new QuerySettings(100, 100, ZoneId.of(archive)));
        Dataset keys = keys("+0000").setString(Tag.STUDY_DATE, VR.DA, date).setString(Tag.STUDY_TIME, VR.TM, time);
        for (boolean combined : new boolean[] {false, true}) {
            StoredObjects.Gathered matches = new StoredObjects.Gathered();
            there.find(new StudyQuery(QueryLevel.STUDY, keys, false, combined, true, false, Page.ALL), matches);
            assertEquals(List.of(study), matches.values(Tag.STUDY_INSTANCE_UID));
            assertEquals(List.of(date), matches.values(Tag.STUDY_DATE));
            assertEquals(List.of(shown), matches.values(Tag.STUDY_TIME));
        }
    }

    /** The index on dates bounds the search with a zone as without. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDayIsFoundByTheIndexOnDates(boolean zone) throws Exception {
        QueryZone asked = zone ? new QueryZone(java.time.ZoneOffset.ofHours(-5), ZoneId.of("Asia/Tokyo")) : null;
        Dataset keys = keys("-0500")
                .setString(Tag.STUDY_DATE, VR.DA, "20200114")
                .setString(Tag.MODALITIES_IN_STUDY, VR.CS, "CT");
        SqlConditions conditions =
                QueryPlan.of(query(QueryLevel.STUDY, keys), asked).conditions();
        StringBuilder plan = new StringBuilder();
        stored.database.transaction(connection -> {
            try (var off = connection.createStatement()) {
                off.execute("SET LOCAL enable_seqscan = off");
            }
            try (var explain =
                    connection.prepareStatement("EXPLAIN SELECT study.id FROM study WHERE " + conditions.sql())) {
                SqlConditions.bind(explain, 1, conditions.parameters());
                try (var rows = explain.executeQuery()) {
                    while (rows.next()) {
                        plan.append(rows.getString(1)).append('\n');
                    }
                }
            }
            return plan;
        });
        assertTrue(plan.toString().contains("study_date_order"), plan::toString);
        assertTrue(plan.toString().contains("Index Cond: ((COALESCE"), plan::toString);
    }
}
