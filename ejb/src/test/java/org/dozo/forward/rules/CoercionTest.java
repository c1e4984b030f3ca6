// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.io.Replacement;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoercionTest {

    @Test
    void pathsAreKeptInTheirRegularFormAndInOneOrder() {
        Coercion coercion = Coercion.parse(Map.of(
                "(0010,0010)", "Doe^Jane",
                "ImageType", "DERIVED\\SECONDARY",
                "requestAttributesSequence . accessionNumber", ""));
        assertEquals("imageType, patientName, requestAttributesSequence.accessionNumber", coercion.names());
        assertEquals(
                List.of(
                        new Replacement(List.of(Tag.IMAGE_TYPE), List.of("DERIVED", "SECONDARY")),
                        new Replacement(List.of(Tag.PATIENT_NAME), List.of("Doe^Jane")),
                        new Replacement(List.of(Tag.REQUEST_ATTRIBUTES_SEQUENCE, Tag.ACCESSION_NUMBER), List.of())),
                coercion.replacements());
        assertEquals(coercion, Coercion.parse(coercion.values()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            patientNam                       | X          | "patientNam", at character 1, has "patientNam", which is no keyword of DICOM; did you mean patientName?
            requestAttributesSequence.modalty | X         | at character 27, has "modalty"
            patientName.patientID            | X          | at character 1, goes into patientName, which is no sequence
            patientName = X                  | X          | at character 13, has "="
            studyInstanceUID                 | 1.2        | at character 1, names studyInstanceUID, which is a UID
            referencedStudySequence.referencedSOPInstanceUID | 1.2 | at character 25, names referencedSOPInstanceUID, which is a UID
            specificCharacterSet             | ISO_IR 192 | says how the object is to be read
            rows                             | 12         | names rows, which is of VR US; only text
            pixelData                        | 12         | pixelData
            requestAttributesSequence        | X          | which is a sequence; name an attribute of it
            (0019,"ACME",10)                 | X          | which is private
            (0019,1010)                      | X          | which is private
            (0002,0016)                      | X          | which is no part of a data set
            modality                         | ct         | gives modality a value that is no CS: it needs at most 16 capitals
            imageType                        | A\\b        | gives imageType as value 2 one that is no CS
            patientBirthDate                 | 1970-01-01 | is no DA: it needs year, month and day
            patientBirthDate                 | 19701301   | is no DA
            patientID                        | 12345678901234567890123456789012345678901234567890123456789012345 | is no LO: it needs at most 64
            patientName                      | a=b=c=d    | is no PN
            instanceNumber                   | one        | is no IS
            sliceThickness                   | 1,5        | is no DS
            patientAge                       | 18         | is no AS
            studyTime                        | 8:30       | is no TM
            """)
    void whatCanNotBeCoercedIsNamed(String path, String value, String part) {
        FailureException refused =
                assertThrows(FailureException.class, () -> Coercion.parse(Map.of(path, value)), path);
        assertEquals(Failure.INVALID_RECORD, refused.failure());
        assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
    }

    @Test
    void oneAttributeIsNamedOnceAndTheyAreNotMoreThanAHundred() {
        FailureException twice = assertThrows(
                FailureException.class, () -> Coercion.parse(Map.of("patientName", "A", "(0010,0010)", "B")));
        assertTrue(String.valueOf(twice.getMessage()).contains("patientName twice"), twice.getMessage());
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 101; i++) {
            many.put("(0010,%04X)".formatted(i), "");
        }
        FailureException tooMany = assertThrows(FailureException.class, () -> Coercion.parse(many));
        assertTrue(String.valueOf(tooMany.getMessage()).contains("100 at most"), tooMany.getMessage());
    }
}
