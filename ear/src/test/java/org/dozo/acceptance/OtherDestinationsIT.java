// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Destinations that are no peers: Orthanc by STOW-RS, a folder, and a bucket of S3Proxy. */
class OtherDestinationsIT {

    private static final String STUDY = "2.25.9501";
    private static final String SERIES = STUDY + ".1";
    private static final int OBJECTS = 30;

    @TempDir
    Path temp;

    private DozoNode node;
    private Web web;

    @BeforeEach
    void up() throws Exception {
        node = DozoNode.create("destinations").set("retrieve.pause", "2 s").up();
        web = new Web(node);
    }

    @AfterEach
    void down() throws Exception {
        System.err.println(node.logTail());
        node.close();
    }

    private int post(String path, String json) throws Exception {
        return web.post(path, "application/json", json.getBytes(StandardCharsets.UTF_8))
                .statusCode();
    }

    private Map<?, ?> delivery(String destination) throws Exception {
        List<?> list = (List<?>) Web.json(web.get("/api/deliveries?study=" + STUDY + "&destination=" + destination)
                .body());
        return list.isEmpty() ? Map.of() : (Map<?, ?>) list.getFirst();
    }

    private void store() throws Exception {
        try (Sender sender = Sender.open(node, "CT1", List.of(Sender.VERIFICATION, Sender.CT))) {
            for (int i = 1; i <= OBJECTS; i++) {
                assertEquals(
                        0,
                        sender.store(TestObject.ct(STUDY, SERIES, SERIES + "." + i, 200_000))
                                .code());
            }
        }
    }

    private void awaitVerified(String destination, String proof) throws Exception {
        Await.until(destination + " is verified", Duration.ofMinutes(2), () -> {
            try {
                return "verified".equals(delivery(destination).get("state"));
            } catch (Exception e) {
                return false;
            }
        });
        assertEquals(
                proof, delivery(destination).get("proof"), delivery(destination).toString());
        assertEquals(OBJECTS, delivery(destination).get("sent"));
    }

    @Test
    void aRuleBringsEveryObjectBitForBitToOrthancByStowAndIntoAFolder() throws Exception {
        Path nas = Files.createDirectories(temp.resolve("nas"));
        try (Orthanc orthanc = Orthanc.startWithDicomWeb(temp.resolve("orthanc"), node, "ORTHANC")) {
            assertEquals(
                    201,
                    post(
                            "/api/destinations",
                            "{\"name\":\"WEB\",\"kind\":\"stow\",\"address\":\"" + orthanc.dicomWeb() + "/\"}"));
            assertEquals(
                    201,
                    post("/api/destinations", "{\"name\":\"NAS\",\"kind\":\"folder\",\"address\":\"" + nas + "\"}"));
            assertEquals(
                    409,
                    post("/api/destinations", "{\"name\":\"ORTHANC\",\"kind\":\"folder\",\"address\":\"" + nas + "\"}"),
                    "a peer has this name");
            assertEquals(502, post("/api/destinations/NAS/probe", "{}"), "it has no marker yet");
            Files.createFile(nas.resolve("dozo-destination"));
            assertEquals(200, post("/api/destinations/NAS/probe", "{}"));
            assertEquals(200, post("/api/destinations/WEB/probe", "{}"));
            assertEquals(404, post("/api/destinations/NONE/probe", "{}"));
            String rule = "{\"name\":\"all\",\"condition\":\"modality = CT\",\"destinations\":[\"WEB\",\"NAS\"]}";
            assertEquals(201, post("/api/rules", rule));
            assertEquals(409, web.delete("/api/destinations/NAS").statusCode(), "a rule names it");
            Path file = temp.resolve("configuration.yaml");
            node.dozo("config", "export", file.toString()).orFail();
            String exported = Files.readString(file);
            assertTrue(exported.contains("destinations:") && exported.contains(orthanc.dicomWeb()), exported);
            store();
            awaitVerified("WEB", "counted");
            awaitVerified("NAS", "compared");
            Path copies = temp.resolve("copies");
            orthanc.copyFiles(copies);
            assertEquals(OBJECTS, node.sent().acknowledged().size());
            assertEquals(Set.of(), node.sent().missing("", StoreScp.digests(copies)), "FWD_LOST at Orthanc");
            assertEquals(
                    Set.of(),
                    node.sent().missing("", StoreScp.digests(nas.resolve(STUDY).resolve(SERIES))),
                    "FWD_LOST in the folder");
            System.out.println("FWD_LOST=0 of " + OBJECTS + " at Orthanc by STOW-RS, and in the folder");
        }
    }

    private String refused(String... command) throws Exception {
        Shell.Result result = node.dozo(command);
        assertNotEquals(0, result.exit(), result.output());
        return result.output();
    }

    private static void assertSays(String words, String output) {
        assertTrue(output.contains(words), output);
    }

    @Test
    void aRuleBringsEveryObjectBitForBitIntoABucketAndItsKeysAreToldNowhere() throws Exception {
        Path secret = Files.createDirectories(node.data().resolve("secrets/destinations"))
                .resolve("cloud");
        Path file = temp.resolve("configuration.yaml");
        StringBuilder told = new StringBuilder();
        try (S3Server s3 = S3Server.start(temp.resolve("s3"))) {
            told.append(node.dozo(
                            "destination",
                            "add",
                            "S3",
                            "s3://images/pacs",
                            "--endpoint",
                            s3.endpoint(),
                            "--secret",
                            "cloud")
                    .orFail()
                    .output());
            String unread = refused("destination", "test", "S3");
            assertSays("can't be read", unread);
            Files.writeString(secret, S3Server.SECRET_KEY);
            String malformed = refused("destination", "test", "S3");
            assertSays("one line, ACCESS-KEY:SECRET-KEY", malformed);
            Files.writeString(secret, S3Server.ACCESS_KEY + ":" + S3Server.SECRET_KEY + "x");
            String wrong = refused("destination", "test", "S3");
            assertSays("correct the access key and the secret key", wrong);
            Files.writeString(secret, S3Server.ACCESS_KEY + ":" + S3Server.SECRET_KEY);
            String missing = refused("destination", "test", "S3");
            assertSays("create the bucket images", missing);
            Files.createDirectory(s3.bucket("images"));
            String well = node.dozo("destination", "test", "S3").orFail().output();
            assertSays("The destination S3 is well. ", well);
            assertSays("read back and compared", well);
            String rule = "{\"name\":\"all\",\"condition\":\"modality = CT\",\"destinations\":[\"S3\"]}";
            assertEquals(201, post("/api/rules", rule));
            assertSays("still a destination of a forwarding", refused("destination", "remove", "S3"));
            store();
            awaitVerified("S3", "compared");
            assertEquals(OBJECTS, node.sent().acknowledged().size());
            assertEquals(
                    Set.of(),
                    node.sent()
                            .missing(
                                    "",
                                    StoreScp.digests(s3.bucket("images")
                                            .resolve("pacs")
                                            .resolve(STUDY)
                                            .resolve(SERIES))),
                    "FWD_LOST in the bucket");
            System.out.println("FWD_LOST=0 of " + OBJECTS + " in a bucket of S3Proxy");
            told.append(unread).append(malformed).append(wrong).append(missing).append(well);
        }
        node.dozo("config", "export", file.toString()).orFail();
        String exported = Files.readString(file);
        assertSays("s3://images/pacs", exported);
        assertEquals(204, web.delete("/api/rules/all").statusCode());
        node.dozo("destination", "remove", "S3").orFail();
        node.dozo("config", "import", file.toString(), "--yes").orFail();
        assertSays("s3://images/pacs", node.dozo("destination", "list").orFail().output());
        Shell.Result doctor = node.dozo("doctor");
        assertSays("S3 can't be reached", doctor.output());
        told.append(exported)
                .append(doctor.output())
                .append(web.get("/api/destinations").body());
        assertFalse(told.toString().contains(S3Server.SECRET_KEY), told.toString());
        assertFalse(node.log().contains(S3Server.SECRET_KEY), "the key is in the log");
        assertTrue(node.log().contains("DOZO-"), "it is the log");
    }
}
