// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DicomXmlTest {

    private static final int CREATOR = 0x0009_0010;
    private static final int PRIVATE = 0x0009_1001;
    private static final String START = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><NativeDicomModel"
            + " xmlns=\"http://dicom.nema.org/PS3.19/models/NativeDICOM\" xml:space=\"preserve\">";
    private static final String END = "</NativeDicomModel>";

    @TempDir
    Path temp;

    private static String write(Dataset dataset) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DicomXmlWriter(out, value -> null).write(dataset);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Dataset read(String xml) throws IOException {
        return read(xml, ParseLimits.DEFAULT);
    }

    private static Dataset read(String xml, ParseLimits limits) throws IOException {
        return new DicomXmlReader(
                        new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)),
                        limits,
                        (path, vr, uri) -> (path + " " + uri).getBytes(StandardCharsets.US_ASCII))
                .read();
    }

    private static Dataset ours() {
        return new Dataset().setString(CREATOR, VR.LO, "ACME");
    }

    private static void assertBothWays(Dataset dataset, VR vr, String content) throws IOException {
        String head = "<DicomAttribute tag=\"00090010\" vr=\"LO\"><Value number=\"1\">ACME</Value></DicomAttribute>"
                + "<DicomAttribute tag=\"00090001\" vr=\"" + vr + "\" privateCreator=\"ACME\">";
        assertEquals(START + head + content + "</DicomAttribute>" + END, write(dataset));
        assertEquals(dataset, read(write(dataset)));
    }

    private static String values(String... values) {
        StringBuilder xml = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            xml.append("<Value number=\"%d\">%s</Value>".formatted(i + 1, values[i]));
        }
        return xml.toString();
    }

    @Test
    void everyVrComesBack() throws IOException {
        for (VR vr : List.of(VR.AE, VR.CS, VR.DA, VR.DT, VR.LO, VR.SH, VR.TM, VR.UC, VR.UI)) {
            assertBothWays(ours().setString(PRIVATE, vr, "1", "2"), vr, values("1", "2"));
        }
        for (VR vr : List.of(VR.LT, VR.ST, VR.UT, VR.UR)) {
            assertBothWays(ours().setString(PRIVATE, vr, "ab"), vr, values("ab"));
        }
        for (VR vr : List.of(VR.US, VR.SS, VR.UL, VR.SL, VR.SV, VR.UV, VR.IS, VR.DS)) {
            assertBothWays(ours().setInts(PRIVATE, vr, 1, 2), vr, values("1", "2"));
        }
        for (VR vr : List.of(VR.FL, VR.FD)) {
            Dataset numbers = ours().setDoubles(PRIVATE, vr, 0.5, Double.NaN, Double.NEGATIVE_INFINITY);
            assertBothWays(numbers, vr, values("0.5", "NaN", "-INF"));
        }
        for (VR vr : List.of(VR.OB, VR.OD, VR.OF, VR.OL, VR.OV, VR.OW, VR.UN)) {
            Dataset bytes = ours().setBytes(PRIVATE, vr, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            assertBothWays(bytes, vr, "<InlineBinary>AQIDBAUGBwg=</InlineBinary>");
        }
        assertBothWays(ours().setInts(PRIVATE, VR.AT, Tag.PIXEL_DATA), VR.AT, values("7FE00010"));
        for (VR vr : VR.values()) {
            Dataset empty = vr == VR.SQ ? ours().setItems(PRIVATE) : ours().setBytes(PRIVATE, vr, new byte[0]);
            assertEquals(empty, read(write(empty)), vr.name());
        }
    }

    @Test
    void namesHaveTheirGroupsAndComponents() throws IOException {
        Dataset names = ours().setString(PRIVATE, VR.PN, "A^B^^Dr==C", "D^^E");
        assertBothWays(
                names,
                VR.PN,
                "<PersonName number=\"1\"><Alphabetic><FamilyName>A</FamilyName><GivenName>B</GivenName>"
                        + "<NamePrefix>Dr</NamePrefix></Alphabetic>"
                        + "<Phonetic><FamilyName>C</FamilyName></Phonetic></PersonName>"
                        + "<PersonName number=\"2\"><Alphabetic><FamilyName>D</FamilyName><MiddleName>E</MiddleName>"
                        + "</Alphabetic></PersonName>");
    }

    @Test
    void emptyValuesKeepTheNumbersOfTheOthers() throws IOException {
        assertBothWays(
                ours().setString(PRIVATE, VR.LO, "a", "", "c"),
                VR.LO,
                "<Value number=\"1\">a</Value><Value number=\"3\">c</Value>");
    }

    @Test
    void textComesBackWhateverItHolds() throws IOException {
        Dataset text = new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
                .setString(Tag.PATIENT_COMMENTS, VR.LT, "<&>\"'\r\n]]> 山田𠮷野 \t é");
        assertEquals(text, read(write(text)));
        String xml = write(new Dataset().setBytes(Tag.PATIENT_COMMENTS, VR.LT, new byte[] {'a', 0x0C, 0x01, 'b'}));
        assertTrue(xml.contains("a\uFFFD\uFFFDb"), xml);
    }

    @Test
    void textBecomesUnicodeAndSaysSo() throws IOException {
        Dataset latin = new Dataset()
                .setString(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 100")
                .setString(Tag.PATIENT_NAME, VR.PN, "Buc^Jérôme");
        Dataset read = read(write(latin));
        assertEquals("ISO_IR 192", read.getString(Tag.SPECIFIC_CHARACTER_SET));
        assertEquals("Buc^Jérôme", read.getString(Tag.PATIENT_NAME));
        Dataset plain = new Dataset().setString(Tag.PATIENT_ID, VR.LO, "4711");
        assertEquals(plain, read(write(plain)));
    }

    @Test
    void theImageOfAllTestsSurvives() throws IOException {
        assertEquals(Fixtures.image(), read(write(Fixtures.image())));
    }

    @Test
    void bulkValuesAreWrittenInTheirPlaceAndResolvedByPath() throws IOException {
        Dataset dataset = new Dataset();
        dataset.addItem(Tag.CONTENT_SEQUENCE);
        dataset.addItem(Tag.CONTENT_SEQUENCE).setBytes(Tag.WAVEFORM_DATA, VR.OW, new byte[5000]);
        dataset.setBytes(Tag.PIXEL_DATA, VR.OW, new byte[2]).setString(0xFFFA_FFF8, VR.LO, "x");
        TransferSyntax syntax = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
        ScannedObject scanned = Fixtures.scan(DatasetWriter.toBytes(dataset, syntax), syntax);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DicomXmlWriter(out, value -> "bulk?a&" + value.length()).write(scanned);
        Dataset read = read(out.toString(StandardCharsets.UTF_8));
        Dataset item = read.getItems(Tag.CONTENT_SEQUENCE).get(1);
        assertArrayEquals(
                "(0040,A730)[1].(5400,1010) bulk?a&5000".getBytes(StandardCharsets.US_ASCII),
                item.getBytes(Tag.WAVEFORM_DATA));
        assertArrayEquals("(7FE0,0010) bulk?a&2".getBytes(StandardCharsets.US_ASCII), read.getBytes(Tag.PIXEL_DATA));
        List<Integer> order = new ArrayList<>();
        read.forEach(element -> order.add(element.tag()));
        assertEquals(List.of(Tag.CONTENT_SEQUENCE, Tag.PIXEL_DATA, 0xFFFA_FFF8), order);
    }

    @Test
    void whatOthersWriteIsRead() throws IOException {
        // As DCMTK's dcm2xml: no namespace, line breaks between elements, blocks told, empty values.
        Dataset read = read("""
                <?xml version="1.0" encoding="UTF-8"?>
                <NativeDicomModel xml:space="preserve">
                <DicomAttribute tag="00080008" vr="CS" keyword="ImageType">
                <Value number="1">A</Value>
                <Value number="2"></Value>
                <Value number="3">C</Value>
                </DicomAttribute>
                <DicomAttribute tag="00190011" vr="LO">
                <Value number="1">ACME 1</Value>
                </DicomAttribute>
                <DicomAttribute tag="00190001" vr="FD" privateCreator="ACME 1">
                <Value number="1">1.5</Value>
                <Value number="2">inf</Value>
                <Value number="3">nan</Value>
                </DicomAttribute>
                <DicomAttribute tag="00100010" vr="PN"><PersonName number="1"><SingleByte>
                <FamilyName>A</FamilyName></SingleByte></PersonName></DicomAttribute>
                </NativeDicomModel>
                """);
        assertEquals(List.of("A", "", "C"), read.getStrings(Tag.IMAGE_TYPE));
        assertArrayEquals(new double[] {1.5, Double.POSITIVE_INFINITY, Double.NaN}, read.getDoubles(0x0019_1101));
        assertEquals("A", read.getString(Tag.PATIENT_NAME));
        assertNull(read.get(Tag.SPECIFIC_CHARACTER_SET));
        assertNotNull(read.get(0x0019_0011));
    }

    /** G12: no entity is expanded, no file is read; the declaration itself is the fault. */
    @Test
    void aDocumentTypeIsRefused() throws IOException {
        Path secret = Files.writeString(temp.resolve("secret"), "TOP-SECRET");
        String laughs = "<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">";
        for (String internal : List.of(
                "<!ENTITY x SYSTEM \"" + secret.toUri() + "\">",
                "<!ENTITY % p SYSTEM \"" + secret.toUri() + "\"> %p;",
                "<!ENTITY x SYSTEM \"http://127.0.0.1:1/x\">",
                laughs + "<!ENTITY x \"&b;&b;\">",
                "<!ENTITY x \"plain\">",
                "")) {
            String xml =
                    "<!DOCTYPE NativeDicomModel [" + internal + "]><NativeDicomModel><DicomAttribute tag=\"00100020\""
                            + " vr=\"LO\"><Value number=\"1\">&x;</Value></DicomAttribute></NativeDicomModel>";
            DicomFormatException refusal = assertThrows(DicomFormatException.class, () -> read(xml), internal);
            assertTrue(String.valueOf(refusal.getMessage()).contains("DOCTYPE"), refusal.getMessage());
        }
        String external = "<!DOCTYPE NativeDicomModel SYSTEM \"" + secret.toUri() + "\"><NativeDicomModel/>";
        assertThrows(DicomFormatException.class, () -> read(external));
        assertThrows(
                DicomFormatException.class,
                () -> read(
                        "<NativeDicomModel><DicomAttribute tag=\"00100020\" vr=\"LO\"><Value number=\"1\">&x;</Value>"
                                + "</DicomAttribute></NativeDicomModel>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<a/>",
                "<NativeDicomModel>",
                "<NativeDicomModel>text</NativeDicomModel>",
                "<NativeDicomModel><Other/></NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute vr='LO'/></NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='0010' vr='LO'/></NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='FFFEE000' vr='LO'/></NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='00100020' vr='XX'/></NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='00100020' vr='LO' privateCreator='A'/></NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='00100020' vr='LO'/><DicomAttribute tag='00100020' vr='LO'/>"
                        + "</NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='00100020' vr='LO'><Value>x</Value></DicomAttribute></NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='00100020' vr='LO'><Value number='1'><b/></Value></DicomAttribute>"
                        + "</NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='00100020' vr='LO'><Value number='2'>x</Value>"
                        + "<Value number='1'>x</Value></DicomAttribute></NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='00280010' vr='US'><Value number='1'>65536</Value></DicomAttribute>"
                        + "</NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='7FE00010' vr='OW'><InlineBinary>%</InlineBinary></DicomAttribute>"
                        + "</NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='7FE00010' vr='OW'><BulkData uuid='x'/></DicomAttribute>"
                        + "</NativeDicomModel>",
                "<NativeDicomModel><DicomAttribute tag='0040A730' vr='SQ'><Item number='2'/></DicomAttribute>"
                        + "</NativeDicomModel>",
                "<NativeDicomModel/><NativeDicomModel/>"
            })
    void malformedXmlIsRefused(String xml) {
        assertThrows(DicomFormatException.class, () -> read(xml));
    }

    @Test
    void deepLongAndManyXmlIsRefused() {
        String deep = "<NativeDicomModel>" + "<DicomAttribute tag='0040A730' vr='SQ'><Item number='1'>".repeat(200);
        assertThrows(DicomLimitException.class, () -> read(deep));
        ParseLimits small = new ParseLimits(64, 10_000, 1000, 1 << 20, 10, 100);
        String comment = "<NativeDicomModel><!--" + "x".repeat(20_000) + "--></NativeDicomModel>";
        assertThrows(DicomLimitException.class, () -> read(comment, small));
        String far = "<NativeDicomModel><DicomAttribute tag='00100020' vr='LO'><Value number='2000000000'>x</Value>"
                + "</DicomAttribute></NativeDicomModel>";
        assertThrows(DicomLimitException.class, () -> read(far, small));
    }
}
