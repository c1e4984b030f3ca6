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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Settles the staging entries that a death, or a commit in doubt, left behind: a recorded copy loses its staging name only, any
 * other loses its file. A node recovers its own entries, and those of nodes that were given up: what these began can't be committed any
 * more.
 */
final class StagingRecovery {

    /** Of other nodes, in one round on one volume: bounds the memory; the next round takes the rest. */
    private static final int MOST_OF_OTHERS = 10_000;

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

    /**
     * Settles the entries that are at least so old; those of other nodes not if that is zero, at the start. Never throws: what fails is
     * logged and tried again in the next round.
     */
    void recover(Volume volume, Duration leastAge) {
        Tally tally = new Tally();
        Map<String, List<Path>> ofOthers = new HashMap<>();
        int others = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(volume.staging())) {
            for (Path entry : entries) {
                String file = String.valueOf(entry.getFileName());
                Optional<ObjectName> name = ObjectName.ofStaging(node, file);
                Optional<String> other = ObjectName.writerOf(file).filter(writer -> !writer.equals(node));
                boolean ours = name.isPresent() && !inFlight.test(name.get().random());
                if (ours && isAged(entry, leastAge)) {
                    tally.count(settle(volume, entry, name.get()));
                } else if (file.startsWith("probe-" + node + '-') && isAged(entry, leastAge)) {
                    Files.deleteIfExists(entry);
                } else if (other.isPresent()
                        && !leastAge.isZero()
                        && others < MOST_OF_OTHERS
                        && isAged(entry, leastAge)) {
                    ofOthers.computeIfAbsent(other.get(), writer -> new ArrayList<>())
                            .add(entry);
                    others++;
                }
            }
            for (Map.Entry<String, List<Path>> other : ofOthers.entrySet()) {
                settleIfLost(volume, other.getKey(), other.getValue(), tally);
            }
        } catch (IOException | DirectoryIteratorException e) {
            StorageMessage.RECOVERY_POSTPONED.log(
                    volume.name(), VolumeFault.of(e).reason());
        }
        if (tally.recorded + tally.removed > 0) {
            StorageMessage.RECOVERED.log(volume.name(), tally.recorded, tally.removed);
        }
    }

    private static final class Tally {
        int recorded;
        int removed;

        void count(boolean wasRecorded) {
            if (wasRecorded) {
                recorded++;
            } else {
                removed++;
            }
        }
    }

    /** To be called after the entries were seen: a node that was lost before may have come back and written them. */
    private void settleIfLost(Volume volume, String writer, List<Path> entries, Tally tally) throws IOException {
        if (!ledger.isLost(writer)) {
            return;
        }
        for (Path entry : entries) {
            Optional<ObjectName> name = ObjectName.ofStaging(writer, String.valueOf(entry.getFileName()));
            if (name.isPresent()) {
                tally.count(settle(volume, entry, name.get()));
            }
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
