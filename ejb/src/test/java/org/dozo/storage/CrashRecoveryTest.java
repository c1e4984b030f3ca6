// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jboss.byteman.agent.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A2, A10: a process halted at named points of the write path; after recovery the files are exactly those of the ledger. */
class CrashRecoveryTest {

    private static final int HALTED = 137;

    @TempDir
    Path data;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    volume half initialised      | VolumeMarker.write       | AT INVOKE Files.createLink     | 1
                    marker written               | VolumeMarker.write       | AT EXIT                        | 2
                    volume registered            | LedgerOnDisk.register    | AT EXIT                        | 1
                    first copy created           | StagedCopy.create        | AT EXIT                        | 7
                    second copy created          | StagedCopy.create        | AT EXIT                        | 8
                    half the bytes written       | StagedCopy.write         | AT EXIT                        | 9
                    directory made               | DirectoryTree.create     | AT EXIT                        | 7
                    linked                       | StagedCopy.linkOnce      | AT EXIT                        | 7
                    bytes fsynced                | StorageMetrics.fsynced   | AT EXIT                        | 7
                    one name fsynced             | DirectoryTree.makeDurable | AT EXIT                       | 7
                    staged                       | StagedObject.<init>      | AT EXIT                        | 4
                    kept                         | StagedObject.keep        | AT EXIT                        | 4
                    committed                    | StagedObject.settle      | AT ENTRY                       | 3
                    one copy settled             | StagedCopy.settle        | AT EXIT                        | 5
                    settled                      | ObjectWrite.settle       | AT EXIT                        | 3
                    a refused one half removed   | StagedCopy.discard       | AFTER INVOKE StagedCopy.unlink | 2
                    a refused one removed        | ObjectWrite.discard      | AT EXIT                        | 1
                    """)
    void afterAHaltTheFilesAreThoseOfTheLedger(String step, String method, String place, int hit) throws Exception {
        Child child = Child.run(List.of(), halting(method, place, hit), data, 2, 12, "a", "b", "c");
        assertEquals(HALTED, child.exit(), "the point was not reached: " + child.answers());
        assertRecovered(child.stored());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    asked the ledger   | StagingRecovery.settle | AFTER INVOKE CopyLedger.isRecorded  | 1
                    file removed       | StagingRecovery.settle | AFTER INVOKE Files.deleteIfExists 1 | 1
                    first entry gone   | StagingRecovery.settle | AT EXIT                             | 1
                    """)
    void aHaltDuringRecoveryIsRecoveredToo(String step, String method, String place, int hit) throws Exception {
        Child first = Child.run(List.of(), halting("StagedObject.keep", "AT EXIT", 4), data, 2, 12, "a", "b", "c");
        assertEquals(HALTED, first.exit());
        Child second = Child.run(List.of(), halting(method, place, hit), data, 2, 12, "a", "b", "c");
        assertEquals(HALTED, second.exit(), "the point was not reached: " + second.answers());
        assertRecovered(first.stored());
    }

    @Test
    void aProcessKilledAtAnyMomentLosesNothingItAcknowledged() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> stored = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            Process process = Child.start(List.of(), List.of(), data, 2, 100_000, "a", "b", "c");
            List<String> answers = new ArrayList<>();
            var lines = process.inputReader();
            for (int i = random.nextInt(5, 60); i > 0; i--) {
                answers.add(lines.readLine());
            }
            // Not Process.destroyForcibly: it closes the stream, and with it the answers not read yet.
            process.toHandle().destroyForcibly();
            lines.lines().forEach(answers::add);
            process.waitFor();
            stored.addAll(Child.stored(answers));
        }
        assertFalse(stored.isEmpty());
        assertRecovered(stored);
    }

    @Test
    void anObjectInDoubtStaysUntilTheLedgerHasDecided() throws Exception {
        try (StorageRig rig = new StorageRig(data, "a")) {
            rig.start();
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                try (StagedObject<Integer> staged = rig.stage(StorageRig.dataSet(100))) {
                    if (i == 0) {
                        rig.ledger.commit(staged.name(), rig.storage.keep(staged));
                    }
                    names.add(staged.name());
                    rig.storage.leaveInDoubt(staged);
                }
            }
            assertEquals(4, rig.files("a").size());
            rig.ledger.answers = false;
            rig.restart();
            assertEquals(4, rig.files("a").size(), "a ledger that does not answer decides nothing");
            rig.ledger.answers = true;
            rig.restart();
            assertEquals(rig.ledger.committedPaths(), rig.files("a"));
            assertTrue(rig.files("a").getFirst().contains(names.getFirst()));
        }
    }

    @Test
    void aCopyThatWasGivenUpBesideRecordedOnesIsRemoved() throws Exception {
        try (StorageRig rig = new StorageRig(data, "a", "b")) {
            rig.minCopies = 2;
            rig.start();
            StagedObject<Integer> staged = rig.stage(StorageRig.dataSet(100));
            List<StoredCopy> copies = rig.storage.keep(staged);
            rig.ledger.commit(staged.name(), copies.subList(0, 1));
            rig.storage.leaveInDoubt(staged);
            rig.restart();
            assertEquals(List.of(copies.get(0).path()), rig.files(copies.get(0).volumeName()));
            assertEquals(List.of(), rig.files(copies.get(1).volumeName()));
        }
    }

    @Test
    void recoveryLeavesObjectsInFlightAndOtherNodesAlone() throws Exception {
        try (StorageRig rig = new StorageRig(data, "a")) {
            rig.recoveryInterval = Duration.ofMillis(1);
            rig.start();
            Path foreign = rig.root("a").resolve("staging/node1-b-20261122-" + "0".repeat(32) + ".part");
            Path left = rig.root("a").resolve("staging/node1-20261122-" + "0".repeat(32) + ".part");
            Files.createFile(foreign);
            try (StagedObject<Integer> staged = rig.stage(StorageRig.dataSet(100))) {
                Files.createFile(left);
                StorageRig.await(() -> !Files.exists(left), "recovery");
                rig.ledger.commit(staged.name(), rig.storage.keep(staged));
                rig.storage.settle(staged);
            }
            assertEquals(2, rig.files("a").size());
            assertTrue(Files.exists(foreign));
        }
    }

    @Test
    void whatALostNodeLeftIsSettledByTheOthers() throws Exception {
        try (StorageRig rig = new StorageRig(data, "a")) {
            rig.recoveryInterval = Duration.ofMillis(1);
            rig.start();
            Path root = rig.root("a");
            ObjectName recorded = ObjectName.fresh();
            ObjectName refused = ObjectName.fresh();
            for (ObjectName name : List.of(recorded, refused)) {
                Files.createDirectories(name.in(root).getParent());
                Files.createFile(name.in(root));
                Files.createFile(root.resolve("staging").resolve(name.stagingName("node2")));
            }
            rig.ledger.commit(recorded.random(), List.of(new StoredCopy((short) 1, "a", recorded.path())));
            Path own = Files.createFile(root.resolve("staging/node1-20261122-" + "0".repeat(32) + ".part"));
            StorageRig.await(() -> !Files.exists(own), "recovery");
            assertEquals(4, rig.files("a").size(), "node2 may still commit");

            rig.ledger.lostNodes.add("node2");
            StorageRig.await(() -> rig.files("a").size() == 1, "recovery of the lost node's entries");
            assertEquals(List.of(recorded.path()), rig.files("a"));
        }
    }

    private void assertRecovered(List<String> acknowledged) throws IOException, InterruptedException {
        try (StorageRig rig = new StorageRig(data, "a", "b", "c")) {
            rig.minCopies = 2;
            rig.start();
            List<String> files = new ArrayList<>();
            rig.locations.keySet().forEach(volume -> files.addAll(rig.files(volume)));
            List<String> committed = rig.ledger.committedPaths();
            assertEquals(committed, files.stream().sorted().toList());
            for (String name : acknowledged) {
                assertEquals(
                        2,
                        committed.stream().filter(path -> path.contains(name)).count(),
                        name);
            }
            for (Path root : rig.locations.values()) {
                for (String file : StorageRig.files(root)) {
                    assertEquals(StorageRig.HEAD.length + WriterProcess.LENGTH, Files.size(root.resolve(file)));
                }
                assertEquals(VolumeState.ONLINE, rig.state(root.getFileName().toString()));
            }
            rig.store(StorageRig.dataSet(10));
        }
    }

    /** Byteman's agent with one rule: halt at that place of the method the given time. */
    private List<String> halting(String method, String place, int hit) throws IOException, URISyntaxException {
        String[] names = method.split("\\.");
        Path rule = Files.createTempFile("halt", ".btm");
        rule.toFile().deleteOnExit();
        Files.writeString(rule, """
                RULE halt
                CLASS org.dozo.storage.%s
                METHOD %s
                %s
                IF incrementCounter("hits") == %d
                DO java.lang.Runtime.getRuntime().halt(%d)
                ENDRULE
                """.formatted(names[0], names[1], place, hit, HALTED));
        Path agent = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        return List.of("-javaagent:" + agent + "=script:" + rule);
    }
}
