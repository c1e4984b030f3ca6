// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.dozo.storage.Volume.MarkerStamp;
import org.dozo.storage.Volume.Sight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyPlacementTest {

    @TempDir
    Path data;

    @Test
    void theVolumeWithTheMostRoomIsChosenCountingWhatWasWrittenSinceTheLastLook() throws Exception {
        assertEquals(
                List.of("b", "b", "a", "b", "a", "c"),
                placed(6, 100, volume("a", 1000), volume("b", 1150), volume("c", 860)));
    }

    @Test
    void ofEqualVolumesTheFirstByNameIsChosenWhateverTheOrderOfTheSettings() throws Exception {
        assertEquals(
                List.of("a", "b", "c", "a"), placed(4, 100, volume("c", 1000), volume("b", 1000), volume("a", 1000)));
    }

    @Test
    void theReserveIsNotTouched() throws Exception {
        Volume only = volume("a", 700);
        assertEquals(List.of("a", "a", "a"), placed(3, 100, only));
        assertThrows(StorageUnavailableException.class, () -> placed(1, 100, only));
    }

    private List<String> placed(int objects, long bytes, Volume... volumes) throws IOException {
        StorageRig rig = new StorageRig(data, "x");
        rig.reserve = 500;
        CopyPlacement placement = new CopyPlacement(List.of(volumes), rig.settings());
        List<String> names = new ArrayList<>();
        for (int i = 0; i < objects; i++) {
            StagedCopy copy = placement.create(ObjectName.fresh(), new HashSet<>());
            copy.volume().wrote(bytes);
            copy.discard();
            names.add(copy.volume().name());
        }
        return names;
    }

    private Volume volume(String name, long freeBytes) throws IOException {
        Path root = data.resolve(name);
        Files.createDirectories(root.resolve(Volume.STAGING));
        VolumeMarker.fresh(name).write(root);
        Volume volume = new Volume(name, root, true);
        volume.see(new Sight(VolumeState.ONLINE, "", freeBytes), MarkerStamp.of(root));
        return volume;
    }
}
