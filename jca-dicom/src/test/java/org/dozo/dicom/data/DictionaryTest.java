// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DictionaryTest {

    @Test
    void anElementHasAllItsFacts() {
        assertEquals(VR.PN, Dictionary.vr(0x00100010));
        assertEquals("PatientName", Dictionary.keyword(0x00100010));
        assertEquals("Patient's Name", Dictionary.name(0x00100010));
        assertEquals("1", Dictionary.vm(0x00100010));
        assertFalse(Dictionary.isRetired(0x00100010));
        assertEquals(OptionalInt.of(0x00100010), Dictionary.tag("PatientName"));
        assertEquals("2-2n", Dictionary.vm(Dictionary.tag("LeafJawPositions").getAsInt()));
        assertTrue(Dictionary.isRetired(0x00080001));
    }

    @Test
    void ofSeveralVrsTheOneThatImplicitVrNeedsIsGiven() {
        assertEquals(VR.US, Dictionary.vr(0x00280106));
        assertEquals(List.of(VR.US, VR.SS), Dictionary.vrs(0x00280106));
        assertEquals(VR.OW, Dictionary.vr(0x7FE00010));
        assertEquals(VR.OW, Dictionary.vr(0x00283006));
    }

    @Test
    void membersOfRepeatingGroupsAndElementsAreKnown() {
        assertEquals("OverlayData", Dictionary.keyword(0x60003000));
        assertEquals("OverlayData", Dictionary.keyword(0x601E3000));
        assertEquals("CurveData", Dictionary.keyword(0x50043000));
        assertEquals("SourceImageIDs", Dictionary.keyword(0x00203142));
        assertEquals("RowsForNthOrderCoefficients", Dictionary.keyword(0x00280420));
        assertEquals("EscapeTriplet", Dictionary.keyword(0x10001230));
        assertEquals(OptionalInt.of(0x60003000), Dictionary.tag("OverlayData"));
    }

    @Test
    void privateElementsAreUnknownButForTheirCreators() {
        assertEquals(VR.LO, Dictionary.vr(0x00290010));
        assertEquals(VR.UN, Dictionary.vr(0x00291010));
        assertEquals(VR.UN, Dictionary.vr(0x60013000), "an odd group among the overlays' is private");
        assertEquals(VR.UL, Dictionary.vr(0x00290000));
        assertNull(Dictionary.keyword(0x00290010));
    }

    @Test
    void theUnknownIsSaidToBeUnknown() {
        assertEquals(VR.UN, Dictionary.vr(0x0008FFFE));
        assertEquals(List.of(), Dictionary.vrs(0x0008FFFE));
        assertNull(Dictionary.keyword(0x0008FFFE));
        assertNull(Dictionary.name(0x0008FFFE));
        assertNull(Dictionary.vm(0x0008FFFE));
        assertFalse(Dictionary.isRetired(0x0008FFFE));
        assertEquals(OptionalInt.empty(), Dictionary.tag("patientname"));
        assertEquals(VR.UL, Dictionary.vr(0x00080000));
        assertEquals(VR.UN, Dictionary.vr(0xFFFEE000));
    }

    @Test
    void everyRowOfTheFileIsFoundByTagAndByKeyword() {
        List<String[]> rows = DataFile.read("data-elements.tsv", 6);
        assertTrue(rows.size() > 5000, "only " + rows.size());
        Set<String> keywords = new HashSet<>();
        for (String[] row : rows) {
            boolean secondMember =
                    row[0].startsWith("002804x") || row[0].equals("1000xxx0") || row[0].equals("1010xxxx");
            int tag = Integer.parseUnsignedInt(
                    row[0].replaceFirst("x(?!x)", secondMember ? "1" : "0").replace('x', '0'), 16);
            assertEquals(row[4].isEmpty() ? null : row[4], Dictionary.name(tag), row[0]);
            assertEquals(row[2], Dictionary.vm(tag), row[0]);
            if (!row[3].isEmpty()) {
                assertTrue(keywords.add(row[3]), row[3] + " twice");
                assertEquals(OptionalInt.of(tag), Dictionary.tag(row[3]));
            }
        }
    }
}
