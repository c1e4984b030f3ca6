// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./dozo pull} and {@code /api/migrations} with a real Orthanc as the archive that is left behind. */
class MigrationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path temp;

    private DozoNode node;

    @BeforeEach
    void up() throws Exception {
        node = DozoNode.create("migration").up();
    }

    @AfterEach
    void down() throws Exception {
        System.err.println(node.logTail());
        node.close();
    }

    /** Puts instances 1 to {@code count} of a study into the source; the lines that its certificate is the digest of. */
    private String stock(Orthanc source, String study, String date, int count) throws Exception {
        Map<String, String> lines = new TreeMap<>();
        for (int number = 1; number <= count; number++) {
            String uid = study + ".1." + number;
            byte[] pixels = new byte[512];
            new Random(uid.hashCode()).nextBytes(pixels);
            Dataset slice = TestObject.header(TestObject.CT, study, study + ".1", uid)
                    .setString(Tag.STUDY_DATE, VR.DA, date)
                    .setString(Tag.STUDY_TIME, VR.TM, "101500")
                    .setBytes(Tag.PIXEL_DATA, VR.OW, pixels);
            byte[] dataSet = TestObject.bytes(slice);
            Path file = temp.resolve(uid + ".dcm");
            Files.write(file, Web.file(TestObject.of(TestObject.CT, uid, TestObject.EXPLICIT, dataSet)));
            source.post("/instances", "@" + file);
            lines.put(uid, uid + " " + sha256(dataSet) + "\n");
        }
        return String.join("", lines.values());
    }

    private static String sha256(byte[] bytes) {
        MessageDigest digest = SentObjects.sha256();
        return HexFormat.of().formatHex(digest.digest(bytes));
    }

    /** The id that {@code ./dozo pull from …} tells. */
    private String pull(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 2];
        command[0] = "pull";
        command[1] = "from";
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        String said = node.dozo(command).orFail().output();
        return said.replaceAll("(?s).*Migration (\\d+) has begun.*", "$1");
    }

    private Map<?, ?> get(String path) throws IOException, InterruptedException {
        var answer = new Web(node).get("/api/migrations/" + path);
        assertEquals(200, answer.statusCode(), answer.body());
        return (Map<?, ?>) Web.json(answer.body());
    }

    private void await(String id, String state) throws Exception {
        try {
            Await.until("migration " + id + " is " + state, PATIENCE, () -> state.equals(get(id).get("state")));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + get(id), e);
        }
    }

    private void awaitNoJobs() throws Exception {
        Await.until(
                "no job is left",
                PATIENCE,
                () -> node.count("SELECT count(*) FROM job WHERE kind LIKE 'migration%'") == 0);
    }

    @Test
    void studiesOfOrthancArePulledAndTheirCertificatesAgreeWithItInNumberAndContent() throws Exception {
        try (Orthanc orthanc = Orthanc.start(temp.resolve("orthanc"), node, "ORTHANC")) {
            Map<String, Integer> studies = new TreeMap<>(Map.of("2.25.7101", 3, "2.25.7102", 5, "2.25.7103", 2));
            StringBuilder expected = new StringBuilder();
            for (Map.Entry<String, Integer> study : studies.entrySet()) {
                String lines = stock(orthanc, study.getKey(), "20200229", study.getValue());
                expected.append("%s complete %d %d %s%n"
                        .formatted(
                                study.getKey(),
                                study.getValue(),
                                study.getValue(),
                                sha256(lines.getBytes(StandardCharsets.US_ASCII))));
            }
            Path list = temp.resolve("studies.txt");
            Files.write(list, List.of("# from the old archive", "2.25.7101", "", "2.25.7102"));
            String listed = pull("ORTHANC", "--studies", list.toString());
            await(listed, "done");
            assertEquals(8, node.count("SELECT count(*) FROM instance"));

            String swept = pull("ORTHANC", "--dates", "2020-01-01", "2020-12-31", "--at-once", "3");
            await(swept, "done");
            assertEquals(10, node.count("SELECT count(*) FROM instance"));
            assertEquals(
                    expected.toString(),
                    node.dozo("pull", "certificates", swept).orFail().output());
            Map<?, ?> full = get(swept + "/certificates/2.25.7102");
            assertEquals(true, full.get("unchanged"));
            assertEquals(5, ((List<?>) full.get("instances")).size());
            String shown = node.dozo("pull", "show", swept).orFail().output();
            assertTrue(shown.contains("3 complete, 0 incomplete"), shown);
            awaitNoJobs();
        }
    }

    @Test
    void whatIsCancelledAsksForNothingMore() throws Exception {
        try (Orthanc orthanc = Orthanc.start(temp.resolve("orthanc"), node, "ORTHANC")) {
            stock(orthanc, "2.25.7201", "20200229", 60);
            Path list = Files.write(temp.resolve("studies.txt"), List.of("2.25.7201"));
            String id = pull("ORTHANC", "--studies", list.toString(), "--objects-per-second", "1", "--at-once", "1");
            Await.until("the first is here", PATIENCE, () -> node.count("SELECT count(*) FROM instance") > 0);
            String cancelled = node.dozo("pull", "cancel", id).orFail().output();
            assertTrue(cancelled.contains("cancelled"), cancelled);
            awaitNoJobs();
            long held = node.count("SELECT count(*) FROM instance");
            assertTrue(held < 60, held + " came");
            assertEquals(1, ((Map<?, ?>) get(id).get("studies")).get("queued"));
            Shell.Result again = node.dozo("pull", "resume", id);
            assertTrue(again.exit() != 0 && again.output().contains("cancelled"), again.output());
        }
    }

    @Test
    void aSourceThatIsDeadIsExplainedAndWaitedFor() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        node.dozo("peer", "add", "DEAD", "127.0.0.1", "" + nobody, "--allow", "store")
                .orFail();
        Path list = Files.write(temp.resolve("studies.txt"), List.of("2.25.7301"));
        String id = pull("DEAD", "--studies", list.toString());
        Await.until(
                "it says why",
                PATIENCE,
                () -> node.dozo("pull", "show", id)
                        .orFail()
                        .output()
                        .contains("waits      The source can't be reached"));
        assertEquals("running", get(id).get("state"));
        Await.until(
                "no attempt is spent",
                PATIENCE,
                () -> node.dozo("pull", "studies", id).orFail().output().equals("2.25.7301 queued 0 \n"));
        Shell.Result nonsense = node.dozo("pull", "from", "NOBODY", "--studies", list.toString());
        assertTrue(nonsense.exit() != 0 && nonsense.output().contains("./dozo peer add"), nonsense.output());
    }
}
