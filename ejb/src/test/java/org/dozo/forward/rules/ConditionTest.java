// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of the object of {@link Given}, and what does not; each condition also in the form that it prints. */
class ConditionTest {

    private static Condition readBack(String text) {
        Condition condition = Condition.parse(text);
        Condition again = Condition.parse(condition.toString());
        assertEquals(condition, again, condition.toString());
        assertEquals(condition.hashCode(), again.hashCode());
        assertEquals(condition.toString(), again.toString());
        return again;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "all",
                "modality = CT",
                "modality=ct",
                "MODALITY = \"CT\"",
                "Modality = 'CT'",
                "(0008,0060) = CT",
                "(0008,0060)=CT and ( 0008 , 1030 ) exists",
                "not modality = MR",
                "modality != MR",
                "not (modality != CT)",
                "not not modality = CT",
                "modality in (MR, CT)",
                "modality not in (MR, US)",
                "modality in (MR , \"ct\")",
                "modality in (CT, MR) and stationName ~ \"^ER\" and not rejected",
                "modality = MR or modality = CT",
                "modality = MR or modality = CT and not stat",
                "(modality = MR or modality = CT) and all",
                "modality = CT AND NOT stat",
                "imageType = PRIMARY",
                "imageType in (LOCALIZER, axial)",
                "imageType ~ \"^AX\"",
                "imageType != LOCALIZER",
                "stationName = \"er ct-1\"",
                "stationName = \" ER CT-1\"",
                "stationName ~ \"CT-\\d$\"",
                "stationName ~ '^ER'",
                "stationName < F",
                "stationName >= ER",
                "stationName between \"E\" and \"F\"",
                "studyDescription = \"Head \\\"stroke\\\" / trauma\"",
                "studyDescription = 'head \"stroke\" / trauma'",
                "studyDescription ~ \"(?i)TRAUMA\"",
                "sopClassUID = 1.2.840.10008.5.1.4.1.1.2",
                "sopclassuid ~ \"^1\\.2\\.840\\.10008\\.\"",
                "transferSyntaxUID = 1.2.840.10008.1.2.1",
                "(0002,0010) exists",
                "patientName = \"yamada^tarou\"",
                "patientName = \"山田^太郎\"",
                "patientName = \"Yamada^Tarou^^\"",
                "patientName ~ \"^山\"",
                "patientName ~ \"^Yamada.*たろう$\"",
                "patientName between A and Z",
                "patientID = \"P 1\"",
                "patientAge < 18 years",
                "patientAge < 18Y",
                "patientAge >= 017Y",
                "patientAge between 10 years and 210 months",
                "kvp = 120",
                "kvp = 120.00",
                "kvp != 121",
                "kvp > 119.99",
                "kvp >= 120",
                "kvp <= 1.2e2",
                "kvp between 100 and 120",
                "instanceNumber = 7",
                "instanceNumber < 8",
                "instanceNumber > -1",
                "seriesNumber in (1000, 1001)",
                "pixelSpacing = 0.75",
                "pixelSpacing < 0.6",
                "pixelSpacing > 0.7",
                "rows = 512",
                "rows in (256, 512, 1024)",
                "rows ~ \"^51\"",
                "sliceLocation exists",
                "sliceLocation != 1",
                "not sliceLocation < 1000000 and not sliceLocation > -1000000",
                "studyDate = 2026-11-12",
                "studyDate = 20261112",
                "studyDate = 2026-11",
                "studyDate = 2026",
                "studyDate < 2026-11-13",
                "studyDate <= 2026-11",
                "studyDate > 2025",
                "studyDate >= 2026-11-12",
                "studyDate between 2026-10 and 2026-11",
                "studyDate in (2026-11-11, 2026-11-12)",
                "studyDate ~ \"^2026\"",
                "studyTime = 08:30:15",
                "studyTime = 0830",
                "studyTime < 09",
                "studyTime between 08 and 17:30",
                "acquisitionDateTime >= 2026-11-12",
                "acquisitionDateTime = 2026-11-12T08:30",
                "acquisitionDateTime between 2026-11-12T08 and 2026-11-12T09:00",
                "acquisitionDateTime < 20261112083016",
                "studyAge < 30 days",
                "studyAge = 10 days",
                "studyAge <= 10d",
                "studyAge >= 1 week",
                "studyAge > 9 days",
                "studyAge != 9 days",
                "studyAge between 1 week and 2 weeks",
                "studyAge < 1 month",
                "studyAge < 1 year",
                "studyAge exists",
                "source.ae = ct_er",
                "source.ae ~ \"_ER$\"",
                "source.address = 10.1.2.3",
                "source.address = 10.1.0.0/16",
                "source.address in (192.168.0.1, 10.1.2.0/30)",
                "source.address != 10.1.2.4",
                "source.address exists",
                "not stat",
                "not rejected",
                "not institutionName exists",
                "institutionName not exists",
                "institutionName != x",
                "requestAttributesSequence exists",
                "not referencedImageSequence exists",
                "requestAttributesSequence.scheduledProcedureStepID = S2",
                "requestAttributesSequence.scheduledProcedureStepID in (s1)",
                "(0040,0275).(0040,0009) = S1",
                "requestAttributesSequence.scheduledProtocolCodeSequence.codeValue = CTHEAD",
                "(0019,\"ACME 1.0\",10) = 41.50",
                "(0019,\"ACME 1.0\",10) > 41",
                "(0019,\"ACME 1.0\",10) between 41 and 42",
                "(0019,\"ACME 1.0\",11) = scout",
                "(0019,\"ACME 1.0\",11) ~ ^sc",
                "(0019,\"ACME 1.0\",11) < t",
                "(0019,1110) = 41.5",
                "not (0019,\"OTHER\",10) exists",
                "not (0019,\"acme\",10) exists",
            })
    void holds(String text) {
        assertTrue(Condition.parse(text).matches(Given.facts()));
        assertTrue(readBack(text).matches(Given.facts()));
        assertEquals(Optional.empty(), Condition.parse(text).whyNot(Given.facts()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not all",
                "stat",
                "rejected",
                "modality = MR",
                "modality != CT",
                "modality = CTX",
                "modality in (MR, US)",
                "modality not in (CT)",
                "modality = CT and stat",
                "(modality = CT or stat) and rejected",
                "modality ~ \"ct\"",
                "imageType = ORIG",
                "imageType != AXIAL",
                "stationName = ER",
                "stationName > F",
                "stationName between \"F\" and \"G\"",
                "sopClassUID = 1.2.840.10008.5.1.4.1.1.2.1",
                "patientName = Yamada",
                "patientAge >= 18 years",
                "patientAge = 16Y",
                "kvp = 12",
                "kvp < 120",
                "kvp > 120",
                "kvp between 121 and 200",
                "instanceNumber >= 10",
                "instanceNumber in (1, 70)",
                "pixelSpacing > 1",
                "rows = 51",
                "sliceLocation = 0",
                "sliceLocation < 1000",
                "sliceLocation in (1, 2)",
                "studyDate = 2026-11-13",
                "studyDate > 2026-11",
                "studyDate < 2026",
                "studyDate between 2026-11-13 and 2027",
                "studyTime = 08:31",
                "studyTime > 08:30",
                "acquisitionDateTime > 2026-11-12",
                "acquisitionDateTime = 2026-11-12T08:31",
                "studyAge < 10 days",
                "studyAge > 10 days",
                "studyAge between 11 days and 1 year",
                "seriesDate = 2026",
                "seriesDate < 2099",
                "seriesDate exists",
                "source.ae = CT",
                "source.address = 10.2.0.0/16",
                "source.address = 10.1.2.2/32",
                "source.address = ::1",
                "source.address = file",
                "institutionName exists",
                "institutionName ~ \"\\w\"",
                "requestAttributesSequence.scheduledProcedureStepID = S3",
                "requestAttributesSequence.accessionNumber exists",
                "referencedImageSequence exists",
                "(0019,\"OTHER\",10) = 41.5",
                "(0019,1010) exists",
            })
    void doesNotHold(String text) {
        assertFalse(Condition.parse(text).matches(Given.facts()));
        assertFalse(readBack(text).matches(Given.facts()));
        assertTrue(Condition.parse(text).whyNot(Given.facts()).isPresent());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            (0008,0060)=ct                      | modality = ct
            SOPClassUID EXISTS                  | sopClassUID exists
            ((modality = CT) AND (all))         | modality = CT and all
            (a4 = 1)                            |
            modality = "CT"                     | modality = CT
            modality = 'not'                    | modality = "not"
            modality in('C T',"MR")             | modality in ("C T", MR)
            stationName ~ ^ER                   | stationName ~ "^ER"
            stationName not ~ x                 |
            kvp not between 1 and 2             | not kvp between 1 and 2
            studyAge<30d                        | studyAge < 30 days
            studyAge < 1 WEEK                   | studyAge < 1 week
            studyDate = 20260131                | studyDate = 2026-01-31
            protocolName = "30 days"            | protocolName = "30 days"
            (0040,0275).(0008,0050) exists      | requestAttributesSequence.accessionNumber exists
            (0019,'A"C',0a) exists              | (0019,"A\\"C",0A) exists
            stat and (stat or rejected)         | stat and (stat or rejected)
            stat or (stat and rejected)         | stat or stat and rejected
            not (stat or rejected)              | not (stat or rejected)
            not (stat and rejected)             | not (stat and rejected)
            stationName = 'a\\b'                | stationName = a\\b
            stationName = 'a b\\"c'             | stationName = "a b\\\\"c"
            """)
    void printsItsRegularForm(String text, String regular) {
        if (regular != null) {
            assertEquals(regular, readBack(text).toString());
        } else {
            org.junit.jupiter.api.Assertions.assertThrows(
                    org.dozo.shared.FailureException.class, () -> Condition.parse(text));
        }
    }

    @Test
    void conditionsThatSayOtherThingsAreNotEqual() {
        assertNotEquals(Condition.parse("modality = CT"), Condition.parse("modality = MR"));
        assertNotEquals(Condition.parse("modality = CT"), Condition.parse("modality != CT"));
        assertNotEquals(Condition.parse("modality ~ CT"), Condition.parse("modality = CT"));
        assertNotEquals(Condition.parse("stat and rejected"), Condition.parse("stat or rejected"));
        assertNotEquals(Condition.parse("(0019,\"A\",10) = 1"), Condition.parse("(0019,\"B\",10) = 1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            modality = CT and stationName = ICU and stat | stationName = ICU: it is "ER CT-1"
            imageType = X           | imageType = X: it is "ORIGINAL", "PRIMARY", "AXIAL"
            seriesDate exists       | seriesDate exists: it is not there
            stat                    | stat: it is not
            not modality = CT       | not modality = CT: but it is so
            stat or modality = MR   | stat: it is not; and modality = MR: it is "CT"
            studyAge < 1 day        | studyAge < 1 day: it is "2026-11-12"
            """)
    void saysTheFirstClauseThatFailsAndWhatIsThere(String text, String reason) {
        assertEquals(Optional.of(reason), Condition.parse(text).whyNot(Given.facts()));
    }

    @Test
    void theFlagsComeFromTheOrderTheNoteOrTheCaller() {
        Dataset urgent = Given.dataset();
        urgent.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE)
                .get(1)
                .setString(Tag.REQUESTED_PROCEDURE_PRIORITY, VR.SH, "STAT");
        assertTrue(Condition.parse("stat").matches(Given.facts(urgent)));
        HeaderFacts told = new HeaderFacts(Given.scanned(Given.dataset()), "", "file", true, true, Given.TODAY);
        assertTrue(Condition.parse("stat and rejected").matches(told));
        assertTrue(Condition.parse("source.address = FILE and not source.ae exists")
                .matches(told));
        Dataset note = Given.dataset().setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.88.59");
        assertFalse(Condition.parse("rejected").matches(Given.facts(note)));
        note.addItem(Tag.CONCEPT_NAME_CODE_SEQUENCE)
                .setString(Tag.CODE_VALUE, VR.SH, "113001")
                .setString(Tag.CODING_SCHEME_DESIGNATOR, VR.SH, "DCM");
        assertTrue(Condition.parse("rejected").matches(Given.facts(note)));
    }

    @Test
    void addressesOfVersion6AreComparedByTheirBits() {
        HeaderFacts facts =
                new HeaderFacts(Given.scanned(Given.dataset()), "", "2001:db8:0:1::7", false, false, Given.TODAY);
        assertTrue(Condition.parse("source.address = 2001:db8::/32").matches(facts));
        assertTrue(Condition.parse("source.address = 2001:0DB8:0:1:0:0:0:7").matches(facts));
        assertFalse(Condition.parse("source.address = 2001:db8:0:2::/64").matches(facts));
        assertFalse(Condition.parse("source.address = 10.0.0.0/8").matches(facts));
    }

    @Test
    void anObjectWithoutStudyDateHasNoAge() {
        Dataset undated = Given.dataset();
        undated.remove(Tag.STUDY_DATE);
        assertFalse(Condition.parse("studyAge < 30 days or studyAge >= 30 days").matches(Given.facts(undated)));
        assertTrue(Condition.parse("studyAge != 1 day and not studyAge exists").matches(Given.facts(undated)));
    }

    @Test
    void theTenExamplesOfTheManualAreConditions() throws IOException {
        List<String> examples = Files.readAllLines(Path.of("../docs/operations/forwarding-rules.md")).stream()
                .dropWhile(line -> !line.equals("## Ten examples"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> !line.isBlank())
                .map(line -> line.strip().split(" {3,}")[0])
                .toList();
        assertEquals(10, examples.size());
        examples.forEach(example -> assertEquals(example, readBack(example).toString()));
    }
}
