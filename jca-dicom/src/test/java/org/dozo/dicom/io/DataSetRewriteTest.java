// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetRewriteTest {

    private static final Path DATA = Path.of("../../shared/data/dicom");

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Values of every size of number, long ones within items too, before and behind pixels that are no zeros. */
    private static Dataset object() {
        Dataset dataset = Fixtures.image()
                .setInts(0x0028_0009, VR.AT, Tag.ROWS)
                .setBytes(0x0028_1201, VR.OW, random(9000))
                .setBytes(0x0066_0016, VR.OF, random(8000))
                .setBytes(0x0018_9087, VR.FD, random(16))
                .setBytes(Tag.PIXEL_DATA, VR.OW, random(200_000));
        dataset.getItems(Tag.CONTENT_SEQUENCE).getFirst().setBytes(Tag.WAVEFORM_DATA, VR.OW, random(7000));
        dataset.getItems(Tag.CONTENT_SEQUENCE).get(1).setBytes(Tag.WAVEFORM_DATA, VR.OW, random(5000));
        return dataset;
    }

    private static byte[] rewrite(byte[] bytes, TransferSyntax from, TransferSyntax to) throws IOException {
        DataSetRewrite rewrite = DataSetRewrite.of(Fixtures.scan(bytes, from), to);
        byte[] rewritten = read(rewrite, bytes);
        assertTrue(rewrite.length() == -1 ? to.deflated() : rewrite.length() == rewritten.length);
        return rewritten;
    }

    private static byte[] read(DataSetRewrite rewrite, byte[] bytes) throws IOException {
        try (InputStream in = rewrite.open(new ByteArrayInputStream(bytes), ParseLimits.DEFAULT)) {
            return in.readAllBytes();
        }
    }

    @Test
    void everyUncompressedSyntaxBecomesEveryOther() throws IOException {
        for (TransferSyntax from : Fixtures.SYNTAXES) {
            byte[] bytes = DatasetWriter.toBytes(object(), from);
            for (TransferSyntax to : Fixtures.SYNTAXES) {
                byte[] rewritten = rewrite(bytes, from, to);
                assertEquals(0, rewritten.length % 2);
                assertEquals(object(), DatasetReader.read(rewritten, to), from.name() + " to " + to.name());
            }
        }
    }

    @Test
    void smallReadsGiveTheSameBytes() throws IOException {
        byte[] bytes = DatasetWriter.toBytes(object(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        for (TransferSyntax to : Fixtures.SYNTAXES) {
            DataSetRewrite rewrite =
                    DataSetRewrite.of(Fixtures.scan(bytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN), to);
            byte[] slow = new byte[2 * bytes.length];
            int length = 0;
            try (InputStream in = rewrite.open(Fixtures.byteWise(bytes), ParseLimits.DEFAULT)) {
                for (int count = in.read(slow, 0, 3); count >= 0; count = in.read(slow, length, 3)) {
                    length += count;
                }
            }
            assertArrayEquals(read(rewrite, bytes), Arrays.copyOf(slow, length), to.name());
        }
    }

    @Test
    void aPrivateValueKeepsItsBytesAndItsVrWhereThatIsWritten() throws IOException {
        Dataset dataset = object().setString(0x0029_0010, VR.LO, "ACME").setBytes(0x0029_1001, VR.UN, random(6000));
        byte[] bytes = DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        for (TransferSyntax to : Fixtures.SYNTAXES) {
            Dataset read = DatasetReader.read(rewrite(bytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, to), to);
            assertEquals(dataset, read, to.name());
        }
    }

    @Test
    void compressedPixelsStayInTheirSyntaxAndGoIntoNoOther() throws IOException {
        byte[] bytes = DatasetWriter.toBytes(Fixtures.encapsulated(), Fixtures.JPEG);
        assertEquals(
                Fixtures.encapsulated(),
                DatasetReader.read(rewrite(bytes, Fixtures.JPEG, Fixtures.JPEG), Fixtures.JPEG));
        for (TransferSyntax to : Fixtures.SYNTAXES) {
            DicomFormatException fault =
                    assertThrows(DicomFormatException.class, () -> rewrite(bytes, Fixtures.JPEG, to));
            assertTrue(String.valueOf(fault.getMessage()).contains("JPEG Lossless"), fault.getMessage());
        }
        byte[] plain = DatasetWriter.toBytes(object(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        assertThrows(
                DicomFormatException.class,
                () -> rewrite(plain, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, Fixtures.JPEG));
    }

    @Test
    void aDocumentInACompressedSyntaxCanBeConverted() throws IOException {
        Dataset document = new Dataset().setString(Tag.PATIENT_ID, VR.LO, "4711");
        byte[] bytes = DatasetWriter.toBytes(document, Fixtures.JPEG);
        TransferSyntax to = TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN;
        assertEquals(document, DatasetReader.read(rewrite(bytes, Fixtures.JPEG, to), to));
    }

    @Test
    void valuesInDisorderAreRefusedAndNotMixedUp() throws IOException {
        byte[] bytes = new Bytes()
                .longHeader(Tag.PIXEL_DATA, "OW", 6000)
                .bytes(random(6000))
                .longHeader(0x0028_1201, "OW", 6000)
                .bytes(random(6000))
                .toBytes();
        assertThrows(
                DicomFormatException.class,
                () -> rewrite(
                        bytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN));
    }

    @Test
    void aDataSetThatEndsTooEarlyIsNoShortObject() throws IOException {
        byte[] bytes = DatasetWriter.toBytes(object(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        DataSetRewrite rewrite = DataSetRewrite.of(
                Fixtures.scan(bytes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN), TransferSyntax.EXPLICIT_VR_BIG_ENDIAN);
        assertThrows(EOFException.class, () -> read(rewrite, Arrays.copyOf(bytes, bytes.length - 100)));
    }

    /** What comes back from any other uncompressed syntax is what went there. */
    @Test
    void everySharedFileSurvivesTheWayThroughEverySyntax() throws IOException {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (Path path : sharedFiles()) {
            try (Part10 file = Part10.open(path)) {
                byte[] bytes = file.dataSet().readAllBytes();
                TransferSyntax from = file.syntax();
                ScannedObject scanned = Fixtures.scan(bytes, from);
                if (from.encapsulated()) {
                    continue;
                }
                Dataset expected = whole(bytes, from);
                for (TransferSyntax to : Fixtures.SYNTAXES) {
                    byte[] there = read(DataSetRewrite.of(scanned, to), bytes);
                    Dataset back = whole(there, to);
                    outcomes.merge(to.name(), 1, Integer::sum);
                    assertSameValues(expected, back, path + " to " + to.name());
                }
            } catch (DicomFormatException | DicomLimitException e) {
                outcomes.merge("refused", 1, Integer::sum);
            }
        }
        System.out.println("../shared/data/dicom through " + outcomes);
    }

    /** DCMTK reads what is written, and sees the pixels that it makes itself. */
    @Test
    void dcmtkSeesTheSameAsInItsOwnConversion(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dcmconv")), "dcmconv is not installed");
        int compared = 0;
        for (Path path : sharedFiles().stream()
                .filter(p -> !p.toString().contains("CHARSET"))
                .toList()) {
            try (Part10 file = Part10.open(path)) {
                TransferSyntax from = file.syntax();
                byte[] bytes = file.dataSet().readAllBytes();
                if (compared == 15
                        || bytes.length > 2 << 20
                        || from.encapsulated()
                        || file.meta().isEmpty()) {
                    continue;
                }
                ScannedObject scanned = Fixtures.scan(bytes, from);
                if (!scanned.findings().isEmpty()) {
                    continue;
                }
                for (TransferSyntax to : Fixtures.SYNTAXES) {
                    Path ours = directory.resolve("ours.dcm");
                    Path theirs = directory.resolve("theirs.dcm");
                    byte[] head = FileMetaInformation.of("1.2", "1.3", to.uid()).encode();
                    Files.write(ours, head);
                    Files.write(
                            ours, read(DataSetRewrite.of(scanned, to), bytes), java.nio.file.StandardOpenOption.APPEND);
                    assertEquals(0, run("dcmconv", option(to), path.toString(), theirs.toString()), path.toString());
                    assertEquals(0, run("dcmconv", "+te", ours.toString(), ours.toString()), path + " " + to.name());
                    assertEquals(0, run("dcmconv", "+te", theirs.toString(), theirs.toString()), path.toString());
                    assertSameValues(read(theirs), read(ours), path + " to " + to.name());
                }
                compared++;
            } catch (DicomFormatException | DicomLimitException e) {
                // No object for this test.
            }
        }
        System.out.println(compared + " files as dcmconv converts them");
    }

    private static String option(TransferSyntax to) {
        return to.deflated() ? "+td" : to.bigEndian() ? "+tb" : to.explicitVr() ? "+te" : "+ti";
    }

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }

    private static Dataset read(Path path) throws IOException {
        try (Part10 file = Part10.open(path)) {
            return whole(file.dataSet().readAllBytes(), file.syntax());
        }
    }

    private static Dataset whole(byte[] bytes, TransferSyntax syntax) throws IOException {
        return DatasetReader.read(new ByteArrayInputStream(bytes), syntax, ParseLimits.DEFAULT);
    }

    private static List<Path> sharedFiles() throws IOException {
        if (!Files.isDirectory(DATA)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(DATA)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** VRs may get lost in implicit VR; padding of odd lengths is added. */
    private static void assertSameValues(Dataset expected, Dataset actual, String where) {
        List<String> differences = new ArrayList<>();
        compare(expected, actual, differences);
        assertEquals(List.of(), differences, where);
    }

    private static void compare(Dataset expected, Dataset actual, List<String> differences) {
        if (expected.size() != actual.size()) {
            differences.add(expected.size() + " elements became " + actual.size());
        }
        for (Element element : expected) {
            Element other = actual.get(element.tag());
            if (other == null || other.items().size() != element.items().size()) {
                differences.add(Tag.toString(element.tag()));
                continue;
            }
            byte[] bytes = element.bytes();
            byte[] others = other.bytes();
            if (others.length - bytes.length > 1 || !Arrays.equals(bytes, Arrays.copyOf(others, bytes.length))) {
                differences.add(Tag.toString(element.tag()) + " has other bytes");
            }
            for (int i = 0; i < element.items().size(); i++) {
                compare(element.items().get(i), other.items().get(i), differences);
            }
        }
    }
}
