// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;

/** The matching table of the module ejb, read where it is: its objects as data sets, its keys as identifiers and as addresses. */
final class MatchingCases {

    private static final Path TABLE = DozoNode.CHECKOUT.resolve("ejb/src/test/resources/org/dozo/query");
    private static final String PRIVATE_CREATOR = "ACME TEST";
    private static final Map<String, Integer> UNIQUE_KEYS = Map.of(
            "PATIENT", Tag.PATIENT_ID,
            "STUDY", Tag.STUDY_INSTANCE_UID,
            "SERIES", Tag.SERIES_INSTANCE_UID,
            "IMAGE", Tag.SOP_INSTANCE_UID);
    private static final Map<String, String> RESOURCES = Map.of(
            "PATIENT", "/dicomweb/studies",
            "STUDY", "/dicomweb/studies",
            "SERIES", "/dicomweb/series",
            "IMAGE", "/dicomweb/instances");

    private MatchingCases() {}

    /**
     * One case.
     *
     * @param options F fuzzy, D combined date and time, Z timezone adjustment, U the key is not matched on
     * @param keys by path, a slash between sequence and attribute
     * @param expected unique keys of the level, "none" for the empty one
     * @param fails whether the keys are to be refused
     */
    record Case(
            String rule, String level, String options, Map<String, String> keys, Set<String> expected, boolean fails) {

        int uniqueKey() {
            return UNIQUE_KEYS.getOrDefault(level, 0);
        }

        boolean fuzzy() {
            return options.contains("F");
        }

        boolean combinedDateTime() {
            return options.contains("D");
        }

        boolean timezoneAdjustment() {
            return options.contains("Z");
        }

        /** Whether a zone is said that C-FIND passes over: QIDO-RS always takes it. */
        boolean passesOverTheZone() {
            return keys.containsKey("TimezoneOffsetFromUTC") && !timezoneAdjustment();
        }

        boolean unsupportedKey() {
            return options.contains("U");
        }

        /** Whether a date and its own time are both matched: QIDO-RS always takes them as one moment. */
        boolean dateAndTime() {
            return keys.keySet().stream()
                    .anyMatch(key -> key.endsWith("Date") && keys.containsKey(key.replaceFirst("Date$", "Time")));
        }

        /** For C-FIND. */
        Dataset identifier() {
            Dataset identifier = dataset(keys).setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, level);
            if (!identifier.contains(uniqueKey())) {
                identifier.set(Element.ofBytes(uniqueKey(), Dictionary.vr(uniqueKey()), new byte[0]));
            }
            return identifier;
        }

        /** For QIDO-RS, which has no resource of patients: theirs are those of their studies. */
        String address() {
            StringJoiner query = new StringJoiner("&");
            keys.forEach((path, value) -> {
                if (path.equals("private")) {
                    query.add("00090010=" + encoded(PRIVATE_CREATOR)).add("00091001=" + encoded(value));
                } else {
                    query.add(path.replace('/', '.') + "=" + encoded(value));
                }
            });
            return RESOURCES.get(level) + "?" + query + (fuzzy() ? "&fuzzymatching=true" : "");
        }

        @Override
        public String toString() {
            return rule + ": " + level + " " + keys;
        }
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static List<Case> cases() throws IOException {
        return lines("cases.txt").stream().map(MatchingCases::parse).toList();
    }

    private static Case parse(String line) {
        String[] parts = line.split(" ; ", -1);
        String expected = parts[4].strip();
        boolean fails = expected.startsWith("!");
        Set<String> ids = fails || expected.equals("-") ? Set.of() : new TreeSet<>(List.of(expected.split(" ")));
        return new Case(parts[0], parts[1], parts[2], fields(parts[3]), ids, fails);
    }

    /** In UTF-8. */
    static List<Dataset> objects() throws IOException {
        List<Dataset> objects = new ArrayList<>();
        Map<String, String> fields = Map.of();
        for (String line : lines("objects.txt")) {
            Map<String, String> next = new LinkedHashMap<>();
            if (line.startsWith("+")) {
                next.putAll(fields);
            }
            next.putAll(fields(line.replaceFirst("^\\+", "")));
            objects.add(dataset(next));
            fields = next;
        }
        return objects;
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(TABLE.resolve(file)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : text.split("\\|")) {
            int equals = field.indexOf('=');
            fields.put(field.substring(0, equals), field.substring(equals + 1));
        }
        return fields;
    }

    private static Dataset dataset(Map<String, String> fields) {
        Dataset dataset = new Dataset().setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        fields.forEach((path, value) -> {
            int slash = path.indexOf('/');
            if (path.equals("private")) {
                if (!value.isEmpty()) {
                    dataset.setString(dataset.reservePrivateTag(PRIVATE_CREATOR, 0x0009_0001), VR.LO, value);
                }
            } else if (slash < 0) {
                set(dataset, path, value);
            } else {
                int sequence = Dictionary.tag(path.substring(0, slash)).orElseThrow();
                Dataset item = dataset.getItem(sequence);
                set(item == null ? dataset.addItem(sequence) : item, path.substring(slash + 1), value);
            }
        });
        return dataset;
    }

    private static void set(Dataset dataset, String keyword, String value) {
        int tag = Dictionary.tag(keyword).orElseThrow(() -> new IllegalArgumentException(keyword));
        VR vr = Dictionary.vr(tag);
        if (value.isEmpty()) {
            dataset.set(Element.ofBytes(tag, vr, new byte[0]));
        } else {
            dataset.setString(tag, vr, value);
        }
    }
}
