// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * C4: the fsyncs of one volume fail, on a deployed node under load. Byteman fails the calls, those of objects and those of the
 * probe, as long as the volume's flag is there. That a real EIO does the same is tested under strace in {@code ejb}.
 */
class FsyncErrorIT {

    private static final String FAILED = "failed ";
    private static final String CALLED = "called ";

    @Test
    void ingestGoesOnOnTheOtherVolume() throws Exception {
        try (DozoNode node = up("a", "1", "a", "b")) {
            incident(node, "fsync, one copy of two", "a").goesOn("a", Set.of("failed"));
            assertGivenUpForGood(node);
        }
    }

    @Test
    void withoutTheSecondCopyNothingIsAcknowledged() throws Exception {
        try (DozoNode node = up("b", "2", "a", "b")) {
            incident(node, "fsync, two copies of two", "b").nothingIsAcknowledged(1);
            assertGivenUpForGood(node);
        }
    }

    @Test
    void theOnlyVolumeRefusesUntilItsProbeSucceeds() throws Exception {
        try (DozoNode node = up("main", "1", "main")) {
            incident(node, "fsync, the only volume", "main").nothingIsAcknowledged(1);
            assertGivenUpForGood(node);
        }
    }

    private static DozoNode up(String failing, String minCopies, String... volumes) throws Exception {
        DozoNode node = DozoNode.create("fsync");
        try {
            node.volumes(volumes).set("storage.min-copies", minCopies).set("storage.probe-interval", "1 s");
            Path flag = flag(node, failing);
            // The probe may not throw, but forcing what is closed does.
            new Byteman(node, """
                    RULE calls
                    CLASS org.dozo.storage.StagedCopy
                    METHOD linkAndForce
                    AT INVOKE java.nio.channels.FileChannel.force
                    IF openTrace("fsyncs", "%1$s") OR TRUE
                    DO traceln("fsyncs", "called " + $this.staging)
                    ENDRULE
                    RULE objects
                    CLASS org.dozo.storage.StagedCopy
                    METHOD linkAndForce
                    AT INVOKE java.nio.channels.FileChannel.force
                    BIND flag = new java.io.File("%2$s")
                    IF flag.exists() AND $this.volume.name.equals("%3$s")
                    DO traceln("fsyncs", "failed " + $this.staging); throw new java.io.IOException("Input/output error")
                    ENDRULE
                    RULE probe
                    CLASS org.dozo.storage.VolumeCheck
                    METHOD probe
                    AT INVOKE java.nio.channels.FileChannel.force
                    BIND flag = new java.io.File("%2$s")
                    IF flag.exists() AND $this.volume.name.equals("%3$s")
                    DO $channel.close()
                    ENDRULE
                    """.formatted(trace(node), flag, failing)).arm();
            return node.up();
        } catch (Exception | AssertionError e) {
            node.close();
            throw e;
        }
    }

    private static VolumeIncident incident(DozoNode node, String name, String volume) {
        Path flag = flag(node, volume);
        return new VolumeIncident(node, name, () -> Files.createFile(flag), () -> Files.delete(flag));
    }

    /** An object whose fsync has failed is never fsynced again, and nothing of it stays. */
    private static void assertGivenUpForGood(DozoNode node) throws IOException {
        List<String> trace = Files.readAllLines(trace(node));
        List<String> failed = paths(trace, FAILED);
        List<String> called = paths(trace, CALLED);
        assertFalse(failed.isEmpty(), "no fault was injected");
        for (String path : failed) {
            assertEquals(1, Collections.frequency(called, path), path);
            assertFalse(Files.exists(Path.of(path)), path);
        }
    }

    private static List<String> paths(List<String> trace, String verb) {
        return trace.stream()
                .filter(line -> line.startsWith(verb))
                .map(line -> line.substring(verb.length()))
                .toList();
    }

    private static Path flag(DozoNode node, String volume) {
        return node.data().resolve("fails-" + volume);
    }

    private static Path trace(DozoNode node) {
        return node.data().resolve("fsyncs");
    }
}
