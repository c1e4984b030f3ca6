// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** One rule, two destinations that are no peers: Orthanc by STOW-RS, and a folder. */
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
            try (Sender sender = Sender.open(node, "CT1", List.of(Sender.VERIFICATION, Sender.CT))) {
                for (int i = 1; i <= OBJECTS; i++) {
                    assertEquals(
                            0,
                            sender.store(TestObject.ct(STUDY, SERIES, SERIES + "." + i, 200_000))
                                    .code());
                }
            }
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
}
