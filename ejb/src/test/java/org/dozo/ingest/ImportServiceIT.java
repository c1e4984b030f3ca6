// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.ingest.imports.ImportCounts;
import org.dozo.ingest.imports.ImportProgress;
import org.dozo.ingest.imports.ImportService;
import org.dozo.ingest.imports.ImportState;
import org.dozo.settings.ImportSettings;
import org.dozo.shared.Await;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.shared.FaultyCommit.Fault;
import org.dozo.storage.AdoptedVolumes;
import org.dozo.storage.CopyCondition;
import org.dozo.storage.Fixity;
import org.dozo.storage.StorageSettings;
import org.dozo.storage.StoredCopy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of all sorts against a real archive. */
class ImportServiceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Archive archive;
    private ImportService imports;
    private AdoptedVolumes adopted;
    private Path source;

    @BeforeEach
    void open() throws Exception {
        adopted = new AdoptedVolumes(
                new LinkedHashMap<>(Map.of("old", Files.createDirectories(directory.resolve("old")))));
        archive = new Archive(directory.resolve("volumes"), 1, true, adopted);
        source = Files.createDirectories(directory.resolve("source"));
        imports = service(Duration.ofSeconds(30));
    }

    private ImportService service(Duration patience) throws Exception {
        LinkedHashMap<String, Path> volumes = new LinkedHashMap<>(Map.of("v0", directory.resolve("volumes/v0")));
        StorageSettings storage =
                new StorageSettings("node1", volumes, 1, 0, PATIENCE, PATIENCE, PATIENCE, PATIENCE, 64 << 10, true);
        Path data = Files.createDirectories(directory.resolve("data"));
        return new ImportService(
                archive.ingest,
                archive.database,
                ParseLimits.DEFAULT,
                new ImportSettings(3, patience, data),
                storage,
                adopted);
    }

    @AfterEach
    void close() {
        archive.close();
    }

    private ImportProgress run(Path... paths) throws Exception {
        return await(begin(paths), progress -> progress.state() != ImportState.RUNNING);
    }

    private ImportProgress begin(Path... paths) {
        return imports.start(Stream.of(paths).map(Path::toString).toList(), false);
    }

    private ImportProgress await(ImportProgress begun, Predicate<ImportProgress> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            ImportProgress progress = imports.find(begun.id()).orElseThrow();
            if (condition.test(progress)) {
                return progress;
            }
            assertTrue(System.nanoTime() < deadline, progress::toString);
            Thread.sleep(20);
        }
    }

    private void write(int files) throws Exception {
        for (int i = 1; i <= files; i++) {
            ImportFiles.write(source.resolve("" + i), ImportFiles.object("" + i));
        }
    }

    /** The lines of the report that name this. */
    private static List<String> reported(ImportProgress progress, String part) throws Exception {
        return Files.readAllLines(progress.report()).stream()
                .filter(line -> line.contains(part))
                .toList();
    }

    private static void assertReported(ImportProgress progress, String part, String outcome, String reason)
            throws Exception {
        List<String> lines = reported(progress, part);
        assertEquals(1, lines.size(), () -> part + ": " + lines);
        assertTrue(
                lines.getFirst().startsWith(outcome + ",") && lines.getFirst().contains(reason), lines::toString);
    }

    @Test
    void aFolderIsTakenWholeAndWhatIsNotTakenIsOnTheReport() throws Exception {
        ImportFiles.write(source.resolve("a/1.dcm"), ImportFiles.object("1"));
        ImportFiles.write(source.resolve("a/b/c/2"), ImportFiles.object("2"));
        ImportFiles.write(source.resolve("a/same-as-1"), ImportFiles.object("1"));
        ImportFiles.write(source.resolve("bare"), Archive.bytes(Archive.object("3")));
        ImportFiles.write(source.resolve("other-meta"), ImportFiles.file(Archive.CT, "1.2.3.999", Archive.object("4")));
        byte[] whole = ImportFiles.object("5");
        ImportFiles.write(source.resolve("cut"), Arrays.copyOf(whole, whole.length - 100));
        ImportFiles.write(
                source.resolve("no-study"),
                ImportFiles.file(
                        Archive.CT, "1.2.3.6", Archive.object("6").setString(Tag.STUDY_INSTANCE_UID, VR.UI, "")));
        ImportFiles.text(source.resolve("read\nme.txt"), "no DICOM");
        ImportFiles.text(source.resolve("empty"), "");
        Files.createSymbolicLink(source.resolve("a/loop"), source);
        Files.createSymbolicLink(source.resolve("a/dangling"), source.resolve("nowhere"));
        Files.createSymbolicLink(
                source.resolve("a/link-to-7"), ImportFiles.write(directory.resolve("7"), ImportFiles.object("7")));
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", source.resolve("pipe").toString())
                        .start()
                        .waitFor());

        ImportProgress end = run(source);

        assertEquals(ImportState.DONE, end.state(), end.message());
        // Of the two that are the same either may come first.
        assertEquals(new ImportCounts(5, 1, 5, 2, 0), end.counts());
        assertEquals(5, archive.counts().instances());
        assertEquals(5, archive.files().size());
        assertReported(end, "/cut\"", "refused", "ends within");
        assertReported(end, "/no-study\"", "refused", "(0020,000D)");
        assertReported(end, "/read?me.txt\"", "skipped", "no DICOM file");
        assertReported(end, "/empty\"", "skipped", "empty");
        assertReported(end, "/loop\"", "skipped", "link to a folder");
        assertReported(end, "/dangling\"", "skipped", "not there");
        assertReported(end, "/pipe\"", "skipped", "neither a file nor a folder");
        assertEquals(8, Files.readAllLines(end.report()).size());
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(end.report().resolveSibling(""))));
        assertEquals(List.of("file"), List.of(archive.test.text("SELECT DISTINCT source_address FROM stored_object")));
    }

    @Test
    void aRerunReadsOnlyWhatChanged() throws Exception {
        Path first = ImportFiles.write(source.resolve("1"), ImportFiles.object("1"));
        Path second = ImportFiles.write(source.resolve("2"), ImportFiles.object("2"));
        assertEquals(new ImportCounts(2, 0, 0, 0, 0), run(source).counts());
        for (Path file : List.of(first, second)) {
            FileTime modified = Files.getLastModifiedTime(file);
            Files.write(file, new byte[(int) Files.size(file)]);
            Files.setLastModifiedTime(file, modified);
        }
        assertEquals(new ImportCounts(0, 2, 0, 0, 0), run(source).counts(), "same size and time: not read");
        Files.setLastModifiedTime(first, FileTime.fromMillis(1000));
        ImportCounts counts = run(source).counts();
        assertEquals(1, counts.known());
        assertEquals(0, counts.stored());
        assertEquals(2, counts.files());
    }

    @Test
    void aFileIsReadAgainIfTheArchiveNoLongerHoldsItsContent() throws Exception {
        ImportFiles.write(source.resolve("1"), ImportFiles.object("1"));
        assertEquals(new ImportCounts(1, 0, 0, 0, 0), run(source).counts());
        archive.test.execute("TRUNCATE patient, study, series, instance, stored_object CASCADE");
        assertEquals(new ImportCounts(1, 0, 0, 0, 0), run(source).counts());
    }

    @Test
    void aZipIsTakenWithoutUnpackingAndItsNamesAreLabelsOnly() throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("folder/", new byte[0]);
        entries.put("folder/within/1.dcm", ImportFiles.object("1"));
        entries.put("../../../../../../tmp/dozo-import-evil", ImportFiles.object("2"));
        entries.put("/dozo-import-evil", ImportFiles.object("3"));
        entries.put("C:\\evil\u001b[31m", ImportFiles.object("4"));
        entries.put("readme.txt", new byte[] {1, 2, 3});
        entries.put(
                "inner.zip",
                Files.readAllBytes(ImportFiles.zip(directory.resolve("i"), Map.of("x", ImportFiles.object("9")))));
        Path zip = ImportFiles.zip(source.resolve("all.zip"), entries);
        ImportProgress end = run(source);
        assertEquals(new ImportCounts(4, 0, 2, 0, 0), end.counts());
        assertReported(end, "inner.zip\"", "skipped", "a ZIP");
        assertFalse(Files.exists(Path.of("/tmp/dozo-import-evil")) || Files.exists(Path.of("/dozo-import-evil")));
        assertEquals(List.of("all.zip"), names(source));
        assertEquals(new ImportCounts(0, 4, 2, 0, 0), run(zip).counts());
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aZip64OfManyFilesIsRead() throws Exception {
        Path zip = source.resolve("many.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.setMethod(ZipOutputStream.STORED);
            for (int i = 0; i < 66_000; i++) {
                ZipEntry entry = new ZipEntry("n" + i);
                entry.setSize(0);
                entry.setCrc(0);
                out.putNextEntry(entry);
            }
            out.setMethod(ZipOutputStream.DEFLATED);
            out.putNextEntry(new ZipEntry("last"));
            out.write(ImportFiles.object("1"));
        }
        assertEquals(new ImportCounts(1, 0, 66_000, 0, 0), run(zip).counts());
    }

    @Test
    void aZipWithShiftJisNamesIsRead() throws Exception {
        Path zip = source.resolve("sjis.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip), Charset.forName("Shift_JIS"))) {
            out.putNextEntry(new ZipEntry("画像/1"));
            out.write(ImportFiles.object("1"));
        }
        assertEquals(new ImportCounts(1, 0, 0, 0, 0), run(zip).counts());
    }

    @Test
    void aDecompressionBombIsStoppedAtTheLimitsAndTheRestOfTheFolderIsTaken() throws Exception {
        ImportFiles.write(source.resolve("good"), ImportFiles.object("1"));
        // 96 MiB of zeros in an object of 100 KiB: more than 64 MiB, and more than 200 times.
        Dataset bomb = Archive.object("2").setBytes(Tag.PIXEL_DATA, VR.OW, new byte[96 << 20]);
        ImportFiles.zip(source.resolve("bomb.zip"), Map.of("bomb", ImportFiles.file(Archive.CT, "1.2.3.2", bomb)));
        ImportProgress end = run(source);
        assertEquals(new ImportCounts(1, 0, 0, 1, 0), end.counts());
        assertReported(end, "bomb.zip!/bomb", "refused", "limits.inflate-ratio");
        assertEquals(1, archive.files().size());
    }

    /** As Fifield's: all entries of the directory name the same compressed bytes. */
    @Test
    void aZipWhoseFilesOverlapIsRefused() throws Exception {
        byte[] zip = Files.readAllBytes(
                ImportFiles.zip(directory.resolve("z"), new LinkedHashMap<>(Map.of("a", ImportFiles.object("1")))));
        int directoryAt = find(zip, new byte[] {'P', 'K', 1, 2});
        int endAt = find(zip, new byte[] {'P', 'K', 5, 6});
        byte[] entry = Arrays.copyOfRange(zip, directoryAt, endAt);
        int copies = 40;
        byte[] bomb = Arrays.copyOf(zip, directoryAt + entry.length * copies + 22);
        for (int i = 0; i < copies; i++) {
            System.arraycopy(entry, 0, bomb, directoryAt + i * entry.length, entry.length);
            bomb[directoryAt + i * entry.length + 46] = (byte) ('A' + i);
        }
        System.arraycopy(zip, endAt, bomb, directoryAt + entry.length * copies, 22);
        int end = directoryAt + entry.length * copies;
        bomb[end + 8] = (byte) copies;
        bomb[end + 10] = (byte) copies;
        int length = entry.length * copies;
        bomb[end + 12] = (byte) length;
        bomb[end + 13] = (byte) (length >> 8);
        ImportProgress progress = run(ImportFiles.write(source.resolve("overlap.zip"), bomb));
        assertEquals(new ImportCounts(0, 0, 0, 1, 0), progress.counts());
        assertReported(progress, "overlap.zip", "refused", "overlap");
    }

    private static int find(byte[] bytes, byte[] pattern) {
        for (int i = 0; i + pattern.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + pattern.length, pattern, 0, pattern.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }

    @Test
    void damagedZipsAreRefusedWithAReason() throws Exception {
        byte[] zip = Files.readAllBytes(ImportFiles.zip(directory.resolve("z"), Map.of("a", ImportFiles.object("1"))));
        ImportFiles.write(source.resolve("cut.zip"), Arrays.copyOf(zip, zip.length - 30));
        byte[] wrongSum = zip.clone();
        wrongSum[find(zip, new byte[] {'P', 'K', 1, 2}) + 16] ^= 1;
        ImportFiles.write(source.resolve("sum.zip"), wrongSum);
        ImportFiles.text(source.resolve("text.zip"), "no ZIP at all");
        ImportProgress end = run(source);
        assertEquals(new ImportCounts(0, 0, 1, 2, 0), end.counts());
        assertReported(end, "cut.zip", "refused", "incomplete");
        assertReported(end, "sum.zip", "refused", "checksum");
        assertReported(end, "text.zip", "skipped", "no DICOM file");
        archive.assertEmpty();
    }

    @Test
    void aDicomDirBringsWhatItNamesAndSaysWhatIsMissing() throws Exception {
        ImportFiles.write(source.resolve("cd/IMG/I1"), ImportFiles.object("1"));
        ImportFiles.write(source.resolve("cd/img2/i2.;1"), ImportFiles.object("2"));
        ImportFiles.write(source.resolve("cd/UNNAMED"), ImportFiles.object("3"));
        ImportFiles.write(source.resolve("OUTSIDE"), ImportFiles.object("4"));
        Files.createSymbolicLink(source.resolve("cd/LINK"), source.resolve("OUTSIDE"));
        Path dicomDir = ImportFiles.write(
                source.resolve("cd/DICOMDIR"),
                ImportFiles.dicomDir(
                        "IMG\\I1", "IMG\\I1", "IMG2\\I2", "..\\OUTSIDE", "../OUTSIDE", "LINK", "IMG\\GONE"));
        ImportProgress end = run(dicomDir);
        assertEquals(new ImportCounts(2, 0, 1, 0, 4), end.counts());
        assertReported(end, "IMG/GONE", "missing", "not there");
        assertEquals(2, archive.counts().instances());

        ImportProgress folder = run(source.resolve("cd"));
        // The file that is not named is found by walking, and so is the link.
        assertEquals(new ImportCounts(2, 2, 1, 0, 4), folder.counts());
    }

    /** It goes away in the middle of a batch: the files in hand must be tried again, not refused. */
    @Test
    void whileTheDatabaseIsAwayTheImportWaitsAndThenGoesOn() throws Exception {
        write(100);
        archive.faults.afterCommits(6, Fault.DOWN);
        ImportProgress begun = begin(source);
        ImportProgress waiting = await(begun, progress -> progress.message().startsWith("Waiting"));
        assertTrue(waiting.message().contains("DATABASE_UNAVAILABLE"), waiting.message());
        archive.faults.next(Fault.NONE);
        ImportProgress end = await(begun, progress -> progress.state() != ImportState.RUNNING);
        assertEquals(new ImportCounts(100, 0, 0, 0, 0), end.counts());
        assertEquals("", end.message());
    }

    @Test
    void afterItsPatienceTheImportHaltsWithoutBlamingTheFiles() throws Exception {
        imports = service(Duration.ofMillis(500));
        ImportFiles.write(source.resolve("1"), ImportFiles.object("1"));
        archive.faults.next(Fault.DOWN);
        ImportProgress end = run(source);
        assertEquals(ImportState.HALTED, end.state());
        assertTrue(end.message().contains("import.patience"), end.message());
        assertEquals(new ImportCounts(0, 0, 0, 0, 0), end.counts());
        archive.faults.next(Fault.NONE);
        assertEquals(new ImportCounts(1, 0, 0, 0, 0), run(source).counts());
    }

    @Test
    void aStoppedImportIsResumedByTheSameRequest() throws Exception {
        write(600);
        archive.faults.afterCommits(300, Fault.HELD);
        ImportProgress begun = begin(source);
        assertEquals(begun.id(), begin(source).id(), "the same paths: the same import");
        FailureException other = assertThrows(FailureException.class, () -> begin(source.resolve("1")));
        assertEquals(Failure.CONFLICT, other.failure());
        Await.until("the import is held", PATIENCE, () -> archive.faults.isNext(Fault.HELD));
        assertTrue(imports.cancel(begun.id()));
        archive.faults.next(Fault.NONE);
        ImportProgress stopped = await(begun, progress -> progress.state() != ImportState.RUNNING);
        assertEquals(ImportState.CANCELLED, stopped.state());
        long stored = stopped.counts().stored();
        assertTrue(stored < 600, stopped::toString);
        assertEquals(stored, archive.counts().instances());
        assertEquals(
                new ImportCounts(600 - stored, stored, 0, 0, 0), run(source).counts());
        assertEquals(600, archive.counts().instances());
        assertEquals(600, archive.files().size());
    }

    private ImportProgress runInPlace(Path... paths) throws Exception {
        return await(
                imports.start(Stream.of(paths).map(Path::toString).toList(), true),
                progress -> progress.state() != ImportState.RUNNING);
    }

    private CopyCondition condition(String path) throws Exception {
        String row = "FROM stored_object o JOIN object_copy c ON c.object_fk = o.id WHERE c.path = '" + path + "'";
        HexFormat hex = HexFormat.of();
        Fixity fixity = new Fixity(
                archive.test.number("SELECT data_set_offset " + row),
                hex.parseHex(archive.test.text("SELECT encode(head_sha256, 'hex') " + row)),
                archive.test.number("SELECT data_set_length " + row),
                hex.parseHex(archive.test.text("SELECT encode(data_set_sha256, 'hex') " + row)));
        short volume = (short) archive.test.number("SELECT volume_fk " + row);
        return archive.storage.verify(new StoredCopy(volume, "old", path), fixity);
    }

    @Test
    void anotherArchivesTreeIsAdoptedWhereItLiesAndNothingInItChanges() throws Exception {
        Path old = directory.resolve("old");
        byte[] bytes = ImportFiles.object("1");
        Path first = ImportFiles.write(old.resolve("a/1.dcm"), bytes);
        ImportFiles.write(old.resolve("日本/2"), Archive.bytes(Archive.object("2")));
        ImportFiles.zip(old.resolve("x.zip"), Map.of("3", ImportFiles.object("3")));
        ImportFiles.text(old.resolve("readme"), "no DICOM");
        FileTime modified = Files.getLastModifiedTime(first);
        assertTrue(old.resolve("a").toFile().setWritable(false));

        ImportProgress end = runInPlace(old);

        assertEquals(new ImportCounts(2, 0, 1, 1, 0), end.counts(), end.message());
        assertReported(end, "x.zip!/3", "refused", "in place");
        assertEquals(2, archive.counts().instances());
        assertEquals(List.of(), archive.files(), "nothing is copied");
        assertEquals(List.of("a", "readme", "x.zip", "日本"), names(old));
        assertArrayEquals(bytes, Files.readAllBytes(first));
        assertEquals(modified, Files.getLastModifiedTime(first));
        assertEquals(CopyCondition.GOOD, condition("a/1.dcm"));
        assertEquals(CopyCondition.GOOD, condition("日本/2"));
        assertEquals(new ImportCounts(0, 2, 1, 1, 0), runInPlace(old).counts());

        bytes[bytes.length - 1] ^= 1;
        Files.write(first, bytes);
        assertEquals(CopyCondition.DAMAGED, condition("a/1.dcm"));
    }

    @Test
    void onlyATreeThatIsConfiguredCanBeAdopted() throws Exception {
        ImportFiles.write(source.resolve("1"), ImportFiles.object("1"));
        FailureException refused = assertThrows(FailureException.class, () -> runInPlace(source));
        assertEquals(Failure.INVALID_RECORD, refused.failure());
        assertTrue(String.valueOf(refused.getMessage()).contains("storage.adopted=NAME=" + source), refused::toString);
        archive.assertEmpty();
    }

    @Test
    void anAdoptedTreeWhoseDiskIsNotMountedIsNotReadAsIfItsFilesWereGone() throws Exception {
        Path old = directory.resolve("old");
        ImportFiles.write(old.resolve("1"), ImportFiles.object("1"));
        assertEquals(1, runInPlace(old).counts().files());
        Files.move(old, directory.resolve("elsewhere"));
        Files.createDirectories(old);
        assertEquals(CopyCondition.UNKNOWN, awaitUnreadable());
    }

    private CopyCondition awaitUnreadable() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        CopyCondition condition = condition("1");
        while (condition != CopyCondition.UNKNOWN && System.nanoTime() < deadline) {
            Thread.sleep(50);
            condition = condition("1");
        }
        return condition;
    }

    @Test
    void theArchivesOwnDirectoriesAndWhatIsNotThereAreRefused() throws Exception {
        ImportFiles.write(directory.resolve("data/x/1"), ImportFiles.object("1"));
        for (Path path : List.of(
                directory.resolve("volumes/v0"),
                directory.resolve("data/x"),
                directory.resolve("nowhere"),
                Path.of("relative"))) {
            FailureException refused = assertThrows(FailureException.class, () -> begin(path), path::toString);
            assertEquals(Failure.INVALID_RECORD, refused.failure());
            assertTrue(String.valueOf(refused.getMessage()).contains(path.toString()), refused::toString);
        }
        ImportFiles.write(source.resolve("1"), ImportFiles.object("1"));
        ImportCounts counts = run(directory).counts();
        assertEquals(1, counts.stored(), "what lies around them is taken, they themselves are not");
        assertEquals(0, counts.known());
    }
}
