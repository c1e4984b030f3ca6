// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.Test;

/** What would be SQL, a pattern or a regular expression to somebody is a text to us. */
class HostileKeysIT {

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
            "null",
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
            "Infinity",
            "99999999999999999999999999",
            "20200101-20200101-20200101",
            "99999999",
            "00000000",
            "2400",
            "+",
            "(SELECT version())");

    private static List<String> payloads() {
        List<String> payloads = new ArrayList<>();
        for (String text : TEXTS) {
            payloads.addAll(List.of(text, "A" + text, text + "Z", text + text, text + "*"));
        }
        return payloads;
    }

    private static List<Integer> keys() {
        List<Integer> tags = new ArrayList<>(IndexedAttribute.upTo(QueryLevel.IMAGE).stream()
                .map(IndexedAttribute::tag)
                .toList());
        // Looked up in headers.
        tags.addAll(
                List.of(Tag.OPERATORS_NAME, Tag.IMAGE_COMMENTS, Tag.KVP, Tag.CONTENT_TIME, Tag.ACQUISITION_DATE_TIME));
        return tags;
    }

    /** The VR may not have room for it (as NUL in US): then there is no such key to send. */
    private static Dataset key(int tag, String payload) {
        Dataset key = new Dataset().setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        VR vr = Dictionary.vr(tag);
        return key.setString(tag, vr.isBinaryNumber() ? VR.LO : vr, payload);
    }

    @Test
    void threeHundredPayloadsInEveryKeyMatchNothingOrAreRefusedByName() throws Exception {
        try (StoredObjects stored = StoredObjects.ofTheTable()) {
            Set<Failure> failures = new TreeSet<>();
            int asked = 0;
            for (String payload : payloads()) {
                for (int tag : keys()) {
                    for (QueryLevel level : QueryLevel.values()) {
                        Dataset identifier = key(tag, payload);
                        if (tag != Tag.STUDY_INSTANCE_UID) {
                            identifier.setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.9.1", "1.9.5");
                        }
                        failures.addAll(ask(stored, level, identifier));
                        asked++;
                    }
                }
            }
            assertTrue(payloads().size() >= 300);
            assertTrue(asked > 300 * 40, "asked " + asked);
            assertEquals(Set.of(Failure.BAD_IDENTIFIER), failures);
            assertEquals(7, stored.test.number("SELECT count(*) FROM study"));
        }
    }

    private static Set<Failure> ask(StoredObjects stored, QueryLevel level, Dataset identifier) throws IOException {
        try {
            stored.find(StudyQuery.of(level, identifier));
            return Set.of();
        } catch (FailureException e) {
            return Set.of(e.failure());
        }
    }

    @Test
    void whatIsStoredIsFoundLiterally() throws Exception {
        List<Integer> keys = List.of(
                Tag.PATIENT_ID,
                Tag.ACCESSION_NUMBER,
                Tag.STUDY_ID,
                Tag.STUDY_DESCRIPTION,
                Tag.SERIES_DESCRIPTION,
                Tag.BODY_PART_EXAMINED,
                Tag.STATION_NAME,
                Tag.INSTITUTION_NAME);
        try (StoredObjects stored = new StoredObjects()) {
            List<String> texts = TEXTS.stream()
                    .filter(text -> text.indexOf('\\') < 0 && !text.strip().isEmpty())
                    // An escape character is written as a question mark, which is a wildcard.
                    .filter(text -> text.indexOf('\u001B') < 0)
                    .filter(text -> !text.equals("\u0000") && text.strip().equals(text))
                    .toList();
            for (int i = 0; i < texts.size(); i++) {
                stored.store(object(texts.get(i), i, keys));
            }
            for (int i = 0; i < texts.size(); i++) {
                for (int tag : keys) {
                    if (!Dictionary.vr(tag).usesSpecificCharacterSet() && !isAscii(texts.get(i))) {
                        // CS has no such characters: they are written as question marks, which are wildcards.
                        continue;
                    }
                    assertFound(stored, key(tag, texts.get(i)), texts, i);
                }
                assertFound(stored, key(Tag.STUDY_DESCRIPTION, texts.get(i) + "*"), texts, i);
                assertFound(stored, key(Tag.STUDY_DESCRIPTION, "*" + texts.get(i)), texts, i);
            }
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static Dataset object(String text, int number, List<Integer> keys) {
        Dataset object = new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
                .setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, "1.8.1.1." + number)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "1.8." + number)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, "1.8.1." + number);
        keys.forEach(tag -> object.setString(tag, Dictionary.vr(tag), text));
        return object;
    }

    private static void assertFound(StoredObjects stored, Dataset key, List<String> texts, int number)
            throws IOException, SQLException {
        key.setString(Tag.STUDY_INSTANCE_UID, VR.UI);
        List<String> found = StoredObjects.ids(stored.find(StudyQuery.of(QueryLevel.SERIES, key)), QueryLevel.STUDY);
        assertTrue(found.contains("1.8." + number), () -> "not found: payload " + number + " by " + key);
        // A text that has another at its end or beginning is found by that one's wildcard.
        assertTrue(
                found.size() == 1
                        || found.stream()
                                .allMatch(uid -> texts.get(Integer.parseInt(uid.substring(4)))
                                        .contains(texts.get(number))),
                () -> "found too much by payload " + number + ": " + found);
    }
}
