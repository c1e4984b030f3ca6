// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The grammar of the DICOM JSON Model, PS3.18 F.2, checked without the code that writes it. */
final class DicomJsonModel {

    private static final Set<String> NUMBERS = Set.of("DS", "FL", "FD", "IS", "SL", "SS", "SV", "UL", "US", "UV");
    private static final Set<String> TEXTS =
            Set.of("AE", "AS", "AT", "CS", "DA", "DT", "LO", "LT", "SH", "ST", "TM", "UC", "UI", "UR", "UT");
    private static final Set<String> BYTES = Set.of("OB", "OD", "OF", "OL", "OV", "OW", "UN");
    private static final Set<String> GROUPS = Set.of("Alphabetic", "Ideographic", "Phonetic");

    private DicomJsonModel() {}

    static void assertValid(Object dataset) {
        Map<?, ?> attributes = (Map<?, ?>) dataset;
        String before = "";
        for (Map.Entry<?, ?> entry : attributes.entrySet()) {
            String tag = String.valueOf(entry.getKey());
            assertTrue(tag.matches("[0-9A-F]{8}"), tag);
            assertTrue(tag.compareTo(before) > 0, tag + " is out of order");
            before = tag;
            assertAttribute(tag, (Map<?, ?>) entry.getValue());
        }
    }

    private static void assertAttribute(String tag, Map<?, ?> attribute) {
        String vr = String.valueOf(attribute.get("vr"));
        assertTrue(Set.of("vr", "Value", "InlineBinary", "BulkDataURI").containsAll(attribute.keySet()), tag);
        assertTrue(attribute.size() <= 2, tag + " has more than one of Value, InlineBinary and BulkDataURI");
        if (attribute.containsKey("Value")) {
            List<?> values = (List<?>) attribute.get("Value");
            assertTrue(!values.isEmpty(), tag + " has an empty Value");
            values.forEach(value -> assertValue(tag, vr, value));
        } else {
            assertTrue(attribute.size() == 1 || BYTES.contains(vr), tag + " has bytes in " + vr);
        }
    }

    private static void assertValue(String tag, String vr, Object value) {
        String what = tag + " " + vr;
        if (value == null) {
            return;
        } else if (vr.equals("SQ")) {
            assertValid(value);
        } else if (vr.equals("PN")) {
            assertTrue(GROUPS.containsAll(((Map<?, ?>) value).keySet()), what);
        } else if (NUMBERS.contains(vr)) {
            assertTrue(value instanceof Number, what);
        } else {
            assertTrue(TEXTS.contains(vr), what + " has values, but is none that can");
            assertEquals(String.class, value.getClass(), what);
        }
    }

    /** The first value of an attribute as text; empty if there is none. */
    static String first(Object dataset, String tag) {
        Map<?, ?> attribute = (Map<?, ?>) ((Map<?, ?>) dataset).get(tag);
        if (attribute == null || !attribute.containsKey("Value")) {
            return "";
        }
        return String.valueOf(((List<?>) attribute.get("Value")).getFirst());
    }

    static List<?> items(Object dataset, String tag) {
        Map<?, ?> attribute = (Map<?, ?>) ((Map<?, ?>) dataset).get(tag);
        return attribute == null ? List.of() : (List<?>) attribute.get("Value");
    }
}
