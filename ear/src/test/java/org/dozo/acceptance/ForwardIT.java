// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What arrives is forwarded to real peers, proved, and never lost: DCMTK's storescp and dcmqrscp, Orthanc, and a second Dozo. */
class ForwardIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path temp;

    private DozoNode node;

    @BeforeEach
    void up() throws Exception {
        node = DozoNode.create("forward").set("retrieve.pause", "2 s").up();
    }

    @AfterEach
    void down() throws Exception {
        System.err.println(node.logTail());
        node.close();
    }

    private void peer(DozoNode of, String title, int port) throws Exception {
        of.dozo("peer", "add", title, "127.0.0.1", "" + port).orFail();
    }

    private void rule(DozoNode of, String name, String when, String condition, int priority, String... to)
            throws Exception {
        rule(
                of,
                "{\"name\":\"%s\",\"when\":\"%s\",\"condition\":\"%s\",\"destinations\":[\"%s\"],\"priority\":%d,\"enabled\":true}"
                        .formatted(name, when, condition.replace("\"", "\\\""), String.join("\",\"", to), priority));
    }

    private void rule(DozoNode of, String body) throws Exception {
        var answer = new Web(of).post("/api/rules", "application/json", body.getBytes(StandardCharsets.UTF_8));
        assertEquals(201, answer.statusCode(), answer.body());
    }

    private static void send(DozoNode to, String calling, String study, int from, int till) throws Exception {
        try (Sender sender = Sender.open(to, calling, List.of(Sender.VERIFICATION, Sender.CT))) {
            for (int i = from; i <= till; i++) {
                DimseStatus status = sender.store(TestObject.ct(study, study + ".1", study + ".1." + i, 8_000));
                assertEquals(0, status.code(), status.toString());
            }
        }
    }

    private Map<?, ?> delivery(DozoNode of, String study, String destination) throws Exception {
        var answer = new Web(of).get("/api/deliveries?study=" + study + "&destination=" + destination);
        assertEquals(200, answer.statusCode(), answer.body());
        List<?> list = (List<?>) Web.json(answer.body());
        return list.isEmpty() ? Map.of() : (Map<?, ?>) list.getFirst();
    }

    private void await(String state, String study, String destination) throws Exception {
        try {
            Await.until(study + " to " + destination + " is " + state, PATIENCE, () -> {
                try {
                    return state.equals(delivery(node, study, destination).get("state"));
                } catch (Exception e) {
                    return false;
                }
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + delivery(node, study, destination), e);
        }
    }

    @Test
    void aRuleChangesOnlyWhatItSaysOnTheWayToItsOwnDestination() throws Exception {
        try (StoreScp inside = StoreScp.start(temp.resolve("inside"));
                StoreScp outside = StoreScp.start(temp.resolve("outside"))) {
            peer(node, "INSIDE", inside.port());
            peer(node, "OUTSIDE", outside.port());
            rule(node, "in", "instance", "modality = CT", 5, "INSIDE");
            rule(
                    node,
                    "{\"name\":\"out\",\"condition\":\"modality = CT\",\"destinations\":[\"OUTSIDE\"],"
                            + "\"coercion\":{\"patientName\":\"Doe^Jane\",\"(0010,0020)\":\"\"}}");
            Dataset object = TestObject.header(TestObject.CT, "2.25.9501", "2.25.9501.1", "2.25.9501.1.1")
                    .setBytes(Tag.PIXEL_DATA, VR.OW, new byte[512]);
            byte[] kept = TestObject.bytes(object);
            try (Sender sender = Sender.open(node, "CT1", List.of(Sender.VERIFICATION, Sender.CT))) {
                TestObject sent = TestObject.of(TestObject.CT, "2.25.9501.1.1", TestObject.EXPLICIT, kept);
                assertEquals(0, sender.store(sent).code());
            }
            await("verified", "2.25.9501", "INSIDE");
            await("verified", "2.25.9501", "OUTSIDE");
            byte[] changed = TestObject.bytes(
                    object.setString(Tag.PATIENT_NAME, VR.PN, "Doe^Jane").setString(Tag.PATIENT_ID, VR.LO));
            assertEquals(Map.of("2.25.9501.1.1", sha256(kept)), inside.digests());
            assertEquals(Map.of("2.25.9501.1.1", sha256(changed)), outside.digests());
            String history =
                    String.valueOf(delivery(node, "2.25.9501", "OUTSIDE").get("history"));
            assertTrue(history.contains("as rule out says, of: patientID, patientName"), history);
        }
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(SentObjects.sha256().digest(bytes));
    }

    @Test
    void everythingArrivesOnceAndLateInstancesReopen() throws Exception {
        try (StoreScp scp = StoreScp.start(temp.resolve("plain"))) {
            peer(node, "PLAIN", scp.port());
            rule(node, "all", "instance", "modality = CT", 5, "PLAIN");
            send(node, "CT1", "2.25.9001", 1, 40);
            await("verified", "2.25.9001", "PLAIN");
            Map<?, ?> delivery = delivery(node, "2.25.9001", "PLAIN");
            assertEquals("acknowledged", delivery.get("proof"), delivery.toString());
            assertEquals(40, delivery.get("sent"));
            assertEquals(40, delivery.get("of"));
            assertEquals(40, scp.digests().size());
            // storescp keeps a second file of an object that comes twice.
            assertEquals(40, scp.received());
            send(node, "CT1", "2.25.9001", 41, 43);
            Await.until("three more", PATIENCE, () -> scp.digests().size() == 43);
            await("verified", "2.25.9001", "PLAIN");
            assertEquals(43, delivery(node, "2.25.9001", "PLAIN").get("of"));
        }
    }

    @Test
    void aDeadAHangingAndAnAbortingPeerCostTheGoodOneNothing() throws Exception {
        StoreScp dead = StoreScp.start(temp.resolve("dead"));
        dead.close();
        StoreScp aborting = StoreScp.start(temp.resolve("aborting"), "--abort-after");
        try (StoreScp good = StoreScp.start(temp.resolve("good"));
                StoreScp hanging = StoreScp.start(temp.resolve("hanging"), "--sleep-during", "30")) {
            peer(node, "DEAD", dead.port());
            peer(node, "GOOD", good.port());
            peer(node, "ABORTING", aborting.port());
            peer(node, "HANGING", hanging.port());
            rule(node, "all", "instance", "modality = CT", 5, "ABORTING", "DEAD", "GOOD", "HANGING");
            long start = System.nanoTime();
            for (int study = 1; study <= 20; study++) {
                send(node, "CT1", "2.25.91" + study, 1, 3);
            }
            Await.until(
                    "the good one has everything",
                    PATIENCE,
                    () -> good.digests().size() == 60);
            System.out.println("60 objects were at the good peer "
                    + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) + " ms after the first was sent in");
            for (int study = 1; study <= 20; study++) {
                await("verified", "2.25.91" + study, "GOOD");
            }
            assertEquals(60, good.received());
            assertTrue(!"verified".equals(delivery(node, "2.25.911", "ABORTING").get("state")));
            aborting.close();
            try (StoreScp back = StoreScp.startAt(aborting.port(), temp.resolve("back"))) {
                Await.until(
                        "who aborted gets everything when it is mended",
                        Duration.ofMinutes(3),
                        () -> back.digests().size() == 60);
            }
            assertEquals(
                    List.of(),
                    node.log().lines().filter(line -> line.contains("IJ000")).toList(),
                    "what the container says of its pool");
        } finally {
            aborting.close();
        }
    }

    @Test
    void aNodeKilledWithTwoHundredForwardsQueuedAndItsBrokersJournalDeletedDeliversThemAll() throws Exception {
        StoreScp later = StoreScp.start(temp.resolve("none"));
        int port = later.port();
        later.close();
        peer(node, "LATER", port);
        rule(node, "all", "instance", "modality = CT", 5, "LATER");
        for (int study = 1; study <= 200; study++) {
            send(node, "CT1", "2.25.92" + study, 1, 1);
        }
        Await.until("all are queued", PATIENCE, () -> node.count("SELECT count(*) FROM delivery") == 200);
        try (StoreScp back = StoreScp.startAt(port, temp.resolve("later"))) {
            Await.until("the first have come", PATIENCE, () -> !back.digests().isEmpty());
            node.kill9();
            // Jobs are rows: what the broker had on its way is worth nothing.
            node.deleteJournal(1);
            node.up();
            Await.until(
                    "all are verified",
                    Duration.ofMinutes(4),
                    () -> node.count("SELECT count(*) FROM delivery WHERE state = 'VERIFIED'") == 200);
            assertEquals(Set.of(), node.sent().missing("", back.digests()), "FWD_LOST");
            System.out.println("FWD_LOST=0, sent twice: " + (back.received() - 200));
        }
    }

    @Test
    void dcmqrscpAndOrthancProveWhatTheyGot() throws Exception {
        int dcmqr = Ports.one();
        int orthanc = Ports.one();
        Process archive = dcmqrscp(dcmqr);
        Process other = orthanc(orthanc);
        try {
            listen(dcmqr);
            listen(orthanc);
            peer(node, "DCMQR", dcmqr);
            peer(node, "ORTHANC", orthanc);
            rule(node, "all", "instance", "modality = CT", 5, "DCMQR", "ORTHANC");
            send(node, "CT1", "2.25.9301", 1, 10);
            await("verified", "2.25.9301", "DCMQR");
            await("verified", "2.25.9301", "ORTHANC");
            assertEquals("counted", delivery(node, "2.25.9301", "DCMQR").get("proof"));
            assertEquals("committed", delivery(node, "2.25.9301", "ORTHANC").get("proof"));
        } finally {
            archive.destroy();
            other.destroy();
            archive.onExit().join();
            other.onExit().join();
        }
    }

    @Test
    void twoArchivesThatForwardToEachOtherStop() throws Exception {
        try (DozoNode other =
                DozoNode.create("partner").set("dicom.ae-title", "PARTNER").up()) {
            peer(node, "PARTNER", other.dicomPort());
            peer(other, "DOZO", node.dicomPort());
            rule(node, "all", "instance", "modality = CT", 5, "PARTNER");
            rule(other, "all", "instance", "modality = CT", 5, "DOZO");
            send(node, "CT1", "2.25.9401", 1, 5);
            await("verified", "2.25.9401", "PARTNER");
            assertEquals("committed", delivery(node, "2.25.9401", "PARTNER").get("proof"));
            Await.until(
                    "the partner says why it sends nothing back",
                    PATIENCE,
                    () -> "skipped".equals(delivery(other, "2.25.9401", "DOZO").get("state")));
            assertTrue(String.valueOf(delivery(other, "2.25.9401", "DOZO").get("note"))
                    .contains("came from"));
            assertEquals(5, other.count("SELECT count(*) FROM stored_object"));
            assertEquals(5, node.count("SELECT count(*) FROM stored_object"));
            assertEquals(0, node.count("SELECT count(*) FROM job") + other.count("SELECT count(*) FROM job"));
        }
    }

    private Process dcmqrscp(int port) throws IOException {
        Path store = Files.createDirectories(temp.resolve("dcmqr"));
        Path configuration = temp.resolve("dcmqrscp.cfg");
        Files.writeString(configuration, """
                NetworkTCPPort = %d
                MaxPDUSize = 16384
                MaxAssociations = 16
                HostTable BEGIN
                HostTable END
                VendorTable BEGIN
                VendorTable END
                AETable BEGIN
                DCMQR %s RW (200, 1024mb) ANY
                AETable END
                """.formatted(port, store));
        return new ProcessBuilder("dcmqrscp", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("dcmqrscp.log").toFile())
                .start();
    }

    private Process orthanc(int port) throws IOException {
        Path configuration = temp.resolve("orthanc.json");
        Files.writeString(
                configuration, """
                {"Name":"Test","StorageDirectory":"%s","IndexDirectory":"%s","DicomPort":%d,"DicomAet":"ORTHANC",
                "HttpServerEnabled":false,"DicomAlwaysAllowEcho":true,"DicomAlwaysAllowStore":true,"DicomAlwaysAllowFind":true,
                "DicomModalities":{"dozo":{"AET":"DOZO","Host":"127.0.0.1","Port":%d,"AllowStorageCommitment":true}},"Plugins":[]}
                """.formatted(temp.resolve("orthanc"), temp.resolve("orthanc"), port, node.dicomPort()));
        return new ProcessBuilder("Orthanc", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("orthanc.log").toFile())
                .start();
    }

    private static void listen(int port) throws Exception {
        Await.until("something listens on " + port, PATIENCE, () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }
}
