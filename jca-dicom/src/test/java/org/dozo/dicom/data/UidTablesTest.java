// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class UidTablesTest {

    private static final String STORAGE = "1.2.840.10008.5.1.4.1.1.";

    @Test
    void storageClassesOldAndNewAreStorage() {
        for (String last : List.of(
                "2", "4", "7", "1.1", "3", "6", "104.1", "481.3", "481.5", "88.67", "66.4", "66.7", "66.8", "77.1.6",
                "9.1.1", "601.3", "9.100.1", "12.3", "128", "501.1", "601.1", "20", "5", "11.1", "200.1", "2.3")) {
            assertTrue(SopClasses.isStorage(STORAGE + last), last);
        }
        assertTrue(SopClasses.isStorage("1.2.840.10008.5.1.1.29"), "Hardcopy Grayscale");
        assertTrue(SopClasses.isStorage("1.2.840.10008.5.1.4.34.7"), "RT Beams Delivery Instruction");
        assertEquals(214, SopClasses.storage().size());
    }

    @Test
    void otherServicesAreNotStorage() {
        for (String uid : List.of(
                SopClasses.VERIFICATION,
                "1.2.840.10008.1.3.10",
                "1.2.840.10008.1.20.1",
                "1.2.840.10008.5.1.4.1.2.2.1",
                "1.2.840.10008.5.1.4.31",
                "1.2.840.10008.5.1.4.1.1.201.2",
                "1.2.3")) {
            assertFalse(SopClasses.isStorage(uid), uid);
        }
    }

    @Test
    void objectsWithoutAPatientAreToldApart() {
        assertTrue(SopClasses.isNonPatientObject("1.2.840.10008.5.1.4.38.1"));
        assertTrue(SopClasses.isStorage("1.2.840.10008.5.1.4.38.1"));
        assertFalse(SopClasses.isNonPatientObject(STORAGE + "2"));
    }

    @Test
    void aSopClassHasItsNameAndAnUnknownOneItsUid() {
        assertEquals("CT Image Storage", SopClasses.name(STORAGE + "2"));
        assertEquals("Verification SOP Class", SopClasses.name(SopClasses.VERIFICATION));
        assertEquals("Ultrasound Image Storage (Retired)", SopClasses.name(STORAGE + "6"));
        assertEquals("1.2.3", SopClasses.name("1.2.3"));
    }

    @Test
    void tablesCannotBeChanged() {
        assertThrows(
                UnsupportedOperationException.class, () -> SopClasses.storage().clear());
        assertThrows(
                UnsupportedOperationException.class,
                () -> TransferSyntaxes.all().clear());
    }

    @Test
    void theFourNativeTransferSyntaxesAreTheConstants() {
        for (TransferSyntax constant : List.of(
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN)) {
            assertEquals(constant, TransferSyntaxes.of(constant.uid()));
        }
    }

    @Test
    void compressedTransferSyntaxesAreEncapsulatedExplicitLittleEndian() {
        for (String last : List.of(
                "4.50", "4.51", "4.57", "4.66", "4.70", "4.80", "4.81", "4.90", "4.91", "4.93", "4.100", "4.103.1",
                "4.107", "4.110", "4.112", "4.201", "4.203", "5", "1.98", "8.1")) {
            TransferSyntax syntax = Objects.requireNonNull(TransferSyntaxes.of("1.2.840.10008.1.2." + last), last);
            assertTrue(syntax.encapsulated() && syntax.explicitVr(), last);
            assertFalse(syntax.bigEndian() || syntax.deflated(), last);
        }
        TransferSyntax jpip = Objects.requireNonNull(TransferSyntaxes.of("1.2.840.10008.1.2.4.95"));
        assertTrue(jpip.deflated() && !jpip.encapsulated());
        assertEquals(63, TransferSyntaxes.all().size());
    }

    @Test
    void aTransferSyntaxOfNoStandardIsUnknownUntilConfigured() {
        assertNull(TransferSyntaxes.of("1.2.3"));
        assertEquals(new TransferSyntax("1.2.3", "1.2.3", true, false, false, true), TransferSyntax.unknown("1.2.3"));
    }

    @Test
    void allUidsOfTheTablesAreStrictlyValid() {
        SopClasses.storage().forEach(uid -> assertTrue(Uid.isStrictlyValid(uid), uid));
        TransferSyntaxes.all().forEach(syntax -> assertTrue(Uid.isStrictlyValid(syntax.uid()), syntax.uid()));
    }

    @Test
    void aUidIsDigitsAndDots() {
        for (String uid : List.of("1", "1.2.840", "0.0", "2.25." + "9".repeat(59))) {
            assertTrue(Uid.isValid(uid) && Uid.isStrictlyValid(uid), uid);
        }
        for (String uid : List.of("1.02", "00", "1.2.00")) {
            assertTrue(Uid.isValid(uid), uid);
            assertFalse(Uid.isStrictlyValid(uid), uid);
        }
        for (String uid : List.of(
                "", ".", "1.", ".1", "1..2", "1.2 ", "1.2\0", "1.a", "../etc", "1.２", "2.25." + "9".repeat(60))) {
            assertFalse(Uid.isValid(uid), uid);
            assertFalse(Uid.isStrictlyValid(uid), uid);
        }
    }
}
