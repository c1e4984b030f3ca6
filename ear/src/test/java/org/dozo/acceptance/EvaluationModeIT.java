// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dozo.dicom.AssociationRejectedException;
import org.dozo.dicom.DimseStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** G14, and the command's own contract: a node out of evaluation mode, configured by {@code ./dozo} alone. */
@TestInstance(Lifecycle.PER_CLASS)
class EvaluationModeIT {

    private DozoNode node;

    @BeforeAll
    void start() throws Exception {
        node = DozoNode.create("closed").set("evaluation.enabled", "false").set("node.rehearsal", "1 s").up();
    }

    @AfterAll
    void end() throws Exception {
        node.close();
    }

    @Test
    void anUnknownCallerIsRejectedForGoodAndCounted() throws Exception {
        AssociationRejectedException rejection =
                assertThrows(AssociationRejectedException.class, () -> Sender.open(node, "STRANGER", contexts()));
        assertTrue(rejection.isPermanent());
        String metrics = node.metrics();
        assertTrue(
                metrics.lines()
                        .anyMatch(
                                line -> line.matches(
                                        "dozo_dicom_rejected_associations_total\\{reason=\"calling AE title not recognized\"\\} [1-9].*")),
                metrics);
    }

    @Test
    void aConfiguredPeerIsTaken() throws Exception {
        assertEquals(
                "Added the peer CT1 at 127.0.0.1 port 11119; it may store, find, move, get, commit."
                        + " Try it: ./dozo peer echo CT1\n",
                node.dozo("peer", "add", "CT1", "127.0.0.1", "11119").orFail().output());
        assertTrue(node.dozo("peer", "list").orFail().output().contains("CT1"));
        DimseStatus status = storeAs("CT1", "2.25.901");
        assertEquals(DimseStatus.SUCCESS, status);
        node.dozo("peer", "remove", "CT1").orFail();
        Await.until("CT1 is unknown again", Duration.ofSeconds(10), () -> !isAdmitted("CT1"));
    }

    @Test
    void aPeerThatMayNotStoreIsNotAuthorised() throws Exception {
        node.dozo("peer", "add", "VIEWER", "127.0.0.1", "11119", "--allow", "find,move")
                .orFail();
        assertEquals(0x0124, storeAs("VIEWER", "2.25.902").code());
        Checker.check(node).report("peers", "", 0, 1, Duration.ZERO, 0).assertClean();
    }

    @Test
    void peersComeBackFromTheirYamlFile() throws Exception {
        Path file = node.data().resolve("peers.yaml");
        node.dozo("peer", "add", "MR 1", "127.0.0.1", "11120", "--note", "second \"floor\"")
                .orFail();
        node.dozo("config", "export", file.toString()).orFail();
        assertTrue(Files.readString(file).contains("MR 1"));
        node.dozo("peer", "remove", "MR 1").orFail();
        node.dozo("config", "import", file.toString(), "--yes").orFail();
        Path again = node.data().resolve("again.yaml");
        node.dozo("config", "export", again.toString()).orFail();
        assertEquals(Files.readString(file), Files.readString(again));
    }

    @Test
    void statusHasTheShapeOfTheContract() throws Exception {
        Map<String, Object> status = node.status();
        assertTrue(
                status.keySet().containsAll(Set.of("version", "ready", "nodes", "counts", "volumes", "jobs")),
                status.toString());
        assertEquals(true, status.get("ready"));
        assertTrue(((Map<?, ?>) status.get("counts"))
                .keySet()
                .containsAll(Set.of("patients", "studies", "series", "instances")));
        Map<?, ?> volume = (Map<?, ?>) ((List<?>) status.get("volumes")).getFirst();
        assertTrue(volume.keySet().containsAll(Set.of("name", "state", "freeBytes")));
    }

    @Test
    void doctorSaysOneLineACheck() throws Exception {
        String output = node.dozo("doctor").output();
        for (String subject :
                List.of("java", "disk", "clock", "port", "database", "volume", "certificates", "codecs")) {
            assertTrue(
                    output.lines().anyMatch(line -> line.matches("(ok|warn|BAD) +" + subject + ".*")),
                    subject + " in\n" + output);
        }
    }

    @Test
    void anUnknownSettingStopsTheStart() throws Exception {
        try (DozoNode wrong = DozoNode.create("wrong").set("storage.min-copys", "2")) {
            Shell.Result result = wrong.tryUp();
            assertTrue(result.exit() != 0);
            assertTrue(result.output().contains("storage.min-copys"), result.output());
        }
    }

    private boolean isAdmitted(String title) throws Exception {
        try (Sender _ = Sender.open(node, title, contexts())) {
            return true;
        } catch (AssociationRejectedException e) {
            return false;
        }
    }

    private DimseStatus storeAs(String title, String root) throws Exception {
        // A node may remember for a moment whom it knew.
        Await.until(title + " is admitted", Duration.ofSeconds(10), () -> isAdmitted(title));
        try (Sender sender = Sender.open(node, title, contexts())) {
            return sender.store(TestObject.ct(root, root + ".1", root + ".1.1", 100));
        }
    }

    private static List<org.dozo.dicom.ProposedContext> contexts() {
        return List.of(Sender.VERIFICATION, Sender.CT);
    }
}
