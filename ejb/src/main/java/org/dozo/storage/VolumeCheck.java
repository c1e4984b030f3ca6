// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.dozo.shared.DurableFile;
import org.dozo.storage.Volume.MarkerStamp;
import org.dozo.storage.Volume.Sight;
import org.dozo.storage.VolumeMarker.NotAMarkerException;
import org.dozo.storage.VolumeRegistry.Registration;
import org.jspecify.annotations.Nullable;

/**
 * One look at one volume: is it there, is it ours, can it be written. A volume that was never registered and whose directory is
 * empty is initialised; a registered one never is, whatever its directory looks like.
 */
final class VolumeCheck {

    private static final int PROBE_BYTES = 4096;

    private final Volume volume;
    private final StorageSettings settings;
    private final VolumeRegistry registry;
    private @Nullable Long lastProbeNanos;

    VolumeCheck(Volume volume, StorageSettings settings, VolumeRegistry registry) {
        this.volume = volume;
        this.settings = settings;
        this.registry = registry;
    }

    /** Looks, and tells the volume. Never throws; called by one thread at a time. */
    void run() {
        try {
            if (volume.isAdopted()) {
                volume.see(lookAtAdopted(), null);
                return;
            }
            Optional<Registration> registration = registration();
            MarkerStamp stamp = stamp();
            volume.see(registration.isPresent() ? look(registration.get()) : firstSight(), stamp);
        } catch (SQLException e) {
            volume.see(sight(VolumeState.UNCHECKED, "the database does not say whether it is registered"), null);
        } catch (IOException | RuntimeException e) {
            volume.see(new Sight(VolumeFault.of(e).state(), VolumeFault.of(e).reason(), 0), null);
        }
    }

    /** Nothing is written there, so no marker says whose it is: the digests do, file by file. */
    private Sight lookAtAdopted() throws IOException, SQLException {
        Path root = volume.root();
        if (!Files.isDirectory(root)) {
            return sight(VolumeState.MISSING, "there is no directory " + root);
        }
        if (hasNoEntries(root)) {
            return sight(VolumeState.EMPTY, "there is nothing in " + root);
        }
        if (registration().isEmpty()) {
            volume.registered(registry.register(volume.name(), UUID.randomUUID()));
        }
        return sight(VolumeState.ADOPTED, root + " is read where it lies, never written");
    }

    private Optional<Registration> registration() throws SQLException {
        Registration known = volume.registration();
        Optional<Registration> found = known == null ? registry.find(volume.name()) : Optional.of(known);
        found.ifPresent(volume::registered);
        return found;
    }

    private @Nullable MarkerStamp stamp() throws IOException {
        try {
            return MarkerStamp.of(volume.root());
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** A volume that the archive has never had: initialised if there is nothing in its directory that could be lost. */
    private Sight firstSight() throws IOException, SQLException {
        Path root = volume.root();
        Files.createDirectories(root);
        Optional<VolumeMarker> present = VolumeMarker.read(root);
        if (!isBlank(root)) {
            return sight(VolumeState.FOREIGN, "it was never registered, but " + root + " is not empty");
        }
        if (present.isPresent() && !present.get().name().equals(volume.name())) {
            return sight(VolumeState.FOREIGN, markerOf(present.get()));
        }
        VolumeMarker marker = present.isPresent()
                ? present.get()
                : VolumeMarker.fresh(volume.name()).write(root);
        createStaging();
        DurableFile.forceDirectory(root);
        Registration registration = registry.register(volume.name(), marker.uuid());
        volume.registered(registration);
        if (registration.marker().equals(marker.uuid())) {
            StorageMessage.VOLUME_INITIALISED.log(volume.name(), root);
        }
        return sight(VolumeState.UNCHECKED, "it was initialised a moment ago");
    }

    private Sight look(Registration registration) throws IOException {
        Path root = volume.root();
        if (!Files.isDirectory(root)) {
            return sight(VolumeState.MISSING, "there is no directory " + root);
        }
        try {
            Optional<VolumeMarker> marker = VolumeMarker.read(root);
            if (marker.isEmpty()) {
                return isBlank(root)
                        ? sight(VolumeState.EMPTY, "there is nothing in " + root)
                        : sight(VolumeState.FOREIGN, root + " has files, but no marker");
            }
            if (!marker.get().uuid().equals(registration.marker())) {
                return sight(VolumeState.FOREIGN, markerOf(marker.get()));
            }
        } catch (NotAMarkerException e) {
            return sight(VolumeState.FOREIGN, String.valueOf(e.getMessage()));
        }
        return lookInside();
    }

    private Sight lookInside() throws IOException {
        if (!Files.isDirectory(volume.staging())) {
            // Not made here: what lies under the path may have changed since its marker was read.
            return sight(VolumeState.FAILED, "there is no directory " + volume.staging() + ": create it, empty");
        }
        if (!Files.isWritable(volume.staging())) {
            return sight(VolumeState.READ_ONLY, "files cannot be created in " + volume.staging());
        }
        // Not FileStore: it parses the table of all mounts.
        long free = volume.root().toFile().getUsableSpace();
        if (free < settings.reserveBytes()) {
            return new Sight(
                    VolumeState.FULL, free + " bytes are free, storage.reserve is " + settings.reserveBytes(), free);
        }
        if (!volume.isSuspect()) {
            return new Sight(VolumeState.ONLINE, "", free);
        }
        return probeIsDue() ? probe(free) : volume.sight();
    }

    private boolean probeIsDue() {
        return lastProbeNanos == null
                || System.nanoTime() - lastProbeNanos
                        >= settings.probeInterval().toNanos();
    }

    /** A small file is written, fsynced, read back and removed. */
    private Sight probe(long free) {
        long suspicions = volume.suspicions();
        lastProbeNanos = System.nanoTime();
        Path file = volume.staging().resolve(StagingRecovery.probeName(settings.node(), UUID.randomUUID()));
        try {
            byte[] written = new byte[PROBE_BYTES];
            Arrays.fill(written, (byte) suspicions);
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(written);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            if (!Arrays.equals(written, Files.readAllBytes(file))) {
                return new Sight(VolumeState.FAILED, "a probe read back other bytes than it had written", free);
            }
            Files.delete(file);
            volume.clear(suspicions);
            return new Sight(VolumeState.ONLINE, "", free);
        } catch (IOException e) {
            removeProbe(file);
            return new Sight(
                    VolumeFault.of(e).state(),
                    "a probe failed: " + VolumeFault.of(e).reason(),
                    free);
        }
    }

    private static void removeProbe(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The volume is suspect as it is; recovery removes the file.
        }
    }

    private void createStaging() throws IOException {
        try {
            Files.createDirectory(volume.staging());
        } catch (FileAlreadyExistsException e) {
            // Another node that shares the volume was first.
        }
    }

    /** Nothing but what Dozo or the file system itself puts into a new volume. */
    private static boolean isBlank(Path root) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                boolean own = name.startsWith(VolumeMarker.FILE) || name.equals("lost+found");
                if (!own && !(name.equals(Volume.STAGING) && hasNoEntries(entry))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean hasNoEntries(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }

    private String markerOf(VolumeMarker marker) {
        return "%s has the marker of volume %s, %s".formatted(volume.root(), marker.name(), marker.uuid());
    }

    private Sight sight(VolumeState state, String detail) {
        return new Sight(state, detail, 0);
    }
}
