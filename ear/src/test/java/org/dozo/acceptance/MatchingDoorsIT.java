// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dozo.acceptance.MatchingCases.Case;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.Tag;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of the matching table by C-FIND and by QIDO-RS on a node that has nothing else: both doors give what the table says. */
@TestInstance(Lifecycle.PER_CLASS)
class MatchingDoorsIT {

    private static final String JSON = "application/dicom+json";

    private DozoNode node;
    private Web web;

    /** Of each two objects one comes by C-STORE, one by STOW-RS. */
    @BeforeAll
    void store() throws Exception {
        node = DozoNode.create("doors").set("query.timezone", "Asia/Tokyo").up();
        web = new Web(node);
        List<TestObject> objects = new ArrayList<>();
        for (Dataset object : MatchingCases.objects()) {
            objects.add(TestObject.of(
                    object.getString(Tag.SOP_CLASS_UID, ""),
                    object.getString(Tag.SOP_INSTANCE_UID, ""),
                    TestObject.EXPLICIT,
                    TestObject.bytes(object)));
        }
        List<ProposedContext> contexts = objects.stream()
                .map(object -> new ProposedContext(object.sopClassUid(), List.of(TestObject.EXPLICIT)))
                .distinct()
                .toList();
        try (Sender sender = Sender.open(node, "ACCEPTANCE", contexts)) {
            for (int i = 0; i < objects.size(); i++) {
                if (i % 2 == 0) {
                    assertEquals(DimseStatus.SUCCESS, sender.store(objects.get(i)));
                } else {
                    List<Web.Part> parts = List.of(Web.Part.dicom(Web.file(objects.get(i))));
                    HttpResponse<String> response = web.stow("/dicomweb/studies", "application/dicom", parts);
                    assertEquals(200, response.statusCode(), response.body());
                }
            }
        }
    }

    @AfterAll
    void end() throws Exception {
        node.close();
    }

    static List<Case> cases() throws IOException {
        return MatchingCases.cases();
    }

    @Test
    void theTableIsAsLargeAsPromised() throws Exception {
        assertTrue(cases().size() >= 120);
        assertTrue(cases().stream().filter(MatchingDoorsIT::isAlikeAtBothDoors).count() >= 120);
    }

    /** Only C-FIND can be asked to take a date and its time apart, and not to take a zone as said. */
    private static boolean isAlikeAtBothDoors(Case rule) {
        return (rule.combinedDateTime() || !rule.dateAndTime()) && !rule.passesOverTheZone();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findByDimseGivesWhatTheTableSays(Case rule) throws Exception {
        List<QueryOption> options = new ArrayList<>(List.of(QueryOption.RELATIONAL));
        if (rule.fuzzy()) {
            options.add(QueryOption.FUZZY_PERSON_NAMES);
        }
        if (rule.combinedDateTime()) {
            options.add(QueryOption.COMBINED_DATE_TIME);
        }
        if (rule.timezoneAdjustment()) {
            options.add(QueryOption.TIMEZONE_ADJUSTMENT);
        }
        try (Finder finder = Finder.open(node, options.toArray(QueryOption[]::new))) {
            for (String model : models(rule)) {
                Finder.Answer answer = finder.find(model, rule.identifier());
                if (rule.fails()) {
                    assertEquals(0xA900, answer.status().code(), answer.status().toString());
                    assertTrue(answer.matches().isEmpty());
                } else {
                    assertEquals(DimseStatus.SUCCESS, answer.status());
                    assertOnce(rule.expected(), answer.values(rule.uniqueKey()));
                    answer.matches().forEach(match -> assertHasTheKeys(rule, match));
                }
            }
        }
    }

    private static List<String> models(Case rule) {
        return switch (rule.level()) {
            case "PATIENT" -> List.of(SopClasses.PATIENT_ROOT_FIND, SopClasses.PATIENT_STUDY_ONLY_FIND);
            default -> List.of(SopClasses.PATIENT_ROOT_FIND, SopClasses.STUDY_ROOT_FIND);
        };
    }

    /** PS3.4 §C.4.1.1.3.2: a response has every key of the request, with or without a value. */
    private static void assertHasTheKeys(Case rule, Dataset match) {
        rule.identifier().forEach(key -> {
            if (key.tag() != Tag.SPECIFIC_CHARACTER_SET) {
                assertTrue(match.contains(key.tag()), () -> Tag.toString(key.tag()) + " is not in " + match);
            }
        });
        assertEquals(rule.level(), match.getString(Tag.QUERY_RETRIEVE_LEVEL, ""));
        assertEquals("DOZO", match.getString(Tag.RETRIEVE_AE_TITLE, ""));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findByDicomwebGivesWhatTheTableSays(Case rule) throws Exception {
        if (!isAlikeAtBothDoors(rule)) {
            return;
        }
        HttpResponse<String> response = web.get(rule.address(), "Accept", JSON);
        if (rule.fails()) {
            assertEquals(400, response.statusCode(), response.body());
            return;
        }
        assertEquals(rule.expected().isEmpty() ? 204 : 200, response.statusCode(), response.body());
        assertEquals(
                rule.unsupportedKey(),
                response.headers().firstValue("Warning").isPresent(),
                response.headers().toString());
        List<String> found = ids(response, "%08X".formatted(rule.uniqueKey()));
        if (rule.level().equals("PATIENT")) {
            // One with several studies comes with each of them.
            assertEquals(rule.expected(), new TreeSet<>(found));
        } else {
            assertOnce(rule.expected(), found);
        }
    }

    private static List<String> ids(HttpResponse<String> response, String tag) {
        List<String> ids = new ArrayList<>();
        if (response.statusCode() == 200) {
            for (Object match : (List<?>) Web.json(response.body())) {
                DicomJsonModel.assertValid(match);
                String id = DicomJsonModel.first(match, tag);
                ids.add(id.isEmpty() ? "none" : id);
            }
        }
        return ids;
    }

    private static void assertOnce(Set<String> expected, List<String> found) {
        assertEquals(expected, new TreeSet<>(found));
        assertEquals(expected.size(), found.size(), "given twice: " + found);
    }
}
