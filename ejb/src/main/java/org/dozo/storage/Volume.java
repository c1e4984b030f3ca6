// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One volume: what the last check saw, and what the write path has learnt since. A failed write makes it suspect at once; only a
 * check whose probe began after that failure clears it.
 */
final class Volume {

    static final String STAGING = "staging";

    /** Bytes; direct writes are of whole blocks, from memory and to positions that begin at a block's boundary. */
    static final int BLOCK = 4096;

    /** What a check saw. */
    record Sight(VolumeState state, String detail, long freeBytes) {
        static final Sight NONE = new Sight(VolumeState.UNCHECKED, "the first check is not complete", 0);

        VolumeStatus statusOf(String volume) {
            return new VolumeStatus(volume, state, detail, freeBytes);
        }
    }

    /** Tells one marker file from another without reading it. */
    record MarkerStamp(@Nullable Object key, long modifiedMillis, long size) {
        static MarkerStamp of(Path root) throws IOException {
            BasicFileAttributes attributes =
                    Files.readAttributes(root.resolve(VolumeMarker.FILE), BasicFileAttributes.class);
            return new MarkerStamp(
                    attributes.fileKey(), attributes.lastModifiedTime().toMillis(), attributes.size());
        }
    }

    /** Something that blocks as long as the volume's file system does. */
    @FunctionalInterface
    interface FileOperation<T> {
        T run() throws IOException;
    }

    /** Equal to itself only: several may start in one nanosecond. */
    private static final class Started {
        private final long nanos;

        Started(long nanos) {
            this.nanos = nanos;
        }
    }

    private final String name;
    private final Path root;
    private final boolean adopted;

    /** Null until it is known. */
    private volatile @Nullable Boolean direct;

    private final Set<Started> running = ConcurrentHashMap.newKeySet();
    private final DirectoryTree directories;
    private final LongAdder bytesSinceSight = new LongAdder();
    private volatile Sight sight = Sight.NONE;
    private volatile @Nullable MarkerStamp stamp;
    private volatile VolumeRegistry.@Nullable Registration registration;
    private long suspicions;
    private long cleared;

    Volume(String name, Path root, boolean directWanted) {
        this(name, root, directWanted, false);
    }

    private Volume(String name, Path root, boolean directWanted, boolean adopted) {
        this.name = name;
        this.root = root;
        this.adopted = adopted;
        this.directories = new DirectoryTree(root);
        this.direct = directWanted ? null : Boolean.FALSE;
    }

    /** A volume of {@code storage.adopted}. */
    static Volume adopted(String name, Path root) {
        return new Volume(name, root, false, true);
    }

    boolean isAdopted() {
        return adopted;
    }

    /** Whether its files are written past the page cache (docs/adr/0004): if wanted, and its blocks are no larger than ours. */
    boolean isDirect() throws IOException {
        Boolean known = direct;
        if (known == null) {
            known = BLOCK % Files.getFileStore(root).getBlockSize() == 0;
            direct = known;
        }
        return known;
    }

    void avoidDirect() {
        direct = false;
    }

    String name() {
        return name;
    }

    Path root() {
        return root;
    }

    Path staging() {
        return root.resolve(STAGING);
    }

    DirectoryTree directories() {
        return directories;
    }

    VolumeRegistry.@Nullable Registration registration() {
        return registration;
    }

    void registered(VolumeRegistry.Registration as) {
        registration = as;
    }

    /** @throws IllegalStateException if it was never seen registered, which a writable volume always was */
    short id() {
        VolumeRegistry.Registration known = registration;
        if (known == null) {
            throw new IllegalStateException("Volume " + name + " is not registered");
        }
        return known.id();
    }

    Sight sight() {
        return sight;
    }

    VolumeStatus status() {
        return sight.statusOf(name);
    }

    VolumeState state() {
        return sight.state();
    }

    boolean isWritable() {
        return sight.state() == VolumeState.ONLINE;
    }

    /** Free bytes at the last check less those written since. */
    long expectedFreeBytes() {
        return sight.freeBytes() - bytesSinceSight.sum();
    }

    void wrote(long bytes) {
        bytesSinceSight.add(bytes);
    }

    /**
     * Makes sure, for each object, that the directory is still the volume that the last check saw: between two checks another
     * disk, or none, may have been mounted there.
     */
    void confirmMarker() throws IOException {
        if (!MarkerStamp.of(root).equals(stamp)) {
            throw new IOException("the marker in " + root + " is not the one of the last check");
        }
    }

    /** Runs an operation on the volume's files, so that the watch notices if it does not end. */
    <T> T observed(FileOperation<T> operation) throws IOException {
        Started started = new Started(System.nanoTime());
        running.add(started);
        try {
            return operation.run();
        } finally {
            running.remove(started);
        }
    }

    /** The volume is suspect if one of its operations has been running for so long. */
    void noticeHang(Duration limit) {
        long now = System.nanoTime();
        if (isWritable() && running.stream().anyMatch(each -> now - each.nanos >= limit.toNanos())) {
            suspect(new VolumeFault(VolumeState.FAILED, root + " has not answered for " + limit.toMillis() + " ms"));
        }
    }

    /** The write path failed here: not written until a probe succeeds. */
    void suspect(Exception error) {
        suspect(VolumeFault.of(error));
    }

    synchronized void suspect(VolumeFault fault) {
        suspicions++;
        show(new Sight(fault.state(), fault.reason(), sight.freeBytes()));
    }

    synchronized long suspicions() {
        return suspicions;
    }

    synchronized boolean isSuspect() {
        return suspicions > cleared;
    }

    /** A probe that began when there were so many suspicions has succeeded. */
    synchronized void clear(long suspicionsBefore) {
        cleared = Math.max(cleared, suspicionsBefore);
    }

    /** Takes what a check saw; a suspicion that arose meanwhile outweighs "online". */
    synchronized void see(Sight seen, @Nullable MarkerStamp markerSeen) {
        if (seen.state() == VolumeState.ONLINE && isSuspect()) {
            return;
        }
        stamp = markerSeen;
        bytesSinceSight.reset();
        if (!seen.state().isReadable()) {
            directories.forgetAll();
        }
        show(seen);
    }

    private void show(Sight next) {
        VolumeState before = sight.state();
        sight = next;
        if (before != next.state()) {
            StorageMessage.of(next.state()).log(name, next.state() == VolumeState.ONLINE ? root : next.detail());
        }
    }
}
