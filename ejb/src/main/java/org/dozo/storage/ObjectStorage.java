// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * The archive's objects as files on volumes. One write is {@link #stage}, then, inside the caller's transaction, {@link #keep},
 * and after its commit {@link #settle}; a process that dies anywhere between leaves nothing that {@link #start} does not settle.
 *
 * <p><em>Pitfalls:</em> file input and output blocks the carrier of a virtual thread; the JDK makes up for it with further
 * carriers. A volume that hangs in the middle of a write blocks that write until it answers or fails.
 */
@Singleton
public final class ObjectStorage {

    private static final int POOLED_BUFFERS = 64;

    private final StorageSettings settings;
    private final AdoptedVolumes adopted;
    private final List<Volume> volumes;
    private final CopyPlacement placement;
    private final StorageMetrics metrics;
    private final StagingRecovery recovery;
    private final VolumeWatch watch;
    private final Set<String> inFlight = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<ByteBuffer> buffers = new ArrayBlockingQueue<>(POOLED_BUFFERS);
    private final ExecutorService forcing = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("dozo-fsync-", 0).factory());
    private final Map<Volume, Long> recoveredNanos = new ConcurrentHashMap<>();
    private volatile boolean enoughVolumes = true;

    /** Without adopted volumes. */
    public ObjectStorage(StorageSettings settings, VolumeRegistry registry, CopyLedger ledger, MeterRegistry meters) {
        this(settings, AdoptedVolumes.none(), registry, ledger, meters);
    }

    @Inject
    public ObjectStorage(
            StorageSettings settings,
            AdoptedVolumes adopted,
            VolumeRegistry registry,
            CopyLedger ledger,
            MeterRegistry meters) {
        this.settings = settings;
        this.adopted = adopted;
        this.volumes = Stream.concat(
                        settings.volumes().entrySet().stream()
                                .map(entry -> new Volume(entry.getKey(), entry.getValue(), settings.directWrites())),
                        adopted.volumes().entrySet().stream()
                                .map(entry -> Volume.adopted(entry.getKey(), entry.getValue())))
                .toList();
        this.placement = new CopyPlacement(volumes, settings);
        this.metrics = new StorageMetrics(meters, volumes);
        this.recovery = new StagingRecovery(settings.node(), ledger, inFlight::contains);
        this.watch = new VolumeWatch(volumes, settings, registry, this::recoverWhenDue, this::announceShortage);
    }

    /**
     * Looks at the volumes, initialises new ones, settles what a former life of this node left behind, and begins to watch.
     * To be called before the node takes objects; returns after {@code storage.hang-after} at the latest.
     */
    public void start() throws InterruptedException {
        watch.start();
    }

    /** Ends the watching. Writes in progress go on; the threads that force them end by themselves. */
    public void stop() {
        watch.stop();
    }

    /** Whether {@code min-copies} volumes can be written now. */
    public boolean isAvailable() {
        return placement.writableVolumes() >= placement.minCopies();
    }

    /** All volumes, in the order of the settings. */
    public List<VolumeStatus> volumes() {
        return volumes.stream().map(Volume::status).toList();
    }

    /**
     * Writes an object while {@code reading} reads its data set, to the end of the stream, and makes it durable, under its final
     * name, on {@code min-copies} volumes.
     *
     * @param fileHead preamble, prefix and File Meta Information, PS3.10 §7.1; written before the data set
     * @throws IOException what {@code dataSet} or {@code reading} threw, unchanged
     * @throws StorageUnavailableException if too few volumes could take it
     */
    public <T> StagedObject<T> stage(byte[] fileHead, InputStream dataSet, DataSetReading<T> reading)
            throws IOException {
        ObjectWrite write = new ObjectWrite(ObjectName.fresh(), placement, fileHead, takeBuffer());
        inFlight.add(write.name().random());
        boolean staged = false;
        try {
            write.begin(fileHead);
            DataSetTee tee = new DataSetTee(dataSet, write);
            T content = reading.read(tee);
            tee.drain();
            byte[] sha256 = write.makeDurable(metrics, forcing);
            staged = true;
            return new StagedObject<>(this, write, content, sha256);
        } finally {
            buffers.offer(write.buffer());
            if (!staged) {
                write.discard();
                release(write);
            }
        }
    }

    /**
     * Reads a file of an adopted volume while {@code reading} reads its data set, to the end, and takes its digests. Nothing is
     * written or copied: the file is the object's one copy, as safe as the disk it lies on.
     *
     * @param file a real path in an adopted volume
     * @param headLength bytes before the data set
     * @throws IOException what the file or {@code reading} threw, unchanged
     * @throws StorageUnavailableException if its volume can't be read now
     */
    public <T> AdoptedObject<T> adopt(Path file, long headLength, DataSetReading<T> reading) throws IOException {
        for (Map.Entry<String, Path> root : adopted.realRoots().entrySet()) {
            for (Volume volume : volumes) {
                boolean holds = volume.name().equals(root.getKey()) && file.startsWith(root.getValue());
                if (holds && volume.state() == VolumeState.ADOPTED) {
                    return Adoption.of(volume, root.getValue(), file, headLength, reading);
                }
            }
        }
        throw new StorageUnavailableException(
                "The file lies in no volume of storage.adopted that can be read now: see ./dozo status");
    }

    /** The object's copies, for the rows that record it. To be called inside the transaction, before its commit. */
    public List<StoredCopy> keep(StagedObject<?> staged) {
        return staged.keep();
    }

    /** After the commit: the object is part of the archive. Never fails; what cannot be tidied up is left to recovery. */
    public void settle(StagedObject<?> staged) {
        staged.settle();
    }

    /** When it is not known whether the transaction was committed: nothing is touched, recovery asks the ledger later. */
    public void leaveInDoubt(StagedObject<?> staged) {
        staged.leaveInDoubt();
    }

    /** The copy's file; empty if its volume cannot be read or the file is not there. */
    public Optional<Path> locate(StoredCopy copy) {
        return readable(copy).filter(Files::isRegularFile);
    }

    /** The copy's bytes, head and data set; empty as for {@link #locate}. */
    public Optional<InputStream> open(StoredCopy copy) throws IOException {
        Optional<Path> file = locate(copy);
        return file.isPresent() ? Optional.of(Files.newInputStream(file.get())) : Optional.empty();
    }

    /** Reads the copy again and compares its digests. */
    public CopyCondition verify(StoredCopy copy, Fixity expected) {
        return readable(copy).map(file -> FixityCheck.of(file, expected)).orElse(CopyCondition.UNKNOWN);
    }

    private Optional<Path> readable(StoredCopy copy) {
        return volumes.stream()
                .filter(volume -> volume.state().isReadable() && volume.id() == copy.volumeId())
                .map(volume -> inside(volume, copy))
                .findFirst();
    }

    private static Path inside(Volume volume, StoredCopy copy) {
        Path file = volume.root().resolve(copy.path()).normalize();
        if (!file.startsWith(volume.root())) {
            throw new IllegalArgumentException("The path of a copy leaves its volume " + volume.name());
        }
        return file;
    }

    void release(ObjectWrite write) {
        inFlight.remove(write.name().random());
    }

    private ByteBuffer takeBuffer() {
        ByteBuffer buffer = buffers.poll();
        return buffer == null
                ? ByteBuffer.allocateDirect(settings.bufferBytes() + Volume.BLOCK)
                        .alignedSlice(Volume.BLOCK)
                        .slice(0, settings.bufferBytes())
                : buffer;
    }

    /** On the volume's own thread: a file system that hangs must not keep the others from being watched. */
    private void recoverWhenDue(Volume volume) {
        if (volume.state() != VolumeState.ONLINE && volume.state() != VolumeState.FULL) {
            return;
        }
        Long last = recoveredNanos.get(volume);
        if (last == null) {
            recovery.recover(volume, Duration.ZERO);
        } else if (System.nanoTime() - last >= settings.recoveryInterval().toNanos()) {
            recovery.recover(volume, settings.recoveryInterval());
        } else {
            return;
        }
        recoveredNanos.put(volume, System.nanoTime());
    }

    private void announceShortage() {
        boolean enough = isAvailable();
        if (enough != enoughVolumes) {
            enoughVolumes = enough;
            StorageMessage message = enough ? StorageMessage.ENOUGH_VOLUMES : StorageMessage.TOO_FEW_VOLUMES;
            message.log(placement.writableVolumes(), placement.minCopies());
        }
    }
}
