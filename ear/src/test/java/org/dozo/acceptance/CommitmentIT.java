// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.SopReference;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.outbound.AssociationRequestor;
import org.dozo.dicom.outbound.RequestorSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Storage commitment over real sockets: with a modality of our own, through the death of the node (D8, D9), and with Orthanc. */
@ExtendWith(SharedNode.class)
class CommitmentIT {

    private static final String MR = "1.2.840.10008.5.1.4.1.1.4";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private final Random random = new Random();

    private String uid() {
        return "2.25." + new BigInteger(120, random);
    }

    /** Instances of a new study, acknowledged. */
    private List<SopReference> store(DozoNode node, int number) throws Exception {
        String study = uid();
        List<SopReference> references = Stream.generate(() -> new SopReference(TestObject.CT, uid()))
                .limit(number)
                .toList();
        try (Sender sender = Sender.open(node)) {
            for (SopReference each : references) {
                TestObject object = TestObject.ct(study, study + ".1", each.sopInstanceUid(), 5000);
                assertEquals(DimseStatus.SUCCESS, sender.store(object));
            }
        }
        return references;
    }

    private static Path file(DozoNode node, SopReference reference) throws Exception {
        try (Connection connection = node.database();
                PreparedStatement statement = connection.prepareStatement("""
                        SELECT volume.name, copy.path FROM object_copy AS copy JOIN volume ON volume.id = copy.volume_fk
                        JOIN stored_object AS object ON object.id = copy.object_fk
                        JOIN instance ON instance.id = object.instance_fk WHERE sop_instance_uid = ?""")) {
            statement.setString(1, reference.sopInstanceUid());
            try (ResultSet row = statement.executeQuery()) {
                assertTrue(row.next());
                return node.volumes().get(row.getString(1)).resolve(row.getString(2));
            }
        }
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 77] ^= 0x10;
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Files.write(file, bytes);
    }

    private static Map<SopReference, Integer> reasons(CommitmentResult result) {
        Map<SopReference, Integer> reasons =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        result.committed().forEach(each -> reasons.put(each, 0));
        result.failed().forEach(each -> reasons.put(each.reference(), each.reason()));
        return reasons;
    }

    /** On a node of its own: the object that it damages is lost. */
    @Test
    void goodUnknownConflictingAndDamagedObjectsAreToldApart() throws Exception {
        try (DozoNode node = DozoNode.create("damaged")) {
            tellApart(node.up());
        }
    }

    private void tellApart(DozoNode node) throws Exception {
        List<SopReference> stored = store(node, 3);
        SopReference good = stored.get(0);
        SopReference damaged = stored.get(1);
        SopReference conflicting = new SopReference(MR, stored.get(2).sopInstanceUid());
        SopReference unknown = new SopReference(TestObject.CT, uid());
        SopReference noObject = new SopReference("1.2.840.10008.1.1", uid());
        flip(file(node, damaged));
        try (CommitmentPeer peer = CommitmentPeer.start(node, "COMMIT1")) {
            String transaction = uid();
            List<SopReference> asked = List.of(good, damaged, conflicting, unknown, noObject);
            assertEquals(DimseStatus.SUCCESS, peer.ask(node, transaction, asked));
            CommitmentResult result = peer.awaitReport(transaction, PATIENCE);
            assertEquals(
                    Map.of(good, 0, damaged, 0x0110, conflicting, 0x0119, unknown, 0x0112, noObject, 0x0122),
                    reasons(result));
            assertEquals(0x0131, peer.ask(node, transaction, List.of(good)).code());
            assertEquals(1, peer.reports().size());
        }
        assertTrue(node.log().contains("DOZO-COM-002"), node.logTail());
    }

    @Test
    void whoMayNotAskIsRefused(DozoNode node) throws Exception {
        try (CommitmentPeer peer = CommitmentPeer.start(node, "COMMIT2", "store")) {
            List<SopReference> some = List.of(new SopReference(TestObject.CT, uid()));
            assertEquals(0x0124, peer.ask(node, uid(), some).code());
        }
    }

    @Test
    void aPeerThatRefusesTheEventAndThenIsAwayIsToldLater(DozoNode node) throws Exception {
        List<SopReference> stored = store(node, 2);
        try (CommitmentPeer peer = CommitmentPeer.start(node, "COMMIT3")) {
            peer.refuse(1);
            String transaction = uid();
            assertEquals(DimseStatus.SUCCESS, peer.ask(node, transaction, stored));
            Await.until("the report is refused", PATIENCE, () -> peer.refused() == 1);
            peer.goAway();
            Await.until(
                    "the node has found nobody",
                    PATIENCE,
                    () -> node.count("SELECT count(*) FROM job WHERE kind = 'commitment-report' AND attempts >= 2"
                                    + " AND lane = 'COMMIT3' AND last_error LIKE '%reached%'")
                            == 1);
            peer.comeBack();
            assertEquals(
                    stored.size(),
                    peer.awaitReport(transaction, PATIENCE).committed().size());
            Await.until(
                    "nothing is left to do",
                    PATIENCE,
                    () -> node.count("SELECT count(*) FROM job WHERE lane = 'COMMIT3'") == 0);
        }
    }

    @Test
    void theDeathOfTheNodeBetweenRequestAndReportLosesNothing(DozoNode node) throws Exception {
        List<SopReference> stored = store(node, 3);
        try (CommitmentPeer peer = CommitmentPeer.start(node, "COMMIT4")) {
            peer.goAway();
            String transaction = uid();
            assertEquals(DimseStatus.SUCCESS, peer.ask(node, transaction, stored));
            node.kill9();
            peer.comeBack();
            assertEquals(List.of(), peer.reports());
            node.up();
            CommitmentResult result = peer.awaitReport(transaction, PATIENCE);
            assertEquals(1, result.eventTypeId());
            assertEquals(3, result.committed().size());
        }
    }

    @Test
    void orthancAsksAndHearsWhatIsSafe(DozoNode node) throws Exception {
        List<SopReference> stored = store(node, 2);
        String unknown = uid();
        try (Orthanc orthanc = Orthanc.start(temp.resolve("scu"), node, "ORTHANCSCU")) {
            String good = orthanc.post(
                    "/modalities/dozo/storage-commitment",
                    instances(stored.get(0).sopInstanceUid(), stored.get(1).sopInstanceUid()));
            awaitStatus(orthanc, id(good), "Success");
            String bad = orthanc.post(
                    "/modalities/dozo/storage-commitment",
                    instances(stored.get(0).sopInstanceUid(), unknown));
            String report = awaitStatus(orthanc, id(bad), "Failure");
            assertTrue(report.contains("274"), report); // 0112H
        }
    }

    @Test
    void orthancTakesARequestAndItsReportIsKept(DozoNode node) throws Exception {
        SopReference unknown = new SopReference(TestObject.CT, uid());
        String transaction = uid();
        try (Orthanc orthanc = Orthanc.start(temp.resolve("scp"), node, "ORTHANCSCP")) {
            try (Connection connection = node.database()) {
                connection
                        .createStatement()
                        .execute("INSERT INTO commitment_asked (transaction_uid, ae_title) VALUES ('" + transaction
                                + "', '" + "ORTHANCSCP" + "')");
                connection
                        .createStatement()
                        .execute("INSERT INTO commitment_asked_item (transaction_uid, sop_instance_uid, sop_class_uid)"
                                + " VALUES ('" + transaction + "', '" + unknown.sopInstanceUid() + "', '"
                                + unknown.sopClassUid() + "')");
            }
            List<ProposedContext> contexts =
                    List.of(new ProposedContext(SopClasses.STORAGE_COMMITMENT, List.of("1.2.840.10008.1.2.1")));
            Peer peer = new Peer("ORTHANCSCP", "127.0.0.1", orthanc.dicomPort(), false);
            try (DicomConnection connection =
                    new AssociationRequestor(RequestorSettings.DEFAULT).open(peer, "DOZO", contexts)) {
                assertEquals(
                        DimseStatus.SUCCESS,
                        connection.requestCommitment(
                                new CommitmentRequest(transaction, List.of(unknown)),
                                Duration.ZERO,
                                result -> DimseStatus.SUCCESS));
            }
            Await.until(
                    "Orthanc's report is kept",
                    PATIENCE,
                    () -> node.count("SELECT count(*) FROM commitment_asked JOIN commitment_asked_item"
                                    + " USING (transaction_uid) WHERE answered_at IS NOT NULL AND reason = 274"
                                    + " AND transaction_uid = '" + transaction + "'")
                            == 1);
        }
    }

    private static String instances(String... uids) {
        StringBuilder json = new StringBuilder();
        for (String uid : uids) {
            json.append(json.isEmpty() ? "" : ",")
                    .append("[\"")
                    .append(TestObject.CT)
                    .append("\",\"");
            json.append(uid).append("\"]");
        }
        return "{\"DicomInstances\":[" + json + "]}";
    }

    private static String id(String json) {
        return json.replaceAll("(?s).*\"ID\"\\s*:\\s*\"([^\"]+)\".*", "$1");
    }

    private static String awaitStatus(Orthanc orthanc, String id, String status) throws Exception {
        Await.until(
                "Orthanc hears of " + status,
                PATIENCE,
                () -> orthanc.get("/storage-commitment/" + id)
                        .replaceAll("\\s", "")
                        .contains("\"Status\":\"" + status + "\""));
        return orthanc.get("/storage-commitment/" + id);
    }
}
