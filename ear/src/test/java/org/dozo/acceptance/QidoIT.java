// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** QIDO-RS over real sockets, PS3.18 §10.6: statuses, media types, the JSON model and the multipart grammar. */
@TestInstance(Lifecycle.PER_CLASS)
class QidoIT {

    private static final String JSON = "application/dicom+json";
    private static final String ROOT = "2.25.618";

    private DozoNode node;
    private Web web;

    /** Three studies of one patient: two series each, two instances each. */
    @BeforeAll
    void start() throws Exception {
        node = DozoNode.create("qido")
                .set("qido.max-results", "5")
                .set("query.max-headers", "3")
                .up();
        web = new Web(node);
        List<Web.Part> parts = new ArrayList<>();
        for (int study = 1; study <= 3; study++) {
            for (int series = 1; series <= 2; series++) {
                for (int instance = 1; instance <= 2; instance++) {
                    parts.add(Web.Part.dicom(Web.file(object(study, series, instance))));
                }
            }
        }
        HttpResponse<String> response = web.stow("/dicomweb/studies", "application/dicom", parts);
        assertEquals(200, response.statusCode(), response.body());
    }

    @AfterAll
    void end() throws Exception {
        node.close();
    }

    private static TestObject object(int study, int series, int instance) {
        String studyUid = ROOT + "." + study;
        String seriesUid = studyUid + "." + series;
        String uid = seriesUid + "." + instance;
        Dataset object = new Dataset().setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        TestObject.header(TestObject.CT, studyUid, seriesUid, uid).forEach(object::set);
        object.setString(Tag.PATIENT_NAME, VR.PN, "Yamada^Tarou=山田^太郎=やまだ^たろう")
                .setString(Tag.PATIENT_ID, VR.LO, "QIDO1")
                .setString(Tag.STUDY_DATE, VR.DA, "2026010" + study)
                .setString(Tag.STUDY_DESCRIPTION, VR.LO, "胸部 <&> \"CT\"")
                .setString(Tag.SERIES_NUMBER, VR.IS, "" + series)
                .setString(Tag.INSTANCE_NUMBER, VR.IS, "" + instance)
                .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[512]);
        return TestObject.of(TestObject.CT, uid, TestObject.EXPLICIT, TestObject.bytes(object));
    }

    private List<?> find(String path) throws Exception {
        HttpResponse<String> response = web.get("/dicomweb" + path, "Accept", JSON);
        assertEquals(200, response.statusCode(), path + " " + response.body());
        assertEquals(JSON, response.headers().firstValue("Content-Type").orElse(""));
        List<?> matches = (List<?>) Web.json(response.body());
        matches.forEach(DicomJsonModel::assertValid);
        return matches;
    }

    private int status(String path, String... headers) throws Exception {
        return web.get("/dicomweb" + path, headers).statusCode();
    }

    @Test
    void studiesComeWithTheAttributesOfTheStandard() throws Exception {
        List<?> studies = find("/studies?PatientID=QIDO1&orderby=StudyDate");
        assertEquals(3, studies.size());
        Object first = studies.getFirst();
        assertEquals(ROOT + ".1", DicomJsonModel.first(first, "0020000D"));
        assertEquals("20260101", DicomJsonModel.first(first, "00080020"));
        assertEquals("2", DicomJsonModel.first(first, "00201206"));
        assertEquals("4", DicomJsonModel.first(first, "00201208"));
        assertEquals("CT", DicomJsonModel.first(first, "00080061"));
        assertEquals(web.uri("/dicomweb/studies/" + ROOT + ".1").toString(), DicomJsonModel.first(first, "00081190"));
        Map<?, ?> name = (Map<?, ?>) DicomJsonModel.items(first, "00100010").getFirst();
        assertEquals(Map.of("Alphabetic", "Yamada^Tarou", "Ideographic", "山田^太郎", "Phonetic", "やまだ^たろう"), name);
        for (String tag : List.of("00080030", "00080050", "00080090", "00100030", "00100040", "00200010")) {
            assertTrue(((Map<?, ?>) first).containsKey(tag), tag);
        }
        assertFalse(((Map<?, ?>) first).containsKey("00080052"), "Query/Retrieve Level is C-FIND's own");
    }

    @Test
    void everyLevelIsFoundByEveryAddress() throws Exception {
        String study = "/studies/" + ROOT + ".2";
        assertEquals(2, find(study + "/series").size());
        assertEquals(4, find(study + "/instances").size());
        assertEquals(2, find(study + "/series/" + ROOT + ".2.1/instances").size());
        assertEquals(2, find("/series?StudyInstanceUID=" + ROOT + ".2").size());
        assertEquals(1, find("/instances?SOPInstanceUID=" + ROOT + ".2.1.1").size());
        Object instance = find("/instances?00080018=" + ROOT + ".2.1.1").getFirst();
        assertEquals(
                web.uri("/dicomweb" + study + "/series/" + ROOT + ".2.1/instances/" + ROOT + ".2.1.1")
                        .toString(),
                DicomJsonModel.first(instance, "00081190"));
        assertEquals("QIDO1", DicomJsonModel.first(instance, "00100020"));
        assertEquals("16", DicomJsonModel.first(instance, "00280010"));
    }

    @Test
    void keysComeInEveryForm() throws Exception {
        assertEquals(
                2,
                find("/studies?StudyInstanceUID=" + ROOT + ".1," + ROOT + ".3").size());
        assertEquals(
                2,
                find("/studies?StudyInstanceUID=" + ROOT + ".1&StudyInstanceUID=" + ROOT + ".3")
                        .size());
        assertEquals(2, find("/studies?StudyDate=20260102-&PatientID=QIDO1").size());
        assertEquals(
                3,
                find("/studies?PatientName=" + URLEncoder.encode("山田*", StandardCharsets.UTF_8))
                        .size());
        Object study = find("/studies?00100020=QIDO1&includefield=StudyDescription&limit=1")
                .getFirst();
        assertEquals("胸部 <&> \"CT\"", DicomJsonModel.first(study, "00081030"));
    }

    @Test
    void pagesFollowOneAnother() throws Exception {
        assertEquals(
                ROOT + ".3",
                DicomJsonModel.first(
                        find("/studies?PatientID=QIDO1&orderby=-StudyDate&limit=1")
                                .getFirst(),
                        "0020000D"));
        assertEquals(
                ROOT + ".2",
                DicomJsonModel.first(
                        find("/studies?PatientID=QIDO1&orderby=-StudyDate&limit=1&offset=1")
                                .getFirst(),
                        "0020000D"));
        HttpResponse<String> capped = web.get("/dicomweb/instances?PatientID=QIDO1");
        assertEquals(5, ((List<?>) Web.json(capped.body())).size());
        assertTrue(
                capped.headers().firstValue("Warning").orElse("").contains("offset=5"),
                capped.headers().toString());
        HttpResponse<String> last = web.get("/dicomweb/instances?PatientID=QIDO1&offset=10");
        assertEquals(2, ((List<?>) Web.json(last.body())).size());
        assertTrue(last.headers().firstValue("Warning").isEmpty());
    }

    @Test
    void xmlComesInParts() throws Exception {
        HttpResponse<String> response = web.get(
                "/dicomweb/studies?PatientID=QIDO1", "Accept", "multipart/related; type=\"application/dicom+xml\"");
        assertEquals(200, response.statusCode(), response.body());
        String type = response.headers().firstValue("Content-Type").orElse("");
        assertTrue(type.startsWith("multipart/related; type=\"application/dicom+xml\"; boundary="), type);
        String boundary = type.substring(type.indexOf("boundary=") + 9);
        String[] parts = response.body().split("(^|\r\n)--" + boundary + "(\r\n|--\r\n$)");
        assertEquals(4, parts.length, "an empty preamble and three parts");
        for (String part : List.of(parts).subList(1, 4)) {
            assertTrue(part.startsWith("Content-Type: application/dicom+xml\r\n\r\n<?xml"), part);
            assertTrue(part.contains("<FamilyName>山田</FamilyName>"), part);
            assertTrue(part.endsWith("</NativeDicomModel>"), part);
        }
    }

    @Test
    void statusesAreThoseOfTheStandard() throws Exception {
        assertEquals(204, status("/studies?PatientID=nobody"));
        assertEquals(204, status("/studies/1.2.3.4/series"));
        assertEquals(400, status("/studies?Nonsense=1"));
        assertEquals(400, status("/studies?limit=x"));
        assertEquals(400, status("/studies?StudyDate=yesterday"));
        assertEquals(400, status("/studies/1..2/series"));
        assertEquals(406, status("/studies?PatientID=QIDO1", "Accept", "image/png"));
        assertEquals(406, status("/studies?PatientID=nobody", "Accept", "image/png"));
        HttpResponse<String> named = web.get("/dicomweb/studies?Nonsense=1");
        assertTrue(named.body().contains("Nonsense"), named.body());
        HttpResponse<String> fuzzy = web.get("/dicomweb/studies?PatientName=Yamade&fuzzymatching=true");
        assertTrue(fuzzy.statusCode() == 200 || fuzzy.statusCode() == 204, fuzzy.body());
    }

    @Test
    void theAdminApiAnswersJsonToWhoeverDoesNotSayWhatHeWants() throws Exception {
        for (String path : List.of("/api/status", "/api/peers")) {
            HttpResponse<String> response = web.get(path);
            assertEquals(200, response.statusCode(), path);
            assertEquals("application/json", contentType(response), path);
            assertEquals("text/plain", contentType(web.get(path, "Accept", "text/plain")), path);
        }
    }

    private static String contentType(HttpResponse<String> response) {
        return response.headers().firstValue("Content-Type").orElse("").replaceFirst(";\\s*charset=.*", "");
    }

    /** RFC 2046 §5.1.1, read strictly: no preamble, no epilogue, one header line a part. */
    private static List<String> parts(HttpResponse<String> response) {
        Matcher type = Pattern.compile(
                        "multipart/related; type=\"application/dicom\\+xml\"; boundary=([0-9A-Za-z-]{1,70})")
                .matcher(response.headers().firstValue("Content-Type").orElse(""));
        assertTrue(type.matches(), response.headers().toString());
        String delimiter = "\r\n--" + type.group(1);
        String rest = "\r\n" + response.body();
        assertTrue(rest.startsWith(delimiter), "a preamble");
        List<String> parts = new ArrayList<>();
        while (!rest.equals(delimiter + "--\r\n")) {
            assertTrue(rest.startsWith(delimiter + "\r\n"), rest);
            int end = rest.indexOf(delimiter, 1);
            assertTrue(end > 0, "a part without an end");
            String part = rest.substring(delimiter.length() + 2, end);
            String header = "Content-Type: application/dicom+xml\r\n\r\n";
            assertTrue(part.startsWith(header), part);
            parts.add(part.substring(header.length()));
            rest = rest.substring(end);
        }
        return parts;
    }

    @Test
    void xmlSaysWhatJsonSays() throws Exception {
        for (String path : List.of("/studies?PatientID=QIDO1", "/studies/" + ROOT + ".1/instances")) {
            List<String> parts =
                    parts(web.get("/dicomweb" + path, "Accept", "multipart/related; type=\"application/dicom+xml\""));
            List<?> matches = find(path);
            assertEquals(matches.size(), parts.size());
            for (int i = 0; i < parts.size(); i++) {
                Element root = DocumentBuilderFactory.newDefaultNSInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(parts.get(i))))
                        .getDocumentElement();
                assertEquals("NativeDicomModel", root.getLocalName());
                Map<String, String> vrs = new TreeMap<>();
                for (Node node = root.getFirstChild(); node != null; node = node.getNextSibling()) {
                    if (node instanceof Element attribute) {
                        assertEquals("DicomAttribute", attribute.getLocalName());
                        vrs.put(attribute.getAttribute("tag"), attribute.getAttribute("vr"));
                    }
                }
                Map<String, String> expected = new TreeMap<>();
                ((Map<?, ?>) matches.get(i))
                        .forEach((tag, attribute) ->
                                expected.put(String.valueOf(tag), String.valueOf(((Map<?, ?>) attribute).get("vr"))));
                assertEquals(expected, vrs);
            }
        }
    }

    @Test
    void whatIsTooBroadOrNotMatchedIsSaid() throws Exception {
        HttpResponse<String> broad = web.get("/dicomweb/instances?StudyInstanceUID=" + ROOT + ".1&KVP=120");
        assertEquals(413, broad.statusCode(), broad.body());
        assertTrue(broad.body().contains("query.max-headers"), broad.body());
        HttpResponse<String> unmatched = web.get("/dicomweb/studies?PatientID=QIDO1&Modality=CT");
        assertEquals(200, unmatched.statusCode());
        String warning = unmatched.headers().firstValue("Warning").orElse("");
        assertTrue(warning.matches("299 \\S+ \"[^\"]*Modality[^\"]*\""), warning);
    }

    @Test
    void everyRefusalNamesWhatIsWrong() throws Exception {
        for (String name : List.of("Nonsense", "limit", "offset", "fuzzymatching", "orderby", "includefield")) {
            HttpResponse<String> response = web.get("/dicomweb/studies?" + name + "=%22no-such%22");
            assertEquals(400, response.statusCode(), name);
            Map<?, ?> refusal = (Map<?, ?>) Web.json(response.body());
            assertTrue(String.valueOf(refusal.get("message")).contains(name), response.body());
        }
        HttpResponse<String> unacceptable = web.get("/dicomweb/studies", "Accept", "image/png");
        assertEquals(406, unacceptable.statusCode());
        assertTrue(unacceptable.body().contains("application/dicom+json"), unacceptable.body());
    }
}
