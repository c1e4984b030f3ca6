// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What happens to volumes. */
final class VolumeFaults {

    private VolumeFaults() {}

    /**
     * Takes one volume's directory away for a while, as when its disk is unmounted; the recovery is the longest time without an
     * acknowledged object.
     */
    static void lose(Rehearsal rehearsal) throws Exception {
        rehearsal.awaitSomeMoment();
        DozoNode cluster = rehearsal.cluster();
        List<Path> volumes = List.copyOf(cluster.volumes().values());
        Path volume = volumes.get(rehearsal.chance(volumes.size()));
        Path away = volume.resolveSibling(volume.getFileName() + ".away");
        long lost = System.nanoTime();
        Files.move(volume, away);
        Files.createDirectory(volume);
        try {
            rehearsal.load().awaitStored(50);
            rehearsal.recovered(rehearsal.load().longestSilenceSince(lost));
        } finally {
            Files.delete(volume);
            Files.move(away, volume);
        }
        Await.until(
                "the volume is back",
                Rehearsal.PATIENCE,
                () -> cluster.volumeStates().values().stream().allMatch("online"::equals));
    }
}
