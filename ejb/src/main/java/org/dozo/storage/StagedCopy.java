// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * One copy of an object in arrival. Its staging entry is the record of intent: as long as it exists, recovery knows of the file
 * and of its final name. Not thread-safe.
 */
final class StagedCopy {

    private final Volume volume;
    private final ObjectName name;
    private final Path staging;
    private final Path file;
    private final FileChannel channel;
    private boolean durable;

    private StagedCopy(Volume volume, ObjectName name, Path staging, FileChannel channel) {
        this.volume = volume;
        this.name = name;
        this.staging = staging;
        this.file = name.in(volume.root());
        this.channel = channel;
    }

    /** Creates the staging entry; its directory exists on an initialised volume only and is never made here. */
    static StagedCopy create(Volume volume, ObjectName name, String node) throws IOException {
        Path staging = volume.staging().resolve(name.stagingName(node));
        FileChannel channel = volume.observed(() -> {
            volume.confirmMarker();
            return FileChannel.open(staging, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        });
        return new StagedCopy(volume, name, staging, channel);
    }

    Volume volume() {
        return volume;
    }

    StoredCopy stored() {
        return new StoredCopy(volume.id(), volume.name(), name.path());
    }

    void write(ByteBuffer bytes) throws IOException {
        long length = bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        volume.wrote(length);
    }

    /** Writes what another copy was given. */
    void copyFrom(StagedCopy other) throws IOException {
        try (FileChannel source = FileChannel.open(other.staging, StandardOpenOption.READ)) {
            long length = other.length();
            for (long done = 0; done < length; ) {
                long moved = source.transferTo(done, length - done, channel);
                if (moved <= 0) {
                    throw new IOException(other.staging + " ends after " + done + " of " + length + " bytes");
                }
                done += moved;
            }
            volume.wrote(length);
        }
    }

    private long length() throws IOException {
        return durable ? Files.size(staging) : channel.position();
    }

    boolean isDurable() {
        return durable;
    }

    /**
     * Gives the file its final name and makes bytes and name durable. The link comes before the fsync, so that one journal
     * commit carries the bytes, the link and new directories; the directory's own fsync is then cheap (docs/adr/0004).
     */
    void makeDurable(StorageMetrics metrics) throws IOException {
        durable = volume.observed(() -> linkAndForce(metrics));
    }

    private boolean linkAndForce(StorageMetrics metrics) throws IOException {
        List<Path> doubtful = link();
        long start = System.nanoTime();
        channel.force(true);
        metrics.fsynced(System.nanoTime() - start);
        channel.close();
        DirectoryTree.force(DirectoryTree.parent(file));
        volume.directories().makeDurable(doubtful);
        return true;
    }

    private List<Path> link() throws IOException {
        try {
            return linkOnce();
        } catch (NoSuchFileException e) {
            // Either the staging entry is gone, and it fails again, or somebody tidied up an empty directory.
            volume.directories().forgetAll();
            return linkOnce();
        }
    }

    private List<Path> linkOnce() throws IOException {
        // No directory is made on whatever lies under a volume that was unmounted while the object came in.
        volume.confirmMarker();
        List<Path> doubtful = volume.directories().create(DirectoryTree.parent(file));
        Files.createLink(file, staging);
        return doubtful;
    }

    /** Gives up the record of intent: the file stays. Not fsynced, since recovery would only do the same again. */
    void settle() {
        unlink(staging);
    }

    /** Removes everything. What cannot be removed is left to recovery. */
    void discard() {
        try {
            channel.close();
        } catch (IOException e) {
            volume.suspect(e);
        }
        if (unlink(file)) {
            unlink(staging);
        }
    }

    private boolean unlink(Path path) {
        try {
            Files.deleteIfExists(path);
            return true;
        } catch (IOException e) {
            StorageMessage.STAGING_NAME_LEFT.log(
                    name.random(), volume.name(), VolumeFault.of(e).reason());
            return false;
        }
    }
}
