// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.dozo.dicom.NodeProperties;

/**
 * The settings {@code storage.*} of one node.
 *
 * @param node {@code node.name}: under this name the node recovers its own staging entries; unique in the cluster
 * @param volumes {@code storage.volumes}: name to absolute directory, in the order given
 * @param minCopies {@code storage.min-copies}: durable copies before an object is acknowledged, 1 to the number of volumes
 * @param reserveBytes {@code storage.reserve}: a volume with less free is full
 * @param checkInterval {@code storage.check-interval}: between two looks at each volume
 * @param probeInterval {@code storage.probe-interval}: between two test writes on a suspect volume
 * @param hangAfter {@code storage.hang-after}: a volume that has not answered for so long is suspect
 * @param recoveryInterval {@code storage.recovery-interval}: between two searches for left staging entries, and their least age
 * @param bufferBytes {@code storage.buffer}: write buffer of one object in arrival: whole blocks of 4 KiB, 64 KiB to 4 MiB
 * @param directWrites {@code storage.direct-writes}: whether objects are written past the page cache, where the file system can
 */
public record StorageSettings(
        String node,
        SequencedMap<String, Path> volumes,
        int minCopies,
        long reserveBytes,
        Duration checkInterval,
        Duration probeInterval,
        Duration hangAfter,
        Duration recoveryInterval,
        int bufferBytes,
        boolean directWrites) {

    /** System property: the directory that relative volume paths start from. */
    public static final String DATA = "dozo.data";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");

    public StorageSettings {
        volumes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(volumes));
        refuseUnless(NAME.matcher(node).matches(), "node.name=" + node + " is not a name" + NAMES);
        volumes.keySet().forEach(name -> requireName("storage.volumes", name));
        refuseUnless(!volumes.isEmpty(), "storage.volumes names no volume: give at least one name=path");
        refuseUnless(
                new HashSet<>(volumes.values()).size() == volumes.size(),
                "storage.volumes gives one directory to two volumes: each needs its own");
        refuseUnless(
                minCopies >= 1 && minCopies <= volumes.size(),
                "storage.min-copies=" + minCopies + " is not between 1 and the number of volumes, " + volumes.size());
        refuseUnless(reserveBytes >= 0, "storage.reserve is negative");
    }

    private static final String NAMES = " of 1 to 32 letters, digits, '_', '.' or '-'";

    /** @throws IllegalArgumentException naming the key, its value and the remedy */
    public static StorageSettings of(NodeProperties properties) {
        List<String> volumes = properties.list("storage.volumes", List.of("main=volumes/main"));
        return new StorageSettings(
                properties.text("node.name", "node1"),
                locations("storage.volumes", volumes),
                properties.integer("storage.min-copies", 1, 1, 16),
                properties.bytes("storage.reserve", 1L << 30),
                positive(properties, "storage.check-interval", Duration.ofSeconds(1)),
                positive(properties, "storage.probe-interval", Duration.ofSeconds(5)),
                positive(properties, "storage.hang-after", Duration.ofSeconds(10)),
                positive(properties, "storage.recovery-interval", Duration.ofMinutes(1)),
                buffer(properties),
                properties.flag("storage.direct-writes", true));
    }

    static void requireName(String key, String name) {
        refuseUnless(NAME.matcher(name).matches(), key + ": " + name + " is not a name" + NAMES);
    }

    /** {@code name=path}, …; a relative path starts at the data directory. */
    static SequencedMap<String, Path> locations(String key, List<String> entries) {
        Path data = Path.of(System.getProperty(DATA, "."));
        SequencedMap<String, Path> locations = new LinkedHashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            refuseUnless(equals > 0 && equals < entry.length() - 1, key + ": " + entry + " is not name=path");
            Path path = data.resolve(entry.substring(equals + 1).strip())
                    .toAbsolutePath()
                    .normalize();
            String name = entry.substring(0, equals).strip();
            refuseUnless(locations.put(name, path) == null, key + " names the volume " + name + " twice");
        }
        return locations;
    }

    private static Duration positive(NodeProperties properties, String key, Duration fallback) {
        Duration duration = properties.duration(key, fallback);
        refuseUnless(duration.isPositive(), key + " is not longer than 0");
        return duration;
    }

    private static int buffer(NodeProperties properties) {
        long bytes = properties.bytes("storage.buffer", 1 << 20);
        refuseUnless(
                bytes >= 64 << 10 && bytes <= 4 << 20 && bytes % Volume.BLOCK == 0,
                "storage.buffer is not a multiple of 4 KiB between 64 KiB and 4 MiB");
        return (int) bytes;
    }

    private static void refuseUnless(boolean right, String fault) {
        if (!right) {
            throw new IllegalArgumentException("dozo.properties: " + fault);
        }
    }
}
