// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.dozo.shared.DurableFile;

/**
 * One copy of an object in arrival. Its staging entry is the record of intent: as long as it exists, recovery knows of the file
 * and of its final name. Not thread-safe.
 */
final class StagedCopy {

    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private static final Set<OpenOption> NEW_DIRECT =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, directOption());

    private final Volume volume;
    private final ObjectName name;
    private final Path staging;
    private final Path file;
    private final FileChannel channel;
    private long written;
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
            return volume.isDirect() ? openDirect(volume, staging) : FileChannel.open(staging, NEW);
        });
        return new StagedCopy(volume, name, staging, channel);
    }

    private static FileChannel openDirect(Volume volume, Path staging) throws IOException {
        try {
            return FileChannel.open(staging, NEW_DIRECT);
        } catch (FileSystemException e) {
            if (!"Invalid argument".equals(e.getReason())) {
                throw e;
            }
            // The file system knows no direct writes; some have made the file all the same before they say so.
            volume.avoidDirect();
            Files.deleteIfExists(staging);
            return FileChannel.open(staging, NEW);
        }
    }

    /** O_DIRECT, by name: the module jdk.unsupported exports it for everybody, but the compiler warns of every use. */
    private static OpenOption directOption() {
        try {
            Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
            return (OpenOption) options.getField("DIRECT").get(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(
                    "This JDK has no direct writes: use a full JDK 25 with the module jdk.unsupported", e);
        }
    }

    Volume volume() {
        return volume;
    }

    StoredCopy stored() {
        return new StoredCopy(volume.id(), volume.name(), name.path());
    }

    /** Writes a whole number of blocks, in memory that begins at a block's boundary. */
    void write(ByteBuffer blocks) throws IOException {
        long length = blocks.remaining();
        while (blocks.hasRemaining()) {
            channel.write(blocks);
        }
        written += length;
        volume.wrote(length);
    }

    /** Writes the last bytes. Filled up to a block, since direct writes know nothing smaller, and cut again. */
    void writeEnd(ByteBuffer bytes) throws IOException {
        long end = written + bytes.remaining();
        int padded = Math.ceilDiv(bytes.remaining(), Volume.BLOCK) * Volume.BLOCK;
        int from = bytes.limit();
        bytes.limit(padded);
        while (from < padded) {
            bytes.put(from++, (byte) 0);
        }
        write(bytes);
        channel.truncate(end);
        written = end;
    }

    /** Writes what another copy was given, by way of {@code buffer}. */
    void copyFrom(StagedCopy other, ByteBuffer buffer) throws IOException {
        try (FileChannel source = FileChannel.open(other.staging, StandardOpenOption.READ)) {
            while (written + buffer.clear().capacity() <= other.written) {
                fill(source, buffer, buffer.capacity());
                write(buffer.flip());
            }
            fill(source, buffer.clear(), (int) (other.written - written));
            writeEnd(buffer.flip());
        }
    }

    private static void fill(FileChannel source, ByteBuffer buffer, int length) throws IOException {
        buffer.limit(length);
        while (buffer.hasRemaining()) {
            if (source.read(buffer) < 0) {
                throw new EOFException("A copy that was just written is too short");
            }
        }
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
        DurableFile.forceDirectory(DirectoryTree.parent(file));
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
