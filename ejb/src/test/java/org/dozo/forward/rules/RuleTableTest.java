// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.stream.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.io.DicomJsonReader;
import org.dozo.dicom.io.ObjectScanner;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.dicom.io.Part10;
import org.dozo.dicom.io.ScannedObject;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Fifty rules match exactly what {@code tools/rule-oracle.py} says, which has them written by hand over pydicom: over the files of the
 * shared data, where there are any, and over objects that it has made up.
 */
class RuleTableTest {

    private static final Path SHARED = Path.of(System.getProperty("dozo.shared-data", "../../shared/data"));

    private static List<String> table(String name) throws IOException {
        try (InputStream in = RuleTableTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static List<Condition> rules() throws IOException {
        List<Condition> rules =
                table("rules.tsv").stream().map(Condition::parse).toList();
        assertEquals(50, rules.size());
        return rules;
    }

    private static void compare(
            List<Condition> rules, String name, String expected, ScannedObject object, List<String> differences) {
        HeaderFacts facts = new HeaderFacts(object, "", "file", false, false, Given.TODAY);
        for (int i = 0; i < rules.size(); i++) {
            Condition rule = rules.get(i);
            boolean matches = expected.charAt(i) == '1';
            if (rule.matches(facts) != matches || rule.whyNot(facts).isEmpty() != matches) {
                differences.add(name + " should " + (matches ? "" : "not ") + "match " + rule + "; "
                        + rule.whyNot(facts).orElse(""));
            }
        }
    }

    @Test
    void theSharedDataMatchesAsTheIndependentTableSays() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(SHARED), "There is no ../shared/data");
        List<Condition> rules = rules();
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (String line : table("shared.tsv")) {
            String[] columns = line.split("\t");
            try (Part10 part10 = Part10.open(SHARED.resolve(columns[0]))) {
                ScannedObject object = ObjectScanner.scan(part10.dataSet(), part10.syntax(), ParseLimits.DEFAULT);
                compare(rules, columns[0], columns[1], object, differences);
                compared++;
            } catch (IOException e) {
                differences.add(columns[0] + " can't be read: " + e.getMessage());
            }
        }
        assertEquals(List.of(), differences, () -> String.join("\n", differences));
        assertTrue(compared > 700, "only " + compared + " files were compared");
    }

    @Test
    void madeUpObjectsMatchAsTheIndependentTableSays() throws IOException {
        List<Condition> rules = rules();
        List<String> differences = new ArrayList<>();
        for (String line : table("made.tsv")) {
            String[] columns = line.split("\t");
            try (JsonParser parser = Json.createParser(new StringReader(columns[0]))) {
                Dataset dataset = new DicomJsonReader(parser, ParseLimits.DEFAULT, (path, vr, uri) -> null).read();
                compare(rules, columns[0], columns[1], Given.scanned(dataset), differences);
            }
        }
        assertEquals(List.of(), differences, () -> String.join("\n", differences));
    }
}
