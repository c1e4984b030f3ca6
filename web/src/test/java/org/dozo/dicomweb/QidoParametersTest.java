// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.query.Page;
import org.dozo.query.QueryLevel;
import org.dozo.query.SortKey;
import org.dozo.query.StudyQuery;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QidoParametersTest {

    private static final int MAX = 100;

    /** As {@code name=value&name=value}, decoded. */
    private static Map<String, List<String>> parse(String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.computeIfAbsent(parts[0], _ -> new ArrayList<>()).add(parts.length < 2 ? "" : parts[1]);
        }
        return parameters;
    }

    private static StudyQuery read(QidoTarget target, String query) {
        return new QidoParameters(target, MAX).read(parse(query));
    }

    private static StudyQuery studies(String query) {
        return read(new QidoTarget(QueryLevel.STUDY, "", ""), query);
    }

    private static Dataset keys(String query) {
        return studies(query).identifier();
    }

    @Test
    void anAttributeIsNamedByKeywordByTagOrByPath() {
        assertEquals("DOE^J*", keys("PatientName=DOE^J*").getString(Tag.PATIENT_NAME));
        assertEquals("4711", keys("00100020=4711").getString(Tag.PATIENT_ID));
        assertEquals("x", keys("0010000d=&00080050=x").getString(Tag.ACCESSION_NUMBER));
        Dataset item = keys("RequestAttributesSequence.ScheduledProcedureStepID=S1&00400275.00401001=R1")
                .getItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE);
        assertNotNull(item);
        assertEquals("S1", item.getString(Tag.SCHEDULED_PROCEDURE_STEP_ID));
        assertEquals("R1", item.getString(Tag.REQUESTED_PROCEDURE_ID));
    }

    @Test
    void textIsUnicode() {
        assertEquals("山田^*", keys("PatientName=山田^*").getString(Tag.PATIENT_NAME));
    }

    /** A plus sign in an address is decoded to a space. */
    @Test
    void aZoneHasItsPlusSignHoweverItIsWritten() {
        for (String query : List.of("TimezoneOffsetFromUTC= 0900", "00080201=+0900")) {
            StudyQuery asked = studies(query);
            assertTrue(asked.timezoneAdjustment());
            assertEquals("+0900", asked.identifier().getString(Tag.TIMEZONE_OFFSET_FROM_UTC));
        }
        assertEquals(
                "0900", studies("TimezoneOffsetFromUTC=0900").identifier().getString(Tag.TIMEZONE_OFFSET_FROM_UTC));
    }

    @Test
    void uidsComeAsListsAndOtherValuesKeepTheirCommas() {
        assertEquals(
                List.of("1.2", "1.3", "1.4"),
                keys("StudyInstanceUID=1.2,1.3&StudyInstanceUID=1.4").getStrings(Tag.STUDY_INSTANCE_UID));
        assertEquals(List.of("a,b"), keys("PatientID=a,b").getStrings(Tag.PATIENT_ID));
        assertEquals(List.of("CT", "MR"), keys("ModalitiesInStudy=CT\\MR").getStrings(Tag.MODALITIES_IN_STUDY));
        assertEquals(
                List.of("CT", "MR"),
                keys("ModalitiesInStudy=CT&ModalitiesInStudy=MR").getStrings(Tag.MODALITIES_IN_STUDY));
    }

    @Test
    void anEmptyValueOnlyReturnsTheAttribute() {
        Element empty = keys("StudyDescription=").get(Tag.STUDY_DESCRIPTION);
        assertNotNull(empty);
        assertTrue(empty.isEmpty());
    }

    @Test
    void whatTheStandardReturnsIsAskedForAtEveryLevel() {
        assertTrue(keys("").contains(Tag.NUMBER_OF_STUDY_RELATED_INSTANCES));
        Dataset allSeries = read(new QidoTarget(QueryLevel.SERIES, "", ""), "").identifier();
        assertTrue(allSeries.contains(Tag.PATIENT_NAME) && allSeries.contains(Tag.SERIES_NUMBER));
        StudyQuery inStudy = read(new QidoTarget(QueryLevel.IMAGE, "1.2", ""), "");
        assertFalse(inStudy.identifier().contains(Tag.PATIENT_NAME));
        assertTrue(inStudy.identifier().contains(Tag.SERIES_NUMBER)
                && inStudy.identifier().contains(Tag.ROWS));
        assertEquals("1.2", inStudy.identifier().getString(Tag.STUDY_INSTANCE_UID));
        Dataset inSeries =
                read(new QidoTarget(QueryLevel.IMAGE, "1.2", "1.3"), "").identifier();
        assertFalse(inSeries.contains(Tag.SERIES_NUMBER));
        assertEquals("1.3", inSeries.getString(Tag.SERIES_INSTANCE_UID));
    }

    @Test
    void furtherFieldsAreIncludedByEveryForm() {
        Dataset keys = keys("includefield=StudyDescription,00081030&includefield=00102160"
                + "&includefield=ProcedureCodeSequence.CodeValue&PatientID=1&includefield=PatientID");
        assertTrue(keys.contains(Tag.STUDY_DESCRIPTION) && keys.contains(0x0010_2160));
        Dataset code = keys.getItem(0x0008_1032);
        assertNotNull(code);
        assertTrue(code.contains(0x0008_0100));
        assertEquals("1", keys.getString(Tag.PATIENT_ID), "a key that is matched stays one");
        assertFalse(studies("includefield=PatientID").everyAttribute());
        assertTrue(studies("includefield=PatientID,all").everyAttribute());
    }

    @Test
    void pagesAndOrderAreUnderstood() {
        assertEquals(
                new Page(20, 10, List.of(new SortKey(Tag.STUDY_DATE, true), new SortKey(Tag.PATIENT_NAME, false))),
                studies("limit=10&offset=20&orderby=-StudyDate,PatientName").page());
        assertEquals(
                List.of(new SortKey(Tag.STUDY_DATE, false), new SortKey(Tag.STUDY_TIME, true)),
                studies("orderby= 00080020&orderby=-StudyTime").page().order());
        assertTrue(studies("fuzzymatching=true").fuzzy());
        assertFalse(studies("fuzzymatching=false").fuzzy());
    }

    @Test
    void noAnswerGivesMoreThanTheNodeDoes() {
        QidoParameters asked = new QidoParameters(new QidoTarget(QueryLevel.STUDY, "", ""), MAX);
        assertEquals(MAX, asked.read(parse("limit=1000")).page().limit());
        assertTrue(asked.isCapped());
        QidoParameters unasked = new QidoParameters(new QidoTarget(QueryLevel.STUDY, "", ""), MAX);
        assertEquals(MAX, unasked.read(parse("")).page().limit());
        assertTrue(unasked.isCapped());
        QidoParameters few = new QidoParameters(new QidoTarget(QueryLevel.STUDY, "", ""), MAX);
        assertEquals(MAX, few.read(parse("limit=100")).page().limit());
        assertFalse(few.isCapped());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PatientNam=x",
                "patientname=x",
                "0010001=x",
                "0010001G=x",
                "00020010=1.2",
                "FFFEE000=x",
                "00100000=1",
                "limit=0",
                "limit=-1",
                "limit=ten",
                "limit=1&limit=2",
                "offset=-1",
                "offset=99999999999999999999",
                "fuzzymatching=yes",
                "includefield=Nonsense",
                "includefield=PatientName.PatientID",
                "orderby=Nonsense",
                "orderby=RequestAttributesSequence.AccessionNumber",
                "RequestAttributesSequence=x",
                "PixelData=x",
                "Rows=many",
                "PatientID=1&00100020=2",
                "PatientName.PatientID=x",
                "RequestAttributesSequence..AccessionNumber=x"
            })
    void whatIsNotUnderstoodIsRefusedByName(String query) {
        FailureException refusal = assertThrows(FailureException.class, () -> studies(query));
        assertEquals(Failure.MALFORMED_REQUEST, refusal.failure());
        String name = query.split("=")[0];
        assertTrue(String.valueOf(refusal.getMessage()).contains("parameter"), refusal.getMessage());
        assertTrue(query.contains("&") || String.valueOf(refusal.getMessage()).contains(name), refusal.getMessage());
    }

    @Test
    void theAddressIsCheckedToo() {
        assertThrows(FailureException.class, () -> new QidoTarget(QueryLevel.SERIES, "1..2", ""));
        assertThrows(FailureException.class, () -> new QidoTarget(QueryLevel.IMAGE, "1.2", "x'; DROP TABLE study"));
        QidoTarget target = new QidoTarget(QueryLevel.SERIES, "1.2", "");
        assertThrows(FailureException.class, () -> read(target, "StudyInstanceUID=1.3"));
    }

    @Test
    void aBackslashSeparatesOnlyWhatMayHaveSeveralValues() {
        assertArrayEquals(new int[] {256, 512}, keys("Rows=256\\512").getInts(Tag.ROWS));
        assertEquals(List.of("left a\\b"), keys("ImageComments=left a\\b").getStrings(Tag.IMAGE_COMMENTS));
    }

    @Test
    void aDateAndItsTimeAreOneMoment() {
        assertTrue(studies("StudyDate=20200115-20200116&StudyTime=1100-0900").combinedDateTime());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Modality=ＣＴ", "StudyDescription=\u001B", "AccessionNumber=a\u001Bb?"})
    void noCharacterBecomesAWildcard(String query) {
        assertThrows(FailureException.class, () -> studies(query));
    }
}
