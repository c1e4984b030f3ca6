// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** G9: what would be SQL, a pattern or a regular expression to somebody is a text at both doors: it matches literally or not at all. */
@ExtendWith(SharedNode.class)
class HostileQueriesIT {

    private static final String ROOT = "2.25.909";
    private static final int THREADS = 4;

    private static final List<String> TEXTS = List.of(
            "' OR '1'='1",
            "'; DROP TABLE patient; --",
            "\" OR \"\"=\"",
            "') OR ('a'='a",
            "1' UNION SELECT 1,2,3 --",
            "'||pg_sleep(9)||'",
            "$$;SELECT 1;$$",
            "$1",
            ":name",
            "{fn now()}",
            "E'\\x27'",
            "%",
            "_",
            "%%%%",
            "a%b_c",
            "[a-z]",
            "^a$",
            "(a+)+b",
            "(((((((",
            ")",
            "{1,9999}",
            "a|b",
            ".",
            "\\d",
            "\u0000",
            "a\u0000b",
            "\u001Bx",
            "\r\n",
            "\t",
            "/**/",
            "-- x",
            "#",
            "0x31",
            "NULL",
            "true",
            "\"\"\"",
            "''",
            "`",
            "<script>alert(1)</script>",
            "../../etc/passwd",
            "%27%20OR",
            "\uFF07",
            "\u2019 OR 1",
            "\u202Ex",
            "\uFEFF",
            "\uD83D\uDE00",
            "ＣＴ",
            "=",
            "==",
            "^^^^",
            "^",
            "a=b=c=d=e",
            "a^b^c^d^e^f^g",
            "-",
            "--",
            "-1",
            "1e999999999",
            "NaN",
            "99999999999999999999999999",
            "20200101-20200101-20200101",
            "99999999",
            "+",
            "(SELECT version())");

    /** Every key with a column, and some that are looked up in the headers. */
    private static final Map<String, List<String>> KEYS = Map.of(
            "STUDY",
            List.of(
                    "PatientName",
                    "PatientID",
                    "IssuerOfPatientID",
                    "PatientBirthDate",
                    "PatientSex",
                    "StudyInstanceUID",
                    "AccessionNumber",
                    "StudyID",
                    "StudyDate",
                    "StudyTime",
                    "StudyDescription",
                    "ReferringPhysicianName",
                    "ModalitiesInStudy",
                    "SOPClassesInStudy"),
            "SERIES",
            List.of(
                    "SeriesInstanceUID",
                    "Modality",
                    "SeriesNumber",
                    "SeriesDate",
                    "SeriesTime",
                    "SeriesDescription",
                    "BodyPartExamined",
                    "Laterality",
                    "StationName",
                    "InstitutionName",
                    "PerformedProcedureStepStartDate",
                    "PerformedProcedureStepStartTime"),
            "IMAGE",
            List.of(
                    "SOPInstanceUID",
                    "SOPClassUID",
                    "InstanceNumber",
                    "NumberOfFrames",
                    "OperatorsName",
                    "ImageComments",
                    "KVP",
                    "ContentTime",
                    "AcquisitionDateTime"));

    private static final Map<String, String> RESOURCES = Map.of(
            "STUDY", "/dicomweb/studies",
            "SERIES", "/dicomweb/series",
            "IMAGE", "/dicomweb/instances");

    /** Text of any kind is allowed in these: they are never refused. */
    private static final Set<VR> FREE = Set.of(VR.LO, VR.SH, VR.PN, VR.LT);

    private static List<String> payloads() {
        List<String> payloads = new ArrayList<>();
        for (String text : TEXTS) {
            payloads.addAll(List.of(text, "A" + text, text + "Z", text + text, text + "?"));
        }
        return payloads;
    }

    private record Key(String level, String keyword) {

        int tag() {
            return Dictionary.tag(keyword).orElseThrow();
        }

        VR vr() {
            return Dictionary.vr(tag());
        }
    }

    private static List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        KEYS.forEach((level, keywords) -> keywords.forEach(keyword -> keys.add(new Key(level, keyword))));
        return keys;
    }

    @Test
    void threeHundredPayloadsInEveryKeyFindNothingAtEitherDoor(DozoNode node) throws Exception {
        try (Sender sender = Sender.open(node)) {
            assertEquals(DimseStatus.SUCCESS, sender.store(bait()));
        }
        List<String> payloads = payloads();
        assertTrue(payloads.size() >= 300, "" + payloads.size());
        long before = rows(node);
        Map<String, Set<String>> byFault = new TreeMap<>();
        inParallel(keys(), key -> {
                    Map<String, Set<String>> faults = new TreeMap<>();
                    try (Finder finder = Finder.open(node, QueryOption.RELATIONAL)) {
                        Web web = new Web(node);
                        for (String payload : payloads) {
                            String what = key.keyword() + " asked for " + printable(payload);
                            faults.computeIfAbsent(byDimse(finder, key, payload), _ -> new TreeSet<>())
                                    .add(what);
                            faults.computeIfAbsent(byDicomweb(web, key, payload), _ -> new TreeSet<>())
                                    .add(what);
                        }
                    }
                    return faults;
                })
                .forEach(faults -> faults.forEach((fault, cases) ->
                        byFault.computeIfAbsent(fault, _ -> new TreeSet<>()).addAll(cases)));
        byFault.remove("");
        assertEquals(Map.of(), byFault);
        assertEquals(before, rows(node));
    }

    /** The fault; empty if there is none. */
    private static String byDimse(Finder finder, Key key, String payload) throws IOException {
        Dataset identifier = new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
                .setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, key.level());
        if (key.tag() != Tag.STUDY_INSTANCE_UID) {
            identifier.setString(Tag.STUDY_INSTANCE_UID, VR.UI, ROOT);
        }
        // What the VR can't hold, a peer sends as bytes: nobody stops him.
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        identifier.setBytes(
                key.tag(), key.vr(), bytes.length % 2 == 0 ? bytes : (payload + " ").getBytes(StandardCharsets.UTF_8));
        Finder.Answer answer = finder.find(SopClasses.STUDY_ROOT_FIND, identifier);
        int status = answer.status().code();
        if (status != 0 && (status != 0xA900 || FREE.contains(key.vr()))) {
            return "C-FIND status %04X".formatted(status);
        }
        return answer.matches().isEmpty() || isEmptied(payload) ? "" : "C-FIND finds";
    }

    private static String byDicomweb(Web web, Key key, String payload) throws InterruptedException {
        String study = key.tag() == Tag.STUDY_INSTANCE_UID ? "" : "StudyInstanceUID=" + ROOT + "&";
        HttpResponse<String> response;
        try {
            response = web.get(
                    RESOURCES.get(key.level()) + "?" + study + key.keyword() + "=" + MatchingCases.encoded(payload));
        } catch (IOException e) {
            return "QIDO-RS breaks off: " + e.getMessage();
        }
        return switch (response.statusCode()) {
            case 204 -> "";
            case 200 -> isEmptied(payload) ? "" : "QIDO-RS finds";
            case 400 ->
                (FREE.contains(key.vr()) && isHoldable(payload))
                                || !response.body().contains("message")
                        ? "QIDO-RS status 400"
                        : "";
            default -> "QIDO-RS status " + response.statusCode();
        };
    }

    /** What is universal matching once padding and separators are gone. */
    private static boolean isEmptied(String payload) {
        return payload.replaceAll("[\\s\u0000^=]", "").replace("\uFEFF", "").isEmpty() || payload.equals("\"\"");
    }

    /** Whether the character repertoire of PS3.5 §6.1 has every character of it. */
    private static boolean isHoldable(String payload) {
        return payload.chars().allMatch(c -> c >= ' ');
    }

    private static String printable(String text) {
        return text.codePoints()
                .mapToObj(c -> c >= ' ' && c <= '~' ? Character.toString(c) : "<%04X>".formatted(c))
                .reduce("", String::concat);
    }

    private static long rows(DozoNode node) throws Exception {
        return node.count("SELECT (SELECT count(*) FROM patient) + (SELECT count(*) FROM study)"
                + " + (SELECT count(*) FROM series) + (SELECT count(*) FROM instance)");
    }

    /** Its values are what a pattern or an escape would hit. */
    private static TestObject bait() {
        Dataset object = TestObject.header(TestObject.CT, ROOT, ROOT + ".1", ROOT + ".1.1");
        object.setString(Tag.PATIENT_ID, VR.LO, "BAIT")
                .setString(Tag.PATIENT_NAME, VR.PN, "Bait^Bait")
                .setString(Tag.ACCESSION_NUMBER, VR.SH, "BAIT")
                .setString(Tag.STUDY_ID, VR.SH, "BAIT")
                .setString(Tag.STUDY_DATE, VR.DA, "20200102")
                .setString(Tag.STUDY_TIME, VR.TM, "101112")
                .setString(Tag.STUDY_DESCRIPTION, VR.LO, "ab")
                .setString(Tag.SERIES_DESCRIPTION, VR.LO, "a")
                .setString(Tag.STATION_NAME, VR.SH, "xy")
                .setString(Tag.BODY_PART_EXAMINED, VR.CS, "CHEST")
                .setString(Tag.INSTITUTION_NAME, VR.LO, "BAIT")
                .setString(Tag.IMAGE_COMMENTS, VR.LT, "bait")
                .setString(Tag.OPERATORS_NAME, VR.PN, "Bait")
                .setString(Tag.KVP, VR.DS, "120");
        return TestObject.of(TestObject.CT, ROOT + ".1.1", TestObject.EXPLICIT, TestObject.bytes(object));
    }

    private interface Work<T, R> {
        R of(T item) throws Exception;
    }

    private static <T, R> List<R> inParallel(List<T> items, Work<T, R> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Callable<R>> tasks = new ArrayList<>();
            items.forEach(item -> tasks.add(() -> work.of(item)));
            List<R> results = new ArrayList<>();
            for (Future<R> result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        }
    }

    // --- stored, they are found literally

    @Test
    void whatIsStoredIsFoundLiterallyAtBothDoors(DozoNode node) throws Exception {
        List<String> texts = TEXTS.stream()
                .filter(text -> text.indexOf('\\') < 0
                        && isHoldable(text)
                        && text.strip().equals(text))
                // The value of empty value matching.
                .filter(text -> !isEmptied(text) && !text.equals("''"))
                .toList();
        try (Sender sender = Sender.open(node)) {
            for (int i = 0; i < texts.size(); i++) {
                assertEquals(DimseStatus.SUCCESS, sender.store(stored(i, texts.get(i))));
            }
        }
        Web web = new Web(node);
        try (Finder finder = Finder.open(node)) {
            for (int i = 0; i < texts.size(); i++) {
                for (int tag : List.of(Tag.PATIENT_ID, Tag.ACCESSION_NUMBER, Tag.STUDY_DESCRIPTION)) {
                    assertFound(finder, web, tag, texts.get(i), ROOT + ".2." + i);
                }
            }
        }
    }

    private static TestObject stored(int number, String text) {
        String study = ROOT + ".2." + number;
        Dataset object = new Dataset().setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        TestObject.header(TestObject.CT, study, study + ".1", study + ".1.1").forEach(object::set);
        for (int tag : List.of(Tag.PATIENT_ID, Tag.ACCESSION_NUMBER, Tag.STUDY_DESCRIPTION)) {
            object.setString(tag, Dictionary.vr(tag), text);
        }
        return TestObject.of(TestObject.CT, study + ".1.1", TestObject.EXPLICIT, TestObject.bytes(object));
    }

    private static void assertFound(Finder finder, Web web, int tag, String text, String study) throws Exception {
        Dataset identifier = new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
                .setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, "STUDY")
                .setString(tag, Dictionary.vr(tag), text)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI);
        List<String> found = finder.find(SopClasses.STUDY_ROOT_FIND, identifier).values(Tag.STUDY_INSTANCE_UID);
        assertEquals(List.of(study), found, "C-FIND of " + printable(text));
        HttpResponse<String> response =
                web.get("/dicomweb/studies?" + Dictionary.keyword(tag) + "=" + MatchingCases.encoded(text));
        assertEquals(200, response.statusCode(), "QIDO-RS of " + printable(text));
        List<String> uids = ((List<?>) Web.json(response.body()))
                .stream().map(match -> DicomJsonModel.first(match, "0020000D")).toList();
        assertEquals(List.of(study), uids, "QIDO-RS of " + printable(text));
    }
}
