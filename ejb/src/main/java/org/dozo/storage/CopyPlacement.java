// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * On which volumes the copies of an object go: the writable ones with the most free bytes, as expected from the last check and
 * what was written since; of equals, the first by name.
 */
final class CopyPlacement {

    private static final Comparator<Volume> ORDER =
            Comparator.comparingLong(Volume::expectedFreeBytes).reversed().thenComparing(Volume::name);

    private final List<Volume> volumes;
    private final int minCopies;
    private final long reserveBytes;
    private final String node;

    CopyPlacement(List<Volume> volumes, StorageSettings settings) {
        this.volumes = volumes;
        this.minCopies = settings.minCopies();
        this.reserveBytes = settings.reserveBytes();
        this.node = settings.node();
    }

    int minCopies() {
        return minCopies;
    }

    long writableVolumes() {
        return volumes.stream().filter(Volume::isWritable).count();
    }

    /**
     * Creates a copy on the best volume that was not tried yet.
     *
     * @param tried volumes to leave out; those tried here are added
     * @throws StorageUnavailableException if there is none
     */
    StagedCopy create(ObjectName name, Set<Volume> tried) {
        while (true) {
            Volume volume = best(tried).orElseThrow(this::unavailable);
            tried.add(volume);
            try {
                return StagedCopy.create(volume, name, node);
            } catch (IOException e) {
                volume.suspect(e);
            }
        }
    }

    private Optional<Volume> best(Set<Volume> tried) {
        return volumes.stream()
                .filter(volume -> volume.isWritable() && !tried.contains(volume))
                .filter(volume -> volume.expectedFreeBytes() >= reserveBytes)
                .min(ORDER);
    }

    StorageUnavailableException unavailable() {
        String states = volumes.stream()
                .map(volume -> volume.name() + " " + volume.state() + detail(volume))
                .collect(Collectors.joining(", "));
        return new StorageUnavailableException("The object could not be kept on " + minCopies
                + " volume(s), as storage.min-copies asks. Volumes: " + states + ". Heal or add a volume.");
    }

    private static String detail(Volume volume) {
        String detail = volume.sight().detail();
        return detail.isEmpty() ? "" : " (" + detail + ")";
    }
}
