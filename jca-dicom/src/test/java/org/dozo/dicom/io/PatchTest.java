// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;

class PatchTest {

    private static final TransferSyntax EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    private static Dataset latin() {
        Dataset dataset = new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 100")
                .setString(Tag.PATIENT_NAME, VR.PN, "Müller^Jörg")
                .setString(Tag.PATIENT_ID, VR.LO, "4711")
                .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[] {1, 2, 3, 4});
        dataset.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE).setString(Tag.STUDY_DESCRIPTION, VR.LO, "Schädel");
        return dataset;
    }

    private static Dataset unicode() {
        return new Dataset().setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
    }

    private static Dataset patched(Dataset object, Dataset patch) throws IOException {
        byte[] bytes = DatasetWriter.toBytes(object, EXPLICIT);
        ScannedObject corrected = Patch.apply(Fixtures.scan(bytes, EXPLICIT), patch);
        return DatasetReader.read(
                DataSetRewrite.of(corrected, EXPLICIT)
                        .open(Fixtures.stream(bytes), ParseLimits.DEFAULT)
                        .readAllBytes(),
                EXPLICIT);
    }

    @Test
    void textIsWrittenInTheObjectsOwnCharacterSetIfThatHasIt() throws IOException {
        Dataset read = patched(latin(), unicode().setString(Tag.PATIENT_NAME, VR.PN, "Möller^Jörg"));
        assertEquals("ISO_IR 100", read.getString(Tag.SPECIFIC_CHARACTER_SET));
        assertEquals("Möller^Jörg", read.getString(Tag.PATIENT_NAME));
        assertEquals("4711", read.getString(Tag.PATIENT_ID));
        assertArrayEquals(new byte[] {1, 2, 3, 4}, read.getBytes(Tag.PIXEL_DATA));
    }

    @Test
    void otherwiseAllTextOfTheObjectBecomesUnicodeInItsItemsToo() throws IOException {
        Dataset read = patched(latin(), unicode().setString(Tag.PATIENT_NAME, VR.PN, "Yamada^Tarou=山田^太郎"));
        assertEquals("ISO_IR 192", read.getString(Tag.SPECIFIC_CHARACTER_SET));
        assertEquals("Yamada^Tarou=山田^太郎", read.getString(Tag.PATIENT_NAME));
        assertEquals(
                "Schädel",
                read.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE).getFirst().getString(Tag.STUDY_DESCRIPTION));
    }

    @Test
    void anAttributeIsAddedReplacedOrEmptied() throws IOException {
        Dataset patch = new Dataset()
                .setString(Tag.ACCESSION_NUMBER, VR.SH, "A1")
                .setString(Tag.PATIENT_ID, VR.LO)
                .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[2]);
        patch.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE).setString(Tag.STUDY_DESCRIPTION, VR.LO, "Head");
        Dataset read = patched(latin(), patch);
        assertEquals("A1", read.getString(Tag.ACCESSION_NUMBER));
        assertEquals(0, read.getBytes(Tag.PATIENT_ID).length);
        assertEquals(2, read.getBytes(Tag.PIXEL_DATA).length);
        assertEquals(1, read.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE).size());
        assertEquals(
                "Head",
                read.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE).getFirst().getString(Tag.STUDY_DESCRIPTION));
    }

    private static Dataset replaced(Dataset object, Replacement... replacements) throws IOException {
        byte[] bytes = DatasetWriter.toBytes(object, EXPLICIT);
        ScannedObject changed = Patch.apply(Fixtures.scan(bytes, EXPLICIT), new Dataset(), List.of(replacements));
        return DatasetReader.read(
                DataSetRewrite.of(changed, EXPLICIT)
                        .open(Fixtures.stream(bytes), ParseLimits.DEFAULT)
                        .readAllBytes(),
                EXPLICIT);
    }

    private static Replacement description(String... values) {
        return new Replacement(List.of(Tag.REQUEST_ATTRIBUTES_SEQUENCE, Tag.STUDY_DESCRIPTION), List.of(values));
    }

    @Test
    void textIsReplacedInEveryItemAndAllElseStaysBitByBit() throws IOException {
        Dataset object = latin();
        Dataset first = object.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE).getFirst();
        first.setBytes(0x0040_A160, VR.UT, "long".repeat(5000).getBytes(StandardCharsets.US_ASCII));
        object.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE).setString(Tag.ACCESSION_NUMBER, VR.SH, "A1");
        Dataset read = replaced(
                object,
                description("Schädel"),
                new Replacement(List.of(Tag.PATIENT_NAME), List.of()),
                new Replacement(List.of(Tag.IMAGE_TYPE), List.of("DERIVED", "SECONDARY")));
        object.setString(Tag.PATIENT_NAME, VR.PN).setString(Tag.IMAGE_TYPE, VR.CS, "DERIVED", "SECONDARY");
        object.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE)
                .forEach(item -> item.setString(Tag.STUDY_DESCRIPTION, VR.LO, "Schädel"));
        assertEquals(object, read);
    }

    @Test
    void noItemIsMadeForAReplacement() throws IOException {
        Dataset object = latin();
        object.remove(Tag.REQUEST_ATTRIBUTES_SEQUENCE);
        assertEquals(object, replaced(object, description("Head")));
    }

    @Test
    void aLongTextIsReplacedToo() throws IOException {
        Dataset object = latin();
        object.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE)
                .getFirst()
                .setString(Tag.PATIENT_COMMENTS, VR.LT, "long".repeat(2000));
        Dataset read = replaced(
                object,
                new Replacement(List.of(Tag.REQUEST_ATTRIBUTES_SEQUENCE, Tag.PATIENT_COMMENTS), List.of("short")));
        object.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE).getFirst().setString(Tag.PATIENT_COMMENTS, VR.LT, "short");
        assertEquals(object, read);
    }

    @Test
    void aReplacementThatTheCharacterSetOfAnItemMayNotHoldMakesAllTextUnicode() throws IOException {
        Dataset object = latin();
        object.addItem(Tag.REQUEST_ATTRIBUTES_SEQUENCE)
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 144")
                .setString(Tag.STUDY_DESCRIPTION, VR.LO, "Голова");
        assertEquals("ISO_IR 100", replaced(object, description("Head")).getString(Tag.SPECIFIC_CHARACTER_SET));
        Dataset read = replaced(object, description("Schädel"));
        assertEquals("ISO_IR 192", read.getString(Tag.SPECIFIC_CHARACTER_SET));
        assertEquals("Müller^Jörg", read.getString(Tag.PATIENT_NAME));
        for (Dataset item : read.getItems(Tag.REQUEST_ATTRIBUTES_SEQUENCE)) {
            assertEquals("Schädel", item.getString(Tag.STUDY_DESCRIPTION));
        }
    }

    @Test
    void theObjectItselfIsLeftAlone() throws IOException {
        byte[] bytes = DatasetWriter.toBytes(latin(), EXPLICIT);
        ScannedObject object = Fixtures.scan(bytes, EXPLICIT);
        Patch.apply(object, unicode().setString(Tag.PATIENT_NAME, VR.PN, "山田"));
        assertEquals(Fixtures.scan(bytes, EXPLICIT), object);
        assertEquals("Müller^Jörg", object.header().getString(Tag.PATIENT_NAME));
    }

    @Test
    void longTextThatWouldHaveToBecomeUnicodeIsRefusedAndNotGarbled() throws IOException {
        Dataset report = latin().setString(0x0040_A160, VR.UT, "ä".repeat(5000));
        assertThrows(
                DicomFormatException.class, () -> patched(report, unicode().setString(Tag.PATIENT_NAME, VR.PN, "山田")));
    }
}
