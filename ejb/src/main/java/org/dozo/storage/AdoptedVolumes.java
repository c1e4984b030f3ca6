// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.dozo.dicom.NodeProperties;

/**
 * The setting {@code storage.adopted}: trees of another archive whose files are copies of ours where they lie. Never written, never
 * marked, nothing in them is ever deleted; each file counts as the one copy that it is.
 *
 * @param volumes name to absolute directory, in the order given
 */
public record AdoptedVolumes(SequencedMap<String, Path> volumes) {

    static final String KEY = "storage.adopted";

    public AdoptedVolumes {
        volumes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(volumes));
    }

    public static AdoptedVolumes none() {
        return new AdoptedVolumes(new LinkedHashMap<>());
    }

    /**
     * @param own the volumes that are written: neither a name nor a directory may be both
     * @throws IllegalArgumentException naming the key, its value and the remedy
     */
    public static AdoptedVolumes of(NodeProperties properties, StorageSettings own) {
        SequencedMap<String, Path> volumes = StorageSettings.locations(KEY, properties.list(KEY, List.of()));
        volumes.forEach((name, path) -> {
            StorageSettings.requireName(KEY, name);
            for (Map.Entry<String, Path> written : own.volumes().entrySet()) {
                boolean overlap = path.startsWith(written.getValue())
                        || written.getValue().startsWith(path);
                if (overlap || name.equals(written.getKey())) {
                    throw new IllegalArgumentException("dozo.properties: " + KEY + ": " + name + "=" + path
                            + " has name or directory in common with volume " + written.getKey()
                            + " of storage.volumes: adopted trees are never written");
                }
            }
        });
        return new AdoptedVolumes(volumes);
    }

    /** Whether the file or folder lies in one of them, as it is now. */
    public boolean contains(Path realPath) {
        return realRoots().values().stream().anyMatch(realPath::startsWith);
    }

    /** Links followed; those that are not there are left out. */
    Map<String, Path> realRoots() {
        Map<String, Path> roots = new HashMap<>();
        volumes.forEach((name, root) -> real(root).ifPresent(real -> roots.put(name, real)));
        return roots;
    }

    private static Optional<Path> real(Path root) {
        try {
            return Optional.of(root.toRealPath());
        } catch (IOException e) {
            // Not mounted now: the watch says so.
            return Optional.empty();
        }
    }
}
