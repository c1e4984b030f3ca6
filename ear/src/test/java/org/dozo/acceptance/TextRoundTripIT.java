// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** G11: text of every character set that came by C-STORE is the same Unicode in C-FIND, in DICOM JSON and in XML, and is found by. */
@ExtendWith(SharedNode.class)
class TextRoundTripIT {

    private static final String ROOT = "2.25.911";
    private static final List<String> KEYWORDS = List.of(
            "PatientName", "StudyDescription", "SeriesDescription", "InstitutionName", "ReferringPhysicianName");

    @Test
    void everyCharacterSetComesOutAsItWentIn(DozoNode node) throws Exception {
        List<TextSample> samples = TextSample.ALL;
        try (Sender sender = Sender.open(node)) {
            for (int i = 0; i < samples.size(); i++) {
                assertEquals(DimseStatus.SUCCESS, sender.store(object(samples.get(i), i)));
            }
        }
        Map<String, String> faults = new TreeMap<>();
        for (int i = 0; i < samples.size(); i++) {
            TextSample sample = samples.get(i);
            check(node, uid(i), expected(sample), sample.terms(), faults);
        }
        assertEquals(Map.of(), faults);
    }

    @Test
    void textIsFoundInItsOwnCharacterSetAndInUnicode(DozoNode node) throws Exception {
        List<TextSample> samples = TextSample.ALL;
        Web web = new Web(node);
        Map<String, String> faults = new TreeMap<>();
        try (Sender sender = Sender.open(node);
                Finder finder = Finder.open(node)) {
            for (int i = 0; i < samples.size(); i++) {
                TextSample sample = samples.get(i);
                assertEquals(DimseStatus.SUCCESS, sender.store(object(sample, i)));
                Dataset keys = new Dataset();
                setTerms(keys, sample.terms());
                keys.setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, "STUDY")
                        .setString(Tag.STUDY_INSTANCE_UID, VR.UI)
                        .setBytes(Tag.PATIENT_NAME, VR.PN, sample.nameBytes())
                        .setBytes(Tag.STUDY_DESCRIPTION, VR.LO, sample.textBytes());
                List<String> found =
                        finder.find(SopClasses.STUDY_ROOT_FIND, keys).values(Tag.STUDY_INSTANCE_UID);
                if (!found.contains(study(i))) {
                    faults.put("C-FIND in " + sample.terms(), "finds " + found);
                }
                HttpResponse<String> response =
                        web.get("/dicomweb/studies?PatientName=" + MatchingCases.encoded(sample.name())
                                + "&StudyDescription=" + MatchingCases.encoded(sample.text()));
                if (!response.body().contains("\"" + study(i) + "\"")) {
                    faults.put("QIDO-RS of what came in " + sample.terms(), response.statusCode() + response.body());
                }
            }
        }
        assertEquals(Map.of(), faults);
    }

    @Test
    void aPeerIsAnsweredInTheCharacterSetOfItsRecordUnlessTextWouldBeLost(DozoNode node) throws Exception {
        String terms = "\\ISO 2022 IR 87";
        Shell.Result misspelt =
                node.dozo("peer", "add", "CHARSETWS", "127.0.0.1", "11119", "--character-set", "\\ISO 2022 IR 78");
        assertTrue(misspelt.exit() != 0 && misspelt.output().contains("\"ISO 2022 IR 78\""), misspelt.output());
        node.dozo("peer", "add", "CHARSETWS", "127.0.0.1", "11119", "--character-set", terms)
                .orFail();
        try (Sender sender = Sender.open(node);
                Finder finder = Finder.openAs("CHARSETWS", node, QueryOption.RELATIONAL)) {
            Map<String, String> answered = new TreeMap<>();
            Map<String, String> expected = new TreeMap<>();
            for (int i = 0; i < TextSample.ALL.size(); i++) {
                TextSample sample = TextSample.ALL.get(i);
                assertEquals(DimseStatus.SUCCESS, sender.store(object(sample, i)));
                Dataset match = finder.find(SopClasses.STUDY_ROOT_FIND, keys(uid(i), "ISO_IR 192"))
                        .matches()
                        .getFirst();
                String set = String.join("\\", match.getStrings(Tag.SPECIFIC_CHARACTER_SET));
                answered.put(sample.terms(), set + " " + values(match));
                boolean fits = isInJisX0208(sample.name()) && isInJisX0208(sample.text());
                expected.put(sample.terms(), (fits ? terms : "ISO_IR 192") + " " + new TreeMap<>(expected(sample)));
            }
            assertEquals(expected, answered);
        } finally {
            node.dozo("peer", "remove", "CHARSETWS").orFail();
        }
    }

    /** As the JDK has it. */
    private static boolean isInJisX0208(String text) {
        CharsetEncoder encoder = Charset.forName("x-JIS0208").newEncoder();
        return text.chars().allMatch(c -> c < 0x80 || encoder.canEncode((char) c));
    }

    @Test
    void theGivenFilesComeOutAsTheirListSays(DozoNode node) throws Exception {
        Path list = DozoNode.CHECKOUT.resolve("../shared/data/EXPECTED_CHARSET.tsv");
        Assumptions.assumeTrue(Files.exists(list), "There is no " + list);
        Map<String, String> faults = new TreeMap<>();
        int checked = 0;
        List<String> lines = Files.readAllLines(list);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            if (cells[1].startsWith("(fault")) {
                continue;
            }
            Path file = list.resolveSibling(cells[0]);
            assertEquals("0000", EveryGivenFileIT.send(node, file).substring(0, 4), cells[0]);
            Map<String, String> expected = new LinkedHashMap<>();
            for (int i = 0; i < KEYWORDS.size(); i++) {
                // Of more values than PS3.6 allows (one) the first is kept.
                expected.put(KEYWORDS.get(i), cells[i + 2].replaceAll(" \\(value 1\\).*", ""));
            }
            check(node, GivenFiles.read(file).sopInstanceUid(), expected, cells[1], faults);
            checked++;
        }
        assertEquals(Map.of(), faults);
        assertTrue(checked >= 14, checked + " files");
    }

    private static Map<String, String> expected(TextSample sample) {
        return Map.of(
                "PatientName", sample.name(),
                "StudyDescription", sample.text(),
                "SeriesDescription", sample.text(),
                "InstitutionName", sample.text(),
                "ReferringPhysicianName", sample.name());
    }

    private static TestObject object(TextSample sample, int number) {
        Dataset object = new Dataset();
        setTerms(object, sample.terms());
        TestObject.header(TestObject.CT, study(number), study(number) + ".1", uid(number))
                .forEach(object::set);
        for (String keyword : KEYWORDS) {
            int tag = Dictionary.tag(keyword).orElseThrow();
            boolean name = Dictionary.vr(tag) == VR.PN;
            object.setBytes(tag, Dictionary.vr(tag), name ? sample.nameBytes() : sample.textBytes());
        }
        return TestObject.of(TestObject.CT, uid(number), TestObject.EXPLICIT, TestObject.bytes(object));
    }

    private static String study(int number) {
        return ROOT + "." + (number + 1);
    }

    private static String uid(int number) {
        return study(number) + ".1.1";
    }

    private static void setTerms(Dataset dataset, String terms) {
        if (!terms.isEmpty()) {
            dataset.setStrings(Tag.SPECIFIC_CHARACTER_SET, VR.CS, List.of(terms.split("\\\\", -1)));
        }
    }

    // --- the doors

    private static void check(
            DozoNode node, String uid, Map<String, String> expected, String terms, Map<String, String> faults)
            throws Exception {
        Map<String, Map<String, String>> answers = new LinkedHashMap<>();
        for (String asked : List.of("", "ISO_IR 192", "ISO_IR 100", terms)) {
            answers.put("C-FIND asked in " + asked, byDimse(node, uid, asked));
        }
        answers.put("JSON", byJson(node, uid));
        answers.put("XML", byXml(node, uid));
        answers.forEach((door, answer) -> {
            if (!answer.equals(new TreeMap<>(expected))) {
                faults.put(terms + " (" + uid + ") by " + door, answer + " instead of " + new TreeMap<>(expected));
            }
        });
    }

    private static Map<String, String> byDimse(DozoNode node, String uid, String terms) throws Exception {
        try (Finder finder = Finder.open(node, QueryOption.RELATIONAL)) {
            Finder.Answer answer = finder.find(SopClasses.STUDY_ROOT_FIND, keys(uid, terms));
            assertEquals(DimseStatus.SUCCESS, answer.status());
            assertEquals(1, answer.matches().size(), uid);
            return values(answer.matches().getFirst());
        }
    }

    private static Dataset keys(String uid, String terms) {
        Dataset keys = new Dataset();
        setTerms(keys, terms);
        keys.setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, "IMAGE").setString(Tag.SOP_INSTANCE_UID, VR.UI, uid);
        for (String keyword : KEYWORDS) {
            int tag = Dictionary.tag(keyword).orElseThrow();
            keys.set(Element.ofBytes(tag, Dictionary.vr(tag), new byte[0]));
        }
        return keys;
    }

    private static Map<String, String> values(Dataset match) {
        Map<String, String> values = new TreeMap<>();
        for (String keyword : KEYWORDS) {
            values.put(
                    keyword,
                    String.join("\\", match.getStrings(Dictionary.tag(keyword).orElseThrow())));
        }
        return values;
    }

    private static HttpResponse<String> ask(DozoNode node, String uid, String type) throws Exception {
        HttpResponse<String> response = new Web(node)
                .get(
                        "/dicomweb/instances?SOPInstanceUID=" + uid + "&includefield=" + String.join(",", KEYWORDS),
                        "Accept",
                        type);
        assertEquals(200, response.statusCode(), response.body());
        return response;
    }

    private static Map<String, String> byJson(DozoNode node, String uid) throws Exception {
        Object match =
                ((List<?>) Web.json(ask(node, uid, "application/dicom+json").body())).getFirst();
        DicomJsonModel.assertValid(match);
        Map<String, String> values = new TreeMap<>();
        for (String keyword : KEYWORDS) {
            List<String> texts = new ArrayList<>();
            for (Object value : DicomJsonModel.items(
                    match, "%08X".formatted(Dictionary.tag(keyword).orElseThrow()))) {
                texts.add(value instanceof Map<?, ?> name ? joined(name) : String.valueOf(value));
            }
            values.put(keyword, String.join("\\", texts));
        }
        return values;
    }

    private static String joined(Map<?, ?> name) {
        List<String> groups = new ArrayList<>();
        for (String group : List.of("Alphabetic", "Ideographic", "Phonetic")) {
            Object value = name.get(group);
            groups.add(value == null ? "" : value.toString());
        }
        return String.join("=", groups).replaceAll("=+$", "");
    }

    private static Map<String, String> byXml(DozoNode node, String uid) throws Exception {
        String body = ask(node, uid, "multipart/related; type=\"application/dicom+xml\"")
                .body();
        byte[] xml = body.substring(body.indexOf("<?xml"), body.lastIndexOf("</NativeDicomModel>") + 19)
                .getBytes(StandardCharsets.UTF_8);
        NodeList attributes = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml))
                .getDocumentElement()
                .getChildNodes();
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < attributes.getLength(); i++) {
            Node keyword = attributes.item(i).getAttributes() == null
                    ? null
                    : attributes.item(i).getAttributes().getNamedItem("keyword");
            if (keyword != null && KEYWORDS.contains(keyword.getNodeValue())) {
                List<String> texts = new ArrayList<>();
                for (Node value : children(attributes.item(i))) {
                    texts.add(value.getNodeName().equals("PersonName") ? joined(value) : value.getTextContent());
                }
                values.put(keyword.getNodeValue(), String.join("\\", texts));
            }
        }
        return values;
    }

    private static String joined(Node name) {
        Map<String, String> groups = new LinkedHashMap<>();
        for (Node group : children(name)) {
            List<String> components = new ArrayList<>();
            for (String component : List.of("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix")) {
                components.add(children(group).stream()
                        .filter(node -> node.getNodeName().equals(component))
                        .map(Node::getTextContent)
                        .findFirst()
                        .orElse(""));
            }
            groups.put(group.getNodeName(), String.join("^", components).replaceAll("\\^+$", ""));
        }
        return joined(groups);
    }

    private static List<Node> children(Node node) {
        List<Node> elements = new ArrayList<>();
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeType() == Node.ELEMENT_NODE) {
                elements.add(child);
            }
        }
        return elements;
    }
}
