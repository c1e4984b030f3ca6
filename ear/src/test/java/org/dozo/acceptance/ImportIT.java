// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.io.Part10;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./dozo import} against a deployed node: folders, ZIP, DICOMDIR, interruption and death. */
class ImportIT {

    private static final int MANY = 3000;

    private static DozoNode node;

    @TempDir
    private Path source;

    @BeforeAll
    static void up() throws Exception {
        node = DozoNode.create("import").up();
    }

    @AfterAll
    static void down() throws Exception {
        node.close();
    }

    private static byte[] file(String study, int number) {
        String uid = study + "." + number;
        Dataset object = TestObject.header(TestObject.CT, study, study + ".0", uid)
                .setString(Tag.PATIENT_ID, VR.LO, "IMP-" + study)
                .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[2048]);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(
                FileMetaInformation.of(TestObject.CT, uid, TestObject.EXPLICIT).encode());
        file.writeBytes(TestObject.bytes(object));
        return file.toByteArray();
    }

    private static Path write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private static long stored(String study) throws Exception {
        return node.count("SELECT count(*) FROM stored_object o JOIN instance i ON i.id = o.instance_fk"
                + " JOIN series s ON s.id = i.series_fk JOIN study t ON t.id = s.study_fk WHERE t.study_instance_uid = '"
                + study + "'");
    }

    private static List<String> report(Shell.Result result) throws IOException {
        String line = result.output()
                .lines()
                .filter(each -> each.startsWith("Report: "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(result.output()));
        return Files.readAllLines(Path.of(line.substring("Report: ".length())));
    }

    @Test
    void aFolderOfGoodBadAndOtherFilesIsTakenAndReported() throws Exception {
        String study = "2.25.7001";
        for (int i = 1; i <= 20; i++) {
            write(source.resolve("日本語/" + i % 3 + "/" + i + ".dcm"), file(study, i));
        }
        write(source.resolve("copy-of-1"), file(study, 1));
        byte[] whole = file(study, 21);
        write(source.resolve("cut.dcm"), Arrays.copyOf(whole, whole.length - 500));
        write(source.resolve("readme.txt"), "no DICOM".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        List<Path> hostile = GivenFiles.below("hostile");
        for (Path file : hostile) {
            Files.copy(
                    file,
                    Files.createDirectories(source.resolve("hostile"))
                            .resolve(hostile.indexOf(file) + "-" + file.getFileName()));
        }

        Shell.Result result = node.dozo("import", source.toString());

        assertEquals(1, result.exit(), result.output());
        assertEquals(20, stored(study));
        List<String> report = report(result);
        assertTrue(report.stream().anyMatch(line -> line.startsWith("refused,") && line.contains("cut.dcm")));
        assertTrue(report.stream().anyMatch(line -> line.startsWith("skipped,") && line.contains("readme.txt")));
        long[] counts = counts(result);
        assertEquals(20 + 1 + 1 + 1 + hostile.size(), counts[0] + counts[1] + counts[2] + counts[3], result.output());
        assertEquals(
                counts[2] + counts[3] + counts[4], report.size() - 1, "one line for each that is not in the archive");
        assertTrue(node.isReady());
        assertEquals(0, node.staged());

        Shell.Result again = node.dozo("import", source.toString());
        assertEquals(0, counts(again)[0], again.output());
        assertEquals(counts[0] + counts[1], counts(again)[1]);
    }

    /** Stored, known, skipped, refused, missing. */
    private static long[] counts(Shell.Result result) {
        String line = result.output()
                .lines()
                .filter(each -> each.matches("\\d+ stored, .*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(result.output()));
        return Arrays.stream(line.split("\\D+")).mapToLong(Long::parseLong).toArray();
    }

    @Test
    void whatIsImportedIsKeptByteForByte() throws Exception {
        Path file = write(source.resolve("one"), file("2.25.7002", 1));
        node.dozo("import", file.toString()).orFail();
        try (var connection = node.database();
                var row = connection
                        .createStatement()
                        .executeQuery("SELECT path FROM object_copy c JOIN stored_object o ON o.id = c.object_fk"
                                + " JOIN instance i ON i.id = o.instance_fk WHERE sop_instance_uid = '2.25.7002.1'")) {
            row.next();
            Path kept = node.volumes().get("main").resolve(row.getString(1));
            try (Part10 before = Part10.open(file);
                    Part10 after = Part10.open(kept)) {
                assertEquals(
                        Arrays.toString(before.dataSet().readAllBytes()),
                        Arrays.toString(after.dataSet().readAllBytes()));
            }
        }
    }

    @Test
    void aZipIsTaken() throws Exception {
        Path zip = source.resolve("study.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            for (int i = 1; i <= 10; i++) {
                entries.putNextEntry(new ZipEntry((i % 2 == 0 ? "../../" : "a/b/") + i));
                entries.write(file("2.25.7003", i));
            }
        }
        Shell.Result result = node.dozo("import", zip.toString()).orFail();
        assertTrue(result.output().contains("10 stored, 0 known, 0 skipped, 0 refused, 0 missing"), result.output());
        assertEquals(10, stored("2.25.7003"));
    }

    @Test
    void aDicomDirMadeByDcmtkBringsItsFilesAndNamesThoseThatAreMissing() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dcmmkdir")), "dcmmkdir is not installed");
        for (int i = 1; i <= 5; i++) {
            write(source.resolve("cd/IMG/I" + i), file("2.25.7004", i));
        }
        Shell.run(
                        source.resolve("cd"),
                        Map.of(),
                        Duration.ofMinutes(1),
                        List.of("dcmmkdir", "-Pgp", "-W", "+r", "+I", "+m", "IMG"))
                .orFail();
        Files.delete(source.resolve("cd/IMG/I3"));
        Shell.Result result = node.dozo("import", source.resolve("cd/DICOMDIR").toString());
        assertEquals(1, result.exit(), result.output());
        assertTrue(result.output().contains("4 stored, 0 known, 1 skipped, 0 refused, 1 missing"), result.output());
        assertTrue(
                report(result).stream().anyMatch(line -> line.startsWith("missing,") && line.contains("IMG/I3")),
                () -> result.output());
        assertEquals(4, stored("2.25.7004"));
    }

    private Process begin() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        DozoNode.CHECKOUT.resolve("dozo").toString(),
                        "import",
                        source.toString(),
                        "--data",
                        node.data().toString())
                .redirectErrorStream(true)
                .redirectOutput(
                        source.resolveSibling(source.getFileName() + ".out").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private void fill(String study) throws IOException {
        for (int i = 1; i <= MANY; i++) {
            write(source.resolve(i % 30 + "/" + i), file(study, i));
        }
    }

    @Test
    void aCommandKilledMidwayIsResumedByTheSameCommand() throws Exception {
        String study = "2.25.7005";
        fill(study);
        Process command = begin();
        Await.until("some files are stored", Duration.ofMinutes(2), () -> stored(study) > 100);
        command.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        Shell.Result result = node.dozo("import", source.toString()).orFail();
        assertTrue(result.output().contains(" 0 skipped, 0 refused, 0 missing"), result.output());
        assertEquals(MANY, stored(study));
        assertEquals(MANY, node.count("SELECT count(*) FROM instance WHERE sop_instance_uid LIKE '2.25.7005.%'"));
    }

    @Test
    void anImportWhoseNodeDiesIsResumedByTheSameCommandWithNothingLostOrTwice() throws Exception {
        String study = "2.25.7006";
        fill(study);
        Process command = begin();
        Await.until("some files are stored", Duration.ofMinutes(2), () -> stored(study) > 600);
        node.kill9();
        assertTrue(command.waitFor(2, TimeUnit.MINUTES), "the command ends with its node");
        assertEquals(2, command.exitValue());
        long before = stored(study);
        assertTrue(before < MANY, "killed too late to tell");
        node.up();
        Shell.Result result = node.dozo("import", source.toString()).orFail();
        long[] counts = counts(result);
        assertEquals(MANY - before, counts[0], result.output());
        assertEquals(before, counts[1], result.output());
        assertEquals(MANY, stored(study));
        Await.until("what the death left is settled", Duration.ofMinutes(1), () -> node.staged() == 0);
        long copies = node.count("SELECT count(*) FROM object_copy");
        assertEquals(copies, files(), "no file without a row, no row without a file");
    }

    private static long files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path volume : node.volumes().values()) {
            try (var walk = Files.walk(volume)) {
                walk.filter(file -> file.toString().endsWith(".dcm")).forEach(files::add);
            }
        }
        return files.size();
    }

    @Test
    void onlyTheOperatorMayNameFilesEvenInEvaluationMode() throws Exception {
        Path file = write(source.resolve("one"), file("2.25.7007", 1));
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + node.httpPort() + "/api/imports"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"paths\":[\"" + file + "\"]}"))
                    .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertEquals(403, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("./dozo import"), answer.body());
        }
        assertEquals(0, stored("2.25.7007"));
        Shell.Result nowhere = node.dozo("import", source.resolve("nowhere").toString());
        assertEquals(1, nowhere.exit());
        assertTrue(nowhere.output().contains("is not there"), nowhere.output());
    }
}
