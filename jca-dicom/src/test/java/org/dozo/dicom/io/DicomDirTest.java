// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PS3.3 Annex F: record trees, good and hostile. */
class DicomDirTest {

    private static final Path VARIANTS = Path.of("../../shared/data/dicom/DICOMDIR_variants");
    private static final byte[] HEAD = FileMetaInformation.of(
                    DicomDir.SOP_CLASS_UID, "2.25.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid())
            .encode();
    private static final int NONE = -1;

    @TempDir
    private Path directory;

    /** Where a record's two offsets lead: to the record with this index, or to byte 12345678 if there is none such. */
    private record Links(int next, int lower) {}

    private static byte[] file(int root, Links... links) throws IOException {
        Dataset dataset = new Dataset().setString(Tag.FILE_SET_ID, VR.CS, "TEST");
        fill(dataset, root, links, List.of());
        List<Long> offsets = new ArrayList<>();
        byte[] draft = DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        new DatasetReader(
                        new ReadAhead(new ByteArrayInputStream(draft)),
                        Encoding.EXPLICIT_LITTLE,
                        new Budget(ParseLimits.DEFAULT),
                        new ArrayList<>(),
                        null,
                        position -> offsets.add(HEAD.length + position))
                .read();
        fill(dataset, root, links, offsets);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(HEAD);
        file.writeBytes(DatasetWriter.toBytes(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        return file.toByteArray();
    }

    private static void fill(Dataset dataset, int root, Links[] links, List<Long> offsets) {
        dataset.setLongs(
                Tag.OFFSET_OF_THE_FIRST_DIRECTORY_RECORD_OF_THE_ROOT_DIRECTORY_ENTITY, VR.UL, offset(root, offsets));
        Dataset[] items = new Dataset[links.length];
        for (int i = 0; i < links.length; i++) {
            items[i] = new Dataset()
                    .setLongs(Tag.OFFSET_OF_THE_NEXT_DIRECTORY_RECORD, VR.UL, offset(links[i].next, offsets))
                    .setInts(Tag.RECORD_IN_USE_FLAG, VR.US, 0xFFFF)
                    .setLongs(
                            Tag.OFFSET_OF_REFERENCED_LOWER_LEVEL_DIRECTORY_ENTITY,
                            VR.UL,
                            offset(links[i].lower, offsets))
                    .setString(Tag.DIRECTORY_RECORD_TYPE, VR.CS, "PRIVATE")
                    .setString(Tag.REFERENCED_FILE_ID, VR.CS, "DIR", "F" + i);
        }
        dataset.setItems(Tag.DIRECTORY_RECORD_SEQUENCE, items);
    }

    private static long offset(int index, List<Long> offsets) {
        if (index == NONE) {
            return 0;
        }
        return index < offsets.size() ? offsets.get(index) : 12_345_678L;
    }

    private static DicomDir read(byte[] bytes) throws IOException {
        return DicomDir.read(new ByteArrayInputStream(bytes), ParseLimits.DEFAULT);
    }

    /** {@code level:name}, with {@code ?} for a record that is not linked. */
    private static List<String> seen(DicomDir dir) {
        return dir.records().stream()
                .map(record -> (record.linked() ? "" : "?") + record.level() + ":"
                        + record.fileId().getLast())
                .toList();
    }

    @Test
    void recordsComeInTheOrderOfTheirOffsetsNotOfTheFile() throws IOException {
        // 3 is the root's first, its children are 0 and 1, its sibling is 2.
        DicomDir dir = read(file(3, new Links(1, NONE), new Links(NONE, NONE), new Links(NONE, NONE), new Links(2, 0)));
        assertEquals(List.of("0:F3", "1:F0", "1:F1", "0:F2"), seen(dir));
        assertEquals("TEST", dir.fileSetId());
        assertEquals(0, dir.brokenLinks());
        assertEquals(List.of("DIR", "F3"), dir.records().getFirst().fileId());
    }

    @Test
    void circularLinksEndAndEachRecordIsGivenOnce() throws IOException {
        DicomDir dir = read(file(0, new Links(1, 2), new Links(0, 1), new Links(2, 0)));
        assertEquals(new TreeSet<>(Set.of("F0", "F1", "F2")), names(dir));
        assertEquals(3, dir.records().size());
        assertEquals(4, dir.brokenLinks());
    }

    @Test
    void aRecordThatNoOffsetLeadsToIsGivenAllTheSame() throws IOException {
        DicomDir dir = read(file(0, new Links(99, NONE), new Links(NONE, NONE), new Links(NONE, NONE)));
        assertEquals(List.of("0:F0", "?0:F1", "?0:F2"), seen(dir));
        assertEquals(1, dir.brokenLinks());
        DicomDir rootless = read(file(NONE, new Links(1, NONE), new Links(NONE, NONE)));
        assertEquals(List.of("?0:F0", "?0:F1"), seen(rootless));
    }

    @Test
    void aTreeAsDeepAsItHasRecordsIsRead() throws IOException {
        Links[] links = new Links[20_000];
        for (int i = 0; i < links.length; i++) {
            links[i] = new Links(NONE, i + 1 < links.length ? i + 1 : NONE);
        }
        DicomDir dir = read(file(0, links));
        assertEquals(links.length, dir.records().size());
        assertEquals(links.length - 1, dir.records().getLast().level());
    }

    @Test
    void aFileWithoutRecordsIsNoDicomDir() {
        byte[] image = DatasetWriter.toBytes(Fixtures.image(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        assertThrows(DicomFormatException.class, () -> read(image));
        assertThrows(DicomFormatException.class, () -> read("no DICOM at all".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void moreElementsThanTheLimitAreRefused() throws IOException {
        byte[] bytes = file(0, new Links(1, NONE), new Links(NONE, NONE));
        ParseLimits tight = new ParseLimits(64, 1 << 20, 10, 1 << 20, 200, 4096);
        assertThrows(DicomLimitException.class, () -> DicomDir.read(new ByteArrayInputStream(bytes), tight));
    }

    /** Cut anywhere: read or refused, never an error of another kind. */
    @Test
    void aTruncatedDicomDirIsRefusedInOrder() throws IOException {
        byte[] bytes = file(0, new Links(1, NONE), new Links(NONE, NONE));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThrows(DicomFormatException.class, () -> read(cut), "at " + length);
        }
    }

    /** As counted with DCMTK's dcmdump. */
    @Test
    void theSharedDicomDirsGiveAllTheirRecords() throws IOException {
        Map<String, Integer> expected = new TreeMap<>(Map.of(
                "DICOMDIR-bigEnd", 52,
                "DICOMDIR-implicit", 52,
                "DICOMDIR-nopatient", 52,
                "DICOMDIR-reordered", 52,
                "dcm4che__DICOMDIR", 44,
                "dwv__bbmri.dcmdir", 6,
                "go-dicom__testdicomdir", 32));
        if (!Files.isDirectory(VARIANTS)) {
            return;
        }
        Map<String, Integer> found = new TreeMap<>();
        for (String name : expected.keySet()) {
            found.put(
                    name,
                    DicomDir.read(VARIANTS.resolve(name), ParseLimits.DEFAULT)
                            .records()
                            .size());
        }
        assertEquals(expected, found);
        assertEquals(
                List.of(),
                DicomDir.read(VARIANTS.resolve("DICOMDIR-empty.dcm"), ParseLimits.DEFAULT)
                        .records());
        // Its items end 24 bytes behind the sequence.
        assertThrows(
                DicomFormatException.class,
                () -> DicomDir.read(VARIANTS.resolve("DICOMDIR-nooffset"), ParseLimits.DEFAULT));
        DicomDir reordered = DicomDir.read(VARIANTS.resolve("DICOMDIR-reordered"), ParseLimits.DEFAULT);
        assertTrue(reordered.records().stream().allMatch(DirectoryRecord::linked), "every record is linked");
        assertEquals("PATIENT", reordered.records().getFirst().type());
    }

    @Test
    void theDicomDirOfDcmtkNamesEveryFile() throws Exception {
        Dataset image = new Dataset()
                .setString(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.7")
                .setString(Tag.STUDY_DATE, VR.DA, "20261122")
                .setString(Tag.STUDY_TIME, VR.TM, "1200")
                .setString(Tag.ACCESSION_NUMBER, VR.SH, "1")
                .setString(Tag.MODALITY, VR.CS, "OT")
                .setString(Tag.PATIENT_NAME, VR.PN, "Test^Dir")
                .setString(Tag.PATIENT_ID, VR.LO, "1")
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, "2.25.2")
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, "2.25.3")
                .setString(0x0020_0010, VR.SH, "1")
                .setString(0x0020_0011, VR.IS, "1");
        for (int i = 1; i <= 3; i++) {
            String uid = "2.25.4." + i;
            image.setString(Tag.SOP_INSTANCE_UID, VR.UI, uid).setString(Tag.INSTANCE_NUMBER, VR.IS, "" + i);
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            file.writeBytes(FileMetaInformation.of(
                            "1.2.840.10008.5.1.4.1.1.7", uid, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid())
                    .encode());
            file.writeBytes(DatasetWriter.toBytes(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
            Files.write(Files.createDirectories(directory.resolve("A")).resolve("IM" + i), file.toByteArray());
        }
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dcmmkdir")), "dcmmkdir is not installed");
        Path log = directory.resolve("log");
        Process made = new ProcessBuilder("dcmmkdir", "-Pgp", "-W", "+r", "+id", ".", "A")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(made.waitFor(60, TimeUnit.SECONDS), "dcmmkdir did not end");
        assertEquals(0, made.exitValue(), Files.readString(log));
        DicomDir dir = DicomDir.read(directory.resolve("DICOMDIR"), ParseLimits.DEFAULT);
        assertEquals(
                List.of(
                        "0 PATIENT []",
                        "1 STUDY []",
                        "2 SERIES []",
                        "3 IMAGE [A, IM1]",
                        "3 IMAGE [A, IM2]",
                        "3 IMAGE [A, IM3]"),
                dir.records().stream()
                        .map(record -> record.level() + " " + record.type() + " " + record.fileId())
                        .toList());
        assertEquals(0, dir.brokenLinks());
    }

    private static Set<String> names(DicomDir dir) {
        Set<String> names = new TreeSet<>();
        dir.records().forEach(record -> names.add(record.fileId().getLast()));
        return names;
    }
}
