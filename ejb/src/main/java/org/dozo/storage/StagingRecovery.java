// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Settles the staging entries that a death, or a commit in doubt, left behind: a recorded copy loses its staging name only, any
 * other loses its file. A node recovers its own entries only.
 */
final class StagingRecovery {

    private final String node;
    private final CopyLedger ledger;
    private final Predicate<String> inFlight;

    /** @param inFlight whether this process is still working on the object of that name */
    StagingRecovery(String node, CopyLedger ledger, Predicate<String> inFlight) {
        this.node = node;
        this.ledger = ledger;
        this.inFlight = inFlight;
    }

    static String probeName(String node, UUID random) {
        return "probe-" + node + '-' + random;
    }

    /** Settles the entries that are at least so old. Never throws: what fails is logged and tried again in the next round. */
    void recover(Volume volume, Duration leastAge) {
        int recorded = 0;
        int removed = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(volume.staging())) {
            for (Path entry : entries) {
                String file = String.valueOf(entry.getFileName());
                Optional<ObjectName> name = ObjectName.ofStaging(node, file);
                boolean ours = name.isPresent() && !inFlight.test(name.get().random());
                if (ours && isAged(entry, leastAge)) {
                    if (settle(volume, entry, name.get())) {
                        recorded++;
                    } else {
                        removed++;
                    }
                } else if (file.startsWith("probe-" + node + '-') && isAged(entry, leastAge)) {
                    Files.deleteIfExists(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            StorageMessage.RECOVERY_POSTPONED.log(
                    volume.name(), VolumeFault.of(e).reason());
        }
        if (recorded + removed > 0) {
            StorageMessage.RECOVERED.log(volume.name(), recorded, removed);
        }
    }

    private boolean settle(Volume volume, Path entry, ObjectName name) throws IOException {
        boolean recorded = ledger.isRecorded(name.random(), volume.id());
        if (!recorded) {
            // The file first: as long as the staging name is there, the next round knows of it.
            Files.deleteIfExists(name.in(volume.root()));
        }
        Files.deleteIfExists(entry);
        return recorded;
    }

    private static boolean isAged(Path entry, Duration leastAge) throws IOException {
        try {
            Instant modified = Files.getLastModifiedTime(entry).toInstant();
            // A clock that was put back must not keep an entry for ever.
            return leastAge.isZero()
                    || Duration.between(modified, Instant.now()).abs().compareTo(leastAge) >= 0;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
