// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.index.InstanceCatalogue;
import org.dozo.index.StoredInstance;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.StoredCopy;
import org.dozo.storage.VolumeStatus;

/**
 * Finds the file of an object that can be read: the first of its copies that is there and as long as it was. One that is missing or
 * short on a volume that can be read is put on the record; a volume that is away says so itself.
 */
@Singleton
public class StoredFiles {

    private static final Logger LOG = Logger.getLogger(StoredFiles.class.getName());

    private final ObjectStorage storage;
    private final InstanceCatalogue catalogue;

    @Inject
    public StoredFiles(ObjectStorage storage, InstanceCatalogue catalogue) {
        this.storage = storage;
        this.catalogue = catalogue;
    }

    /** Empty if no copy can be read now. */
    Optional<Path> find(StoredInstance instance) {
        for (StoredCopy copy : instance.copies()) {
            Optional<Path> file = storage.locate(copy);
            if (file.isPresent() && isWhole(file.get(), instance)) {
                return file;
            }
            if (isVolumeReadable(copy)) {
                suspect(instance, copy, file.isPresent() ? "is not as long as it was" : "is not there");
            }
        }
        return Optional.empty();
    }

    /** @throws FailureException {@link Failure#STORAGE_UNAVAILABLE} if no copy can be read now */
    Path require(StoredInstance instance) {
        return find(instance)
                .orElseThrow(() -> new FailureException(
                        Failure.STORAGE_UNAVAILABLE,
                        "None of the " + instance.copies().size() + " copies of instance " + instance.sopInstanceUid()
                                + " can be read now; check the volumes with ./dozo status, then try again"));
    }

    private static boolean isWhole(Path file, StoredInstance instance) {
        try {
            return Files.size(file) == instance.fileLength();
        } catch (IOException e) {
            LOG.log(Level.FINE, "A copy's size can't be had", e);
            return false;
        }
    }

    private boolean isVolumeReadable(StoredCopy copy) {
        return storage.volumes().stream()
                .filter(volume -> volume.name().equals(copy.volumeName()))
                .map(VolumeStatus::state)
                .anyMatch(state -> state.isReadable());
    }

    private void suspect(StoredInstance instance, StoredCopy copy, String fault) {
        try {
            if (catalogue.suspect(instance, copy)) {
                LOG.warning(() -> "DOZO-RET-001 The copy of object " + instance.objectName() + " on volume "
                        + copy.volumeName() + " " + fault
                        + "; it is read from another copy, if there is one. Remedy: check"
                        + " the volume, then ./dozo verify");
            }
        } catch (SQLException e) {
            LOG.log(
                    Level.WARNING,
                    "DOZO-RET-002 A copy that " + fault + " on volume " + copy.volumeName()
                            + " could not be put on the record: the database does not answer",
                    e);
        }
    }
}
