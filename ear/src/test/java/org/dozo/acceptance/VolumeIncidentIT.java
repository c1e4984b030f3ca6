// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.DimseStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** C1 to C3, C9: three disks, two copies, and what happens to disks. Under load all the time. */
@TestInstance(Lifecycle.PER_CLASS)
class VolumeIncidentIT {

    private static final Duration ALARM = Duration.ofSeconds(5);
    private static final Duration BACK = Duration.ofSeconds(20);
    private static final int MEBIBYTES = 512;
    private static final int OUT_OF_RESOURCES = 0xA700;

    private DozoNode node;
    private final List<MountedVolume> disks = new ArrayList<>();

    @BeforeAll
    void start() throws Exception {
        node = DozoNode.create("volumes")
                .volumes("a", "b", "c")
                .set("storage.min-copies", "2")
                .set("storage.reserve", "8 MiB")
                .set("storage.probe-interval", "1 s");
        assumeTrue(MountedVolume.works(node.data()), "this machine does not let tests mount: run them as root");
        for (Path at : node.volumes().values()) {
            disks.add(MountedVolume.create(at, MEBIBYTES));
        }
        node.up();
    }

    @AfterAll
    void end() throws Exception {
        if (node.isRunning()) {
            node.kill9();
        }
        for (MountedVolume disk : disks) {
            disk.close();
        }
        node.close();
    }

    /** What is done to a disk, and undone. */
    interface Act {
        void run() throws Exception;
    }

    @Test
    void ingestGoesOnWhileADiskIsUnmounted() throws Exception {
        goesOn("unmounted", "a", Set.of("empty", "failed", "missing"), disks.get(0)::unmount, disks.get(0)::mount);
    }

    @Test
    void ingestGoesOnWhileADiskIsFull() throws Exception {
        Path ballast = node.volumes().get("b").resolve("ballast");
        goesOn("full", "b", Set.of("full"), disks.get(1)::fill, () -> Files.delete(ballast));
    }

    @Test
    void ingestGoesOnWhileADiskIsReadOnly() throws Exception {
        goesOn(
                "readOnly",
                "c",
                Set.of("read_only"),
                () -> disks.get(2).remount("ro"),
                () -> disks.get(2).remount("rw"));
    }

    @Test
    void ingestGoesOnWhileAnotherDiskIsMountedThere() throws Exception {
        goesOn("foreign", "a", Set.of("foreign"), disks.get(0)::hideBehindAnother, disks.get(0)::unmount);
        assertTrue(Files.notExists(node.volumes().get("a").resolve("somebody-elses")));
    }

    @Test
    void withTooFewDisksNothingIsAcknowledged() throws Exception {
        nothingIsAcknowledged(
                "twoUnmounted",
                () -> {
                    disks.get(0).unmount();
                    disks.get(1).unmount();
                },
                () -> {
                    disks.get(0).mount();
                    disks.get(1).mount();
                },
                2);
    }

    private void goesOn(String name, String volume, Set<String> alarms, Act fault, Act repair) throws Exception {
        long seed = System.nanoTime();
        Duration recovery;
        int refused;
        try (Load load = Load.start(node, 2, 4096, seed)) {
            load.awaitStored(30);
            fault.run();
            try {
                Await.until(
                        volume + " is " + alarms,
                        ALARM,
                        () -> alarms.contains(node.volumeStates().get(volume)));
                load.awaitStored(30);
            } finally {
                repair.run();
            }
            recovery = awaitAllOnline();
            load.awaitStored(30);
            load.finish();
            refused = load.refused();
            load.refusals().forEach(answer -> assertEquals(OUT_OF_RESOURCES, answer.code(), answer.comment()));
        }
        Checker.check(node)
                .report("volume " + name, "2 senders, " + refused + " refused", 1, 0, recovery, seed)
                .assertClean();
    }

    private void nothingIsAcknowledged(String name, Act fault, Act repair, int volumesAway) throws Exception {
        long seed = System.nanoTime();
        Duration recovery;
        int refused;
        try (Load load = Load.start(node, 2, 4096, seed)) {
            load.awaitStored(30);
            fault.run();
            try {
                Await.until(
                        "alarms",
                        ALARM.plusSeconds(5),
                        () -> node.volumeStates().values().stream()
                                        .filter(state -> !state.equals("online"))
                                        .count()
                                >= volumesAway);
                int before = load.stored();
                int refusedBefore = load.refused();
                Await.until("refusals", Duration.ofSeconds(10), () -> load.refused() >= refusedBefore + 10);
                assertTrue(load.stored() <= before + 2, "only what was already durable is acknowledged");
                Await.until("not ready", ALARM, () -> !node.isReady());
            } finally {
                repair.run();
            }
            recovery = awaitAllOnline();
            load.awaitStored(30);
            load.finish();
            refused = load.refused();
            for (DimseStatus answer : load.refusals()) {
                assertEquals(OUT_OF_RESOURCES, answer.code(), answer.comment());
            }
        }
        Checker.check(node)
                .report("volume " + name, "2 senders, " + refused + " refused", 1, 0, recovery, seed)
                .assertClean();
    }

    private Duration awaitAllOnline() throws Exception {
        long start = System.nanoTime();
        Await.until(
                "all volumes online",
                BACK,
                () -> node.volumeStates().values().stream().allMatch("online"::equals));
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
