// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DatasetTest {

    private final Dataset dataset = new Dataset();

    @Test
    void elementsComeInUnsignedOrderHoweverTheyWereSet() {
        Random random = new Random(7);
        TreeMap<Integer, byte[]> expected = new TreeMap<>(Integer::compareUnsigned);
        for (int i = 0; i < 500; i++) {
            int tag = random.nextInt() & 0xFFFF_0FFF;
            byte[] bytes = {(byte) i, 0};
            expected.put(tag, bytes);
            dataset.setBytes(tag, VR.UN, bytes);
        }
        for (int tag : expected.keySet().stream().filter(tag -> tag % 3 == 0).toList()) {
            expected.remove(tag);
            assertTrue(dataset.contains(tag));
            dataset.remove(tag);
            assertFalse(dataset.contains(tag));
        }
        List<Integer> tags = new ArrayList<>();
        dataset.forEach(element -> tags.add(element.tag()));
        assertEquals(List.copyOf(expected.keySet()), tags);
        expected.forEach((tag, bytes) -> assertArrayEquals(bytes, dataset.getBytes(tag)));
    }

    @Test
    void paddingIsNotPartOfAValue() {
        dataset.setBytes(Tag.PATIENT_ID, VR.LO, ascii(" 4711\\ x  "));
        dataset.setBytes(Tag.SOP_INSTANCE_UID, VR.UI, ascii("1.2.3\0"));
        dataset.setBytes(Tag.PATIENT_COMMENTS, VR.LT, ascii("  indented \\ "));
        assertEquals(List.of("4711", "x"), dataset.getStrings(Tag.PATIENT_ID));
        assertEquals("1.2.3", dataset.getString(Tag.SOP_INSTANCE_UID));
        assertEquals(
                "  indented \\", dataset.getString(Tag.PATIENT_COMMENTS), "LT has one value and keeps leading spaces");
    }

    @Test
    void anEmptyValueIsNoValue() {
        dataset.setString(Tag.PATIENT_ID, VR.LO);
        assertNull(dataset.getString(Tag.PATIENT_ID));
        assertEquals(List.of(), dataset.getStrings(Tag.PATIENT_ID));
        dataset.setBytes(Tag.PATIENT_ID, VR.LO, ascii("  "));
        assertNull(dataset.getString(Tag.PATIENT_ID));
        dataset.setString(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "", "AXIAL");
        assertEquals(List.of("ORIGINAL", "", "AXIAL"), dataset.getStrings(Tag.IMAGE_TYPE));
    }

    @Test
    void everyNumericVrKeepsItsWholeRange() {
        assertArrayEquals(
                new long[] {0, 65535}, dataset.setLongs(1, VR.US, 0, 65535).getLongs(1));
        assertArrayEquals(
                new long[] {-32768, 32767},
                dataset.setLongs(1, VR.SS, -32768, 32767).getLongs(1));
        assertArrayEquals(
                new long[] {0, 0xFFFF_FFFFL},
                dataset.setLongs(1, VR.UL, 0, 0xFFFF_FFFFL).getLongs(1));
        assertArrayEquals(
                new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE},
                dataset.setInts(1, VR.SL, Integer.MIN_VALUE, Integer.MAX_VALUE).getInts(1));
        assertArrayEquals(
                new long[] {Long.MIN_VALUE},
                dataset.setLongs(1, VR.SV, Long.MIN_VALUE).getLongs(1));
        assertEquals("18446744073709551615", dataset.setLongs(1, VR.UV, -1).getString(1));
        assertEquals(-1, dataset.setString(1, VR.UV, "18446744073709551615").getLong(1, 0));
        assertArrayEquals(
                new int[] {Tag.PATIENT_ID},
                dataset.setInts(1, VR.AT, Tag.PATIENT_ID).getInts(1));
        assertArrayEquals(
                new double[] {0.5, -1e30f},
                dataset.setDoubles(1, VR.FL, 0.5, -1e30f).getDoubles(1));
        assertArrayEquals(
                new double[] {Math.PI}, dataset.setDoubles(1, VR.FD, Math.PI).getDoubles(1));
        assertEquals(-7, dataset.setInts(1, VR.IS, -7, 8).getInt(1, 0));
    }

    @Test
    void aNumberOutOfRangeIsRefusedNotCut() {
        assertThrows(IllegalArgumentException.class, () -> dataset.setInts(Tag.ROWS, VR.US, 65536));
        assertThrows(IllegalArgumentException.class, () -> dataset.setInts(Tag.ROWS, VR.US, -1));
        assertThrows(IllegalArgumentException.class, () -> dataset.setString(Tag.ROWS, VR.US, "many"));
        assertThrows(IllegalArgumentException.class, () -> dataset.setDoubles(Tag.ROWS, VR.US, 1.5));
    }

    @Test
    void aDecimalStringHasAtMost16Characters() {
        for (double value : new double[] {Math.PI, -Math.PI * 1e-9, 1.0 / 3, -123456789.125, 1e300, -2.5e-300, 512}) {
            dataset.setDoubles(Tag.SLICE_THICKNESS, VR.DS, value);
            assertTrue(
                    dataset.getString(Tag.SLICE_THICKNESS, "").length() <= 16, dataset.getString(Tag.SLICE_THICKNESS));
            assertEquals(value, dataset.getDouble(Tag.SLICE_THICKNESS, 0), Math.abs(value) * 1e-8);
        }
    }

    @Test
    void whatIsNoNumberIsTheFallback() {
        dataset.setString(Tag.SERIES_NUMBER, VR.IS, "seven");
        assertEquals(-1, dataset.getInt(Tag.SERIES_NUMBER, -1));
        dataset.setString(Tag.SERIES_NUMBER, VR.IS, "99999999999");
        assertEquals(-1, dataset.getInt(Tag.SERIES_NUMBER, -1));
        dataset.setBytes(Tag.ROWS, VR.US, new byte[] {1});
        assertEquals(-1, dataset.getInt(Tag.ROWS, -1));
        dataset.setString(Tag.SLICE_THICKNESS, VR.DS, "1e999999999");
        assertNull(dataset.getDecimal(Tag.SLICE_THICKNESS), "exact, it would fill the memory");
        dataset.setString(Tag.SLICE_THICKNESS, VR.DS, "0.10 ");
        assertEquals(new BigDecimal("0.10"), dataset.getDecimal(Tag.SLICE_THICKNESS));
    }

    @Test
    void aValueSentAsUnknownIsReadByTheDictionary() {
        dataset.setBytes(Tag.PATIENT_ID, VR.UN, ascii("4711"));
        dataset.setBytes(Tag.ROWS, VR.UN, new byte[] {0, 2});
        assertEquals("4711", dataset.getString(Tag.PATIENT_ID));
        assertEquals(512, dataset.getInt(Tag.ROWS, 0));
    }

    @Test
    void itemsTakeTheCharacterSetAroundThemUnlessTheyHaveTheirOwn() {
        dataset.setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        Dataset heir = dataset.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE);
        Dataset own = dataset.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE);
        own.setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 100");
        Dataset grandchild = own.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE);
        heir.setBytes(Tag.STUDY_DESCRIPTION, VR.LO, "é ".getBytes(StandardCharsets.UTF_8));
        own.setBytes(Tag.STUDY_DESCRIPTION, VR.LO, "é ".getBytes(StandardCharsets.ISO_8859_1));
        grandchild.setBytes(Tag.STUDY_DESCRIPTION, VR.LO, "é ".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("é", heir.getString(Tag.STUDY_DESCRIPTION));
        assertEquals("é", own.getString(Tag.STUDY_DESCRIPTION));
        assertEquals("é", grandchild.getString(Tag.STUDY_DESCRIPTION));
        assertEquals("土蔵", heir.setString(Tag.PATIENT_NAME, VR.PN, "土蔵").getString(Tag.PATIENT_NAME));
    }

    @Test
    void aChangedCharacterSetCountsAtOnce() {
        dataset.setBytes(Tag.PATIENT_NAME, VR.PN, "é".getBytes(StandardCharsets.UTF_8));
        dataset.setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 100");
        assertEquals("Ã©", dataset.getString(Tag.PATIENT_NAME));
        dataset.setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
        assertEquals("é", dataset.getString(Tag.PATIENT_NAME));
        dataset.remove(Tag.SPECIFIC_CHARACTER_SET);
        assertNotEquals("é", dataset.getString(Tag.PATIENT_NAME));
    }

    @Test
    void aPrivateCreatorKeepsItsBlockAndAnotherGetsTheNext() {
        int first = dataset.reservePrivateTag("DOZO", 0x0009_0001);
        int second = dataset.reservePrivateTag("OTHER", 0x0009_0001);
        assertEquals(0x0009_1001, first);
        assertEquals(0x0009_1101, second);
        assertEquals(0x0009_1002, dataset.reservePrivateTag("DOZO", 0x0009_0002));
        assertEquals("OTHER", dataset.privateCreator(second));
        assertEquals(0x0009_1105, dataset.privateTag("OTHER", 0x0009_0005));
        assertEquals(-1, dataset.privateTag("NOBODY", 0x0009_0005));
        assertThrows(IllegalArgumentException.class, () -> dataset.reservePrivateTag("DOZO", 0x0008_0001));
    }

    @Test
    void equalValuesMakeEqualDataSets() {
        Dataset other = new Dataset();
        for (Dataset each : List.of(dataset, other)) {
            each.setString(Tag.PATIENT_ID, VR.LO, "4711");
            each.addItem(Tag.CONTENT_SEQUENCE).setString(Tag.VALUE_TYPE, VR.CS, "TEXT");
            each.set(Element.ofFragments(Tag.PIXEL_DATA, VR.OB, List.of(new byte[0], new byte[] {1, 2})));
        }
        assertEquals(dataset, other);
        assertEquals(dataset.hashCode(), other.hashCode());
        other.getItems(Tag.CONTENT_SEQUENCE).getFirst().setString(Tag.VALUE_TYPE, VR.CS, "NUM");
        assertNotEquals(dataset, other);
    }

    @Test
    void noValueOfAPatientIsPrinted() {
        dataset.setString(Tag.PATIENT_NAME, VR.PN, "SECRET");
        assertFalse(dataset.toString().contains("SECRET"), dataset.toString());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
