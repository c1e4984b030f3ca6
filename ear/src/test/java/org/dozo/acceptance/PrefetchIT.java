// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A study arrives, and its patient's priors go to DCMTK's storescp; {@code /api/prefetch} and {@code ./dozo prefetch} over real sockets. */
@ExtendWith(SharedNode.class)
class PrefetchIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int EACH = 5;

    @TempDir
    Path temp;

    private final String root = "2.25." + System.nanoTime();

    private HttpResponse<String> post(DozoNode node, String path, String body, int status) throws Exception {
        HttpResponse<String> answer =
                new Web(node).post(path, "application/json", body.getBytes(StandardCharsets.UTF_8));
        assertEquals(status, answer.statusCode(), answer.body());
        return answer;
    }

    /** A study of one patient, of {@value #EACH} objects. */
    private String send(DozoNode node, int number, String date, String bodyPart) throws Exception {
        String study = root + "." + number;
        try (Sender sender = Sender.open(node, "CT1", List.of(Sender.VERIFICATION, Sender.CT))) {
            for (int i = 1; i <= EACH; i++) {
                Dataset object = TestObject.header(TestObject.CT, study, study + ".1", study + ".1." + i)
                        .setString(Tag.PATIENT_ID, VR.LO, root)
                        .setString(Tag.STUDY_DATE, VR.DA, date)
                        .setString(Tag.BODY_PART_EXAMINED, VR.CS, bodyPart)
                        .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[8_000]);
                var status = sender.store(
                        TestObject.of(TestObject.CT, study + ".1." + i, TestObject.EXPLICIT, TestObject.bytes(object)));
                assertEquals(0, status.code(), status.toString());
            }
        }
        return study;
    }

    @Test
    void aNewStudysPriorsAreAtTheWorkstationAsManyAsTheRuleWants(DozoNode node) throws Exception {
        send(node, 1, "20260101", "CHEST");
        String second = send(node, 2, "20260201", "CHEST");
        String head = send(node, 3, "20260301", "HEAD");
        String third = send(node, 4, "20260401", "CHEST");
        Path directory = temp.resolve("workstation");
        try (StoreScp scp = StoreScp.start(directory)) {
            node.dozo("peer", "add", "PRIORS", "127.0.0.1", "" + scp.port()).orFail();
            String rule = """
                    {"name":"chest priors","condition":"patientID = \\"%s\\"","destinations":["PRIORS"],"priority":"high",
                     "priors":{"modalities":["CT"],"sameBodyPart":true,"maxAgeMonths":24,"count":2}}""".formatted(root);
            String wrong = rule.replace("patientID", "pationtID");
            assertTrue(post(node, "/api/prefetch", wrong, 400).body().contains("character 1"));
            post(node, "/api/prefetch", rule, 201);
            post(node, "/api/prefetch", rule, 409);
            String study = send(node, 5, "20260501", "CHEST");
            Await.until(
                    "two priors are verified",
                    PATIENCE,
                    () -> node.count(
                                    "SELECT count(*) FROM delivery WHERE destination = 'PRIORS' AND state = 'VERIFIED'")
                            == 2);
            Await.until(
                    "nothing is to be done for it any more",
                    PATIENCE,
                    () -> node.count(
                                    "SELECT count(*) FROM job WHERE kind IN ('arrival', 'prefetch') AND state <> 'FAILED'"
                                            + " OR kind = 'forward' AND lane = 'PRIORS'")
                            == 0);
            assertEquals(Set.of(), lost(node, scp, Set.of(second, third)), "FWD_LOST");
            assertEquals(2 * EACH, scp.digests().size(), "only those two");
            assertEquals(2 * EACH, files(directory), "and each object once");
            System.out.println("Prefetch: FWD_LOST=0, 2 priors of " + EACH + " objects each");
            String trial = node.dozo("prefetch", "test", "chest priors", study)
                    .orFail()
                    .output();
            assertTrue(trial.contains("+ " + third + "  already at PRIORS"), trial);
            assertTrue(trial.contains("- " + head + "  it has no series of the same body part"), trial);
            String json = post(
                            node, "/api/prefetch/test", "{\"rule\":\"chest priors\",\"study\":\"" + study + "\"}", 200)
                    .body();
            assertEquals(2, ((Map<?, ?>) Web.json(json)).get("wanted"), json);
            assertTrue(node.dozo("prefetch", "list").orFail().output().contains("2 CT, same body part, 24 months"));
            post(
                    node,
                    "/api/prefetch/run",
                    "{\"rule\":\"chest priors\",\"study\":\"" + study + "\",\"again\":true}",
                    202);
            Await.until("both come once more", PATIENCE, () -> files(directory) == 4 * EACH);
            exported(node);
        }
    }

    private void exported(DozoNode node) throws Exception {
        Path file = temp.resolve("config.yaml");
        node.dozo("config", "export", file.toString()).orFail();
        node.dozo("prefetch", "remove", "chest priors").orFail();
        assertTrue(node.dozo("config", "import", file.toString(), "--yes")
                .orFail()
                .output()
                .contains("+ prefetch rule chest priors"));
        node.dozo("prefetch", "remove", "chest priors").orFail();
        assertTrue(node.dozo("prefetch", "list").orFail().output().contains("No prefetch rules"));
        node.dozo("peer", "remove", "PRIORS").orFail();
    }

    /** What was acknowledged to the modality of these studies, and is not at the peer, or not with the same data set. */
    private static Set<String> lost(DozoNode node, StoreScp peer, Set<String> studies) throws Exception {
        Map<String, String> there = peer.digests();
        Set<String> lost = new TreeSet<>();
        node.sent().acknowledged().forEach((uid, digests) -> {
            boolean wanted = studies.stream().anyMatch(study -> uid.startsWith(study + ".1."));
            if (wanted && !digests.contains(there.getOrDefault(uid, ""))) {
                lost.add(uid);
            }
        });
        return lost;
    }

    private static long files(Path directory) {
        try (var list = Files.list(directory)) {
            return list.count();
        } catch (IOException e) {
            return -1;
        }
    }
}
