// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** C1 to C3, C9: three disks, two copies, and what happens to disks. Under load all the time. */
@TestInstance(Lifecycle.PER_CLASS)
class VolumeIncidentIT {

    private static final int MEBIBYTES = 512;

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

    @Test
    void ingestGoesOnWhileADiskIsUnmounted() throws Exception {
        incident("unmounted", disks.get(0)::unmount, disks.get(0)::mount)
                .goesOn("a", Set.of("empty", "failed", "missing"));
    }

    @Test
    void ingestGoesOnWhileADiskIsFull() throws Exception {
        Path ballast = node.volumes().get("b").resolve("ballast");
        incident("full", disks.get(1)::fill, () -> Files.delete(ballast)).goesOn("b", Set.of("full"));
    }

    @Test
    void ingestGoesOnWhileADiskIsReadOnly() throws Exception {
        incident(
                        "readOnly",
                        () -> disks.get(2).remount("ro"),
                        () -> disks.get(2).remount("rw"))
                .goesOn("c", Set.of("read_only"));
    }

    @Test
    void ingestGoesOnWhileAnotherDiskIsMountedThere() throws Exception {
        incident("foreign", disks.get(0)::hideBehindAnother, disks.get(0)::unmount)
                .goesOn("a", Set.of("foreign"));
        assertTrue(Files.notExists(node.volumes().get("a").resolve("somebody-elses")));
    }

    @Test
    void withTooFewDisksNothingIsAcknowledged() throws Exception {
        incident(
                        "twoUnmounted",
                        () -> {
                            disks.get(0).unmount();
                            disks.get(1).unmount();
                        },
                        () -> {
                            disks.get(0).mount();
                            disks.get(1).mount();
                        })
                .nothingIsAcknowledged(2);
    }

    private VolumeIncident incident(String name, VolumeIncident.Act fault, VolumeIncident.Act repair) {
        return new VolumeIncident(node, name, fault, repair);
    }
}
