// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;

/** The matching table: objects to store, and what must be found of them, whichever door is asked. */
public final class MatchingTable {

    static final String PRIVATE_CREATOR = "ACME TEST";

    private MatchingTable() {}

    /**
     * One case.
     *
     * @param expected unique keys of the level, "none" for the empty one; empty if a failure is expected
     * @param failure name of the failure; empty for none
     */
    public record Case(
            String rule, QueryLevel level, String options, String keys, Set<String> expected, String failure) {

        public boolean fuzzy() {
            return options.contains("F");
        }

        public boolean combinedDateTime() {
            return options.contains("D");
        }

        public boolean timezoneAdjustment() {
            return options.contains("Z");
        }

        public boolean unsupportedKey() {
            return options.contains("U");
        }

        /** With the unique key of the level, if only to be returned. */
        public Dataset identifier() {
            Dataset identifier = dataset(fields(keys));
            if (!identifier.contains(level.uniqueKey())) {
                identifier.set(Element.ofBytes(level.uniqueKey(), Dictionary.vr(level.uniqueKey()), new byte[0]));
            }
            return identifier;
        }

        @Override
        public String toString() {
            return rule + ": " + level + " " + keys;
        }
    }

    public static List<Case> cases() {
        return lines("cases.txt").map(MatchingTable::parse).toList();
    }

    private static Case parse(String line) {
        String[] parts = line.split(" ; ", -1);
        String expected = parts[4].strip();
        boolean fails = expected.startsWith("!");
        Set<String> ids = fails || expected.equals("-") ? Set.of() : new TreeSet<>(List.of(expected.split(" ")));
        return new Case(
                parts[0], QueryLevel.valueOf(parts[1]), parts[2], parts[3], ids, fails ? expected.substring(1) : "");
    }

    /** In UTF-8. */
    public static List<Dataset> objects() {
        List<Dataset> objects = new ArrayList<>();
        Map<String, String> fields = Map.of();
        for (String line : lines("objects.txt").toList()) {
            Map<String, String> next = new LinkedHashMap<>();
            if (line.startsWith("+")) {
                next.putAll(fields);
                next.putAll(fields(line.substring(1)));
            } else {
                next.putAll(fields(line));
            }
            objects.add(dataset(next));
            fields = next;
        }
        return objects;
    }

    private static Stream<String> lines(String resource) {
        try (InputStream in = MatchingTable.class.getResourceAsStream(resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
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
