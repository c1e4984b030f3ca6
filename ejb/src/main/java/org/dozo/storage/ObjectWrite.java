// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one object on their way to all its copies: one buffer, one digest. A copy whose volume fails is given up and the
 * volume becomes suspect; the others go on. Not thread-safe.
 *
 * <p><em>Pitfalls:</em> an interrupt of the writing thread closes its channels. That is no fault of a volume and passes through
 * as {@link ClosedByInterruptException}.
 */
final class ObjectWrite {

    private static final int SCRATCH = 64 << 10;

    private final ObjectName name;
    private final CopyPlacement placement;
    private final ByteBuffer buffer;
    private final int headLength;
    private final byte[] headSha256;
    private final MessageDigest digest = Sha256.start();
    private final Set<Volume> tried = new HashSet<>();
    private final List<StagedCopy> copies = new ArrayList<>();
    private byte @Nullable [] scratch;
    private long dataSetLength;

    ObjectWrite(ObjectName name, CopyPlacement placement, byte[] head, ByteBuffer buffer) {
        this.name = name;
        this.placement = placement;
        this.buffer = buffer.clear();
        this.headLength = head.length;
        this.headSha256 = Sha256.of(head);
    }

    /** Creates the copies and writes the file's head, which is not part of the data set's digest. */
    void begin(byte[] head) throws IOException {
        while (copies.size() < placement.minCopies()) {
            copies.add(placement.create(name, tried));
        }
        append(head, 0, head.length);
    }

    /** Takes bytes of the data set. */
    void put(byte[] bytes, int offset, int length) throws IOException {
        dataSetLength += length;
        digest.update(bytes, offset, length);
        append(bytes, offset, length);
    }

    /**
     * Takes bytes straight from their source.
     *
     * @return how many, at most {@code most}; -1 at the end
     */
    int putFrom(InputStream source, long most) throws IOException {
        byte[] block = scratch;
        if (block == null) {
            block = new byte[SCRATCH];
            scratch = block;
        }
        int read = source.read(block, 0, (int) Math.min(most, block.length));
        if (read > 0) {
            put(block, 0, read);
        }
        return read;
    }

    private void append(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int part = Math.min(length - done, buffer.remaining());
            buffer.put(bytes, offset + done, part);
            done += part;
            if (!buffer.hasRemaining()) {
                writeOut(StagedCopy::write);
            }
        }
    }

    @FunctionalInterface
    private interface Writing {
        void write(StagedCopy copy, ByteBuffer bytes) throws IOException;
    }

    private void writeOut(Writing writing) throws IOException {
        buffer.flip();
        for (StagedCopy copy : List.copyOf(copies)) {
            try {
                writing.write(copy, buffer.duplicate());
            } catch (IOException e) {
                giveUp(copy, e);
            }
        }
        buffer.clear();
        if (copies.isEmpty()) {
            throw placement.unavailable();
        }
    }

    private void giveUp(StagedCopy copy, IOException error) throws IOException {
        if (error instanceof ClosedByInterruptException) {
            throw error;
        }
        copies.remove(copy);
        copy.volume().suspect(error);
        StorageMessage.COPY_GIVEN_UP.log(
                name.random(), copy.volume().name(), VolumeFault.of(error).reason());
        copy.discard();
    }

    /**
     * Ends the writing: makes {@code min-copies} copies durable, replacing those that fail on the way.
     *
     * @return the data set's SHA-256
     */
    byte[] makeDurable(StorageMetrics metrics, Executor forcing) throws IOException {
        writeOut(StagedCopy::writeEnd);
        List<StagedCopy> pending = List.copyOf(copies);
        while (!pending.isEmpty()) {
            force(pending, metrics, forcing);
            replaceMissing();
            pending = copies.stream().filter(copy -> !copy.isDurable()).toList();
        }
        metrics.wrote((headLength + dataSetLength) * copies.size());
        return digest.digest();
    }

    private void replaceMissing() throws IOException {
        while (copies.size() < placement.minCopies()) {
            if (copies.isEmpty()) {
                throw placement.unavailable();
            }
            StagedCopy good = copies.getFirst();
            StagedCopy copy = placement.create(name, tried);
            copies.add(copy);
            try {
                copy.copyFrom(good, buffer);
            } catch (IOException e) {
                giveUp(copy, e);
            }
        }
    }

    /** One copy on this thread, the others beside it. */
    private void force(List<StagedCopy> pending, StorageMetrics metrics, Executor forcing) throws IOException {
        List<CompletableFuture<@Nullable IOException>> others = pending.stream()
                .skip(1)
                .map(copy -> CompletableFuture.supplyAsync(() -> force(copy, metrics), forcing))
                .toList();
        List<@Nullable IOException> errors = new ArrayList<>();
        errors.add(force(pending.getFirst(), metrics));
        others.forEach(other -> errors.add(other.join()));
        for (int i = 0; i < pending.size(); i++) {
            IOException error = errors.get(i);
            if (error != null) {
                giveUp(pending.get(i), error);
            }
        }
    }

    private static @Nullable IOException force(StagedCopy copy, StorageMetrics metrics) {
        try {
            copy.makeDurable(metrics);
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /** Gives up the staging entries; the files stay. */
    void settle() {
        copies.forEach(StagedCopy::settle);
    }

    /** Removes all files. */
    void discard() {
        copies.forEach(StagedCopy::discard);
        copies.clear();
    }

    ObjectName name() {
        return name;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    byte[] headSha256() {
        return headSha256.clone();
    }

    int headLength() {
        return headLength;
    }

    long dataSetLength() {
        return dataSetLength;
    }

    List<StoredCopy> stored() {
        return copies.stream().map(StagedCopy::stored).toList();
    }
}
