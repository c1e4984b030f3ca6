// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.json.Json;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DicomJsonTest {

    private static final int PRIVATE = 0x0009_1001;

    private static String write(Dataset dataset) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = Json.createGenerator(text)) {
            new DicomJsonWriter(out, value -> null).write(dataset);
        }
        return text.toString();
    }

    private static Dataset read(String json) throws IOException {
        return new DicomJsonReader(
                        Json.createParser(new StringReader(json)),
                        ParseLimits.DEFAULT,
                        (path, vr, uri) -> uri.getBytes(StandardCharsets.US_ASCII))
                .read();
    }

    /** @param values the members after vr; empty for none */
    private static void assertBothWays(Dataset dataset, VR vr, String values) throws IOException {
        String json = "{\"00091001\":{\"vr\":\"" + vr + "\"" + (values.isEmpty() ? "" : "," + values) + "}}";
        assertEquals(json, write(dataset));
        assertEquals(dataset, read(json));
    }

    @Test
    void everyVrHasItsJsonType() throws IOException {
        for (VR vr : List.of(VR.AE, VR.CS, VR.DA, VR.DT, VR.LO, VR.SH, VR.TM, VR.UC, VR.UI)) {
            assertBothWays(new Dataset().setString(PRIVATE, vr, "1", "2"), vr, "\"Value\":[\"1\",\"2\"]");
        }
        assertBothWays(new Dataset().setString(PRIVATE, VR.AS, "030Y"), VR.AS, "\"Value\":[\"030Y\"]");
        for (VR vr : List.of(VR.LT, VR.ST, VR.UT, VR.UR)) {
            assertBothWays(new Dataset().setString(PRIVATE, vr, "ab"), vr, "\"Value\":[\"ab\"]");
        }
        for (VR vr : List.of(VR.US, VR.SS, VR.UL, VR.SL, VR.SV, VR.UV, VR.IS, VR.DS)) {
            assertBothWays(new Dataset().setInts(PRIVATE, vr, 1, 2), vr, "\"Value\":[1,2]");
        }
        for (VR vr : List.of(VR.FL, VR.FD, VR.DS)) {
            assertBothWays(new Dataset().setDoubles(PRIVATE, vr, 0.5, -2.25), vr, "\"Value\":[0.5,-2.25]");
        }
        for (VR vr : List.of(VR.OB, VR.OD, VR.OF, VR.OL, VR.OV, VR.OW, VR.UN)) {
            Dataset dataset = new Dataset().setBytes(PRIVATE, vr, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            assertBothWays(dataset, vr, "\"InlineBinary\":\"AQIDBAUGBwg=\"");
        }
        assertBothWays(new Dataset().setInts(PRIVATE, VR.AT, Tag.PIXEL_DATA), VR.AT, "\"Value\":[\"7FE00010\"]");
        Dataset names = new Dataset().setString(PRIVATE, VR.PN, "A^B==C", "D");
        assertBothWays(names, VR.PN, "\"Value\":[{\"Alphabetic\":\"A^B\",\"Phonetic\":\"C\"},{\"Alphabetic\":\"D\"}]");
        Dataset sequence = new Dataset();
        sequence.addItem(PRIVATE);
        sequence.addItem(PRIVATE).setInts(Tag.ROWS, VR.US, 1);
        assertBothWays(sequence, VR.SQ, "\"Value\":[{},{\"00280010\":{\"vr\":\"US\",\"Value\":[1]}}]");
        for (VR vr : VR.values()) {
            Dataset empty =
                    vr == VR.SQ ? new Dataset().setItems(PRIVATE) : new Dataset().setBytes(PRIVATE, vr, new byte[0]);
            assertBothWays(empty, vr, "");
        }
    }

    @Test
    void emptyValuesAmongOthersAreNull() throws IOException {
        Dataset dataset = new Dataset().setString(PRIVATE, VR.DS, "1", "", "2");
        assertBothWays(dataset, VR.DS, "\"Value\":[1,null,2]");
    }

    @Test
    void numbersThatJsonCannotHoldAreStrings() throws IOException {
        assertBothWays(
                new Dataset()
                        .setDoubles(PRIVATE, VR.FD, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY),
                VR.FD,
                "\"Value\":[\"NaN\",\"Infinity\",\"-Infinity\"]");
        assertBothWays(
                new Dataset().setString(PRIVATE, VR.UV, "9007199254740991", "9007199254740992", "18446744073709551615"),
                VR.UV,
                "\"Value\":[9007199254740991,\"9007199254740992\",\"18446744073709551615\"]");
        assertBothWays(new Dataset().setString(PRIVATE, VR.IS, "seven"), VR.IS, "\"Value\":[\"seven\"]");
        double[] read = read("{\"00091001\":{\"vr\":\"FL\",\"Value\":[\"inf\",\"-inf\"]}}")
                .getDoubles(PRIVATE);
        assertArrayEquals(new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}, read);
    }

    @Test
    void zeroKeepsItsSign() throws IOException {
        assertBothWays(new Dataset().setDoubles(PRIVATE, VR.FD, -0.0, 0.0), VR.FD, "\"Value\":[-0.0,0.0]");
        assertEquals(
                "-0.0",
                read(write(new Dataset().setString(PRIVATE, VR.DS, "-0"))).getString(PRIVATE));
    }

    @Test
    void textBecomesUnicodeAndSaysSo() throws IOException {
        Dataset latin = new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 100")
                .setString(Tag.PATIENT_NAME, VR.PN, "Buc^Jérôme");
        String json = write(latin);
        assertEquals(
                "{\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]},"
                        + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Buc^Jérôme\"}]}}",
                json);
        Dataset read = read(json);
        assertEquals("Buc^Jérôme", read.getString(Tag.PATIENT_NAME));
        assertEquals("ISO_IR 192", read.getString(Tag.SPECIFIC_CHARACTER_SET));
        Dataset nested =
                read("{\"0040A730\":{\"Value\":[{\"00100020\":{\"Value\":[\"山\"],\"vr\":\"LO\"}}],\"vr\":\"SQ\"}}");
        assertEquals("山", nested.getItems(Tag.CONTENT_SEQUENCE).getFirst().getString(Tag.PATIENT_ID));
    }

    @Test
    void bulkValuesAreWrittenInTheirPlaceAndFetchedByUri() throws IOException {
        Dataset dataset = new Dataset();
        dataset.addItem(Tag.CONTENT_SEQUENCE);
        dataset.addItem(Tag.CONTENT_SEQUENCE).setBytes(Tag.WAVEFORM_DATA, VR.OW, new byte[5000]);
        dataset.setBytes(Tag.PIXEL_DATA, VR.OW, new byte[2]).setString(0xFFFA_FFF9, VR.LO, "x");
        TransferSyntax syntax = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
        ScannedObject scanned = Fixtures.scan(DatasetWriter.toBytes(dataset, syntax), syntax);
        StringWriter text = new StringWriter();
        try (JsonGenerator out = Json.createGenerator(text)) {
            new DicomJsonWriter(out, value -> "bulk/" + value.offset()).write(scanned);
        }
        assertEquals(
                "{\"0040A730\":{\"vr\":\"SQ\",\"Value\":[{},{\"54001010\":{\"vr\":\"OW\",\"BulkDataURI\":\"bulk/40\"}}]},"
                        + "\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"bulk/5052\"},"
                        + "\"FFFAFFF9\":{\"vr\":\"LO\",\"Value\":[\"x\"]}}",
                text.toString());
        Dataset read = read(text.toString());
        assertArrayEquals("bulk/5052".getBytes(StandardCharsets.US_ASCII), read.getBytes(Tag.PIXEL_DATA));
    }

    @Test
    void theImageOfAllTestsSurvives() throws IOException {
        assertEquals(Fixtures.image(), read(write(Fixtures.image())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"0010\":{\"vr\":\"LO\"}}",
                "{\"00100020\":{\"vr\":\"XX\"}}",
                "{\"FFFEE000\":{\"vr\":\"LO\"}}",
                "{\"00100020\":{\"vr\":\"LO\",\"Value\":\"x\"}}",
                "{\"00100020\":{\"vr\":\"LO\",\"Value\":[[1]]}}",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[65536]}}",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[1.5]}}",
                "{\"00280010\":{\"vr\":\"UV\",\"Value\":[1e999999999]}}",
                "{\"00280010\":{\"vr\":\"UV\",\"Value\":[184467440737095516150]}}",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[null,1]}}",
                "{\"7FE00010\":{\"vr\":\"OW\",\"InlineBinary\":\"%%\"}}",
                "{\"00100020\":{\"vr\":\"LO\",\"Other\":\"x\"}}",
                "{\"00100020\":{\"vr\":\"LO\"},\"00100020\":{\"vr\":\"LO\"}}"
            })
    void malformedJsonIsRefused(String json) {
        assertThrows(DicomFormatException.class, () -> read(json));
    }

    @Test
    void deepJsonIsRefused() {
        String bomb = "{\"0040A730\":{\"vr\":\"SQ\",\"Value\":[".repeat(200);
        assertThrows(DicomLimitException.class, () -> read(bomb));
    }
}
