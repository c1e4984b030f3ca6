// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** An extra source of cases beside {@link SpecificCharacterSetTest}: the files of {@code ../shared/data}, where they are. */
final class CharacterSetFilesTest {

    private static final Path DATA = shared();
    private static final List<String> COLUMNS = List.of("10001000", "08003010", "08003E10", "08008000", "08009000");
    private static final List<VR> VRS = List.of(VR.PN, VR.LO, VR.LO, VR.LO, VR.PN);

    private static Path shared() {
        Path checkout = Path.of("").toAbsolutePath().getParent();
        return checkout.resolveSibling("shared").resolve("data");
    }

    @TestFactory
    Stream<DynamicTest> eachFileReadsAsExpected() throws IOException {
        Path expected = DATA.resolve("EXPECTED_CHARSET.tsv");
        if (!Files.isReadable(expected)) {
            return Stream.empty();
        }
        return Files.readAllLines(expected).stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .filter(fields -> !fields[1].startsWith("(fault"))
                .map(fields -> DynamicTest.dynamicTest(fields[0], () -> readsAsExpected(fields)));
    }

    private static void readsAsExpected(String[] expected) throws IOException {
        byte[] file = Files.readAllBytes(DATA.resolve(expected[0]));
        SpecificCharacterSet set = declared(file);
        for (int i = 0; i < COLUMNS.size(); i++) {
            byte[] value = value(file, COLUMNS.get(i), VRS.get(i));
            String text = set.decode(value, VRS.get(i)).strip();
            String wanted = expected[i + 2].replaceAll(" \\(value \\d\\)", "").replace(", ", "\\");
            assertEquals(wanted, text, COLUMNS.get(i));
        }
    }

    /** In these the declaration is wrong in a way that does not keep the text from being understood. */
    @TestFactory
    Stream<DynamicTest> undeclaredOrUnfinishedEscapesAreUnderstood() throws IOException {
        return Stream.of("jp_bad_iso2022_undeclared", "jp_bad_noreset", "jp_bad_single_value_ir87")
                .map(name -> DATA.resolve("dicom/CHARSET/" + name + ".dcm"))
                .filter(Files::isReadable)
                .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> {
                    byte[] file = Files.readAllBytes(path);
                    assertEquals(
                            "Yamada^Tarou=山田^太郎=やまだ^たろう",
                            declared(file)
                                    .decode(value(file, COLUMNS.get(0), VR.PN), VR.PN)
                                    .strip());
                }));
    }

    @Test
    void shiftJisUnderTheNameOfIr13IsUnderstood() throws IOException {
        Path path = DATA.resolve("dicom/CHARSET/jp_bad_sjis_as_ir13.dcm");
        if (Files.isReadable(path)) {
            byte[] file = Files.readAllBytes(path);
            assertEquals(
                    "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎",
                    declared(file)
                            .decode(value(file, COLUMNS.get(0), VR.PN), VR.PN)
                            .strip());
        }
    }

    @TestFactory
    Stream<DynamicTest> noFileOfTheFolderIsFatalAndGoodOnesAreLegible() throws IOException {
        Path folder = DATA.resolve("dicom/CHARSET");
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> list = Files.list(folder)) {
            list.filter(path -> path.toString().endsWith(".dcm")).sorted().forEach(files::add);
        }
        // Its sequence declares a set of its own; this test's finder knows nothing of nesting.
        files.removeIf(path -> path.endsWith("pydicom__chrSQEncoding.dcm"));
        return files.stream()
                .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> {
                    byte[] file = Files.readAllBytes(path);
                    String name = declared(file).decode(value(file, COLUMNS.get(0), VR.PN), VR.PN);
                    assertTrue(path.toString().contains("_bad_") || !name.contains("\uFFFD"), name);
                }));
    }

    @Test
    void theFinderOfThisTestFindsAValue() {
        byte[] bytes = new byte[40];
        byte[] element = {0x10, 0, 0x10, 0, 'P', 'N', 2, 0, 'a', 'b'};
        System.arraycopy(element, 0, bytes, 20, element.length);
        assertEquals("ab", new String(value(bytes, "10001000", VR.PN), StandardCharsets.US_ASCII));
    }

    private static SpecificCharacterSet declared(byte[] file) {
        String terms = new String(value(file, "08000500", VR.CS), StandardCharsets.ISO_8859_1);
        return SpecificCharacterSet.of(Arrays.asList(terms.split("\\\\", -1)));
    }

    /** The first value under this tag (as its bytes in hexadecimal) and VR, explicit little endian; else empty. */
    private static byte[] value(byte[] file, String tag, VR vr) {
        String explicit =
                tag + hex((byte) vr.name().charAt(0)) + hex((byte) vr.name().charAt(1));
        for (int at = 0; at + 8 <= file.length; at++) {
            if (matches(file, at, explicit)) {
                int length = (file[at + 6] & 0xFF) | (file[at + 7] & 0xFF) << 8;
                return Arrays.copyOfRange(file, at + 8, at + 8 + length);
            }
        }
        return new byte[0];
    }

    private static boolean matches(byte[] file, int at, String hex) {
        for (int i = 0; i < hex.length() / 2; i++) {
            if (file[at + i] != (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16)) {
                return false;
            }
        }
        return true;
    }

    private static String hex(byte b) {
        return String.format("%02X", b);
    }
}
