// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.util.List;

/**
 * An object whose bytes and directory entries are durable on {@code min-copies} volumes, but which is not yet part of the
 * archive. Closing it removes all its files, unless it was settled or left in doubt. Not thread-safe.
 *
 * @param <T> what the caller has read from the data set
 */
public final class StagedObject<T> implements AutoCloseable {

    private final ObjectStorage storage;
    private final ObjectWrite write;
    private final T content;
    private final byte[] sha256;
    private boolean kept;
    private boolean released;

    StagedObject(ObjectStorage storage, ObjectWrite write, T content, byte[] sha256) {
        this.storage = storage;
        this.write = write;
        this.content = content;
        this.sha256 = sha256;
    }

    public T content() {
        return content;
    }

    /** The object's random name: 32 lower-case hexadecimal digits. */
    public String name() {
        return write.name().random();
    }

    /** Digest of the data set's bytes as received, without the file's head. */
    public byte[] sha256() {
        return sha256.clone();
    }

    /** Digest of preamble and File Meta Information. */
    public byte[] headSha256() {
        return write.headSha256();
    }

    /** Bytes before the data set. */
    public long headLength() {
        return write.headLength();
    }

    public long dataSetLength() {
        return write.dataSetLength();
    }

    public long fileLength() {
        return headLength() + dataSetLength();
    }

    public Fixity fixity() {
        return new Fixity(headLength(), headSha256(), dataSetLength(), sha256());
    }

    /** Removes the object's files, unless it was settled or left in doubt. What cannot be removed is left to recovery. */
    @Override
    public void close() {
        if (!released) {
            write.discard();
            release();
        }
    }

    List<StoredCopy> keep() {
        requireOpen();
        kept = true;
        return write.stored();
    }

    void settle() {
        requireOpen();
        if (!kept) {
            throw new IllegalStateException("Object " + name() + " was settled before it was kept");
        }
        write.settle();
        release();
    }

    void leaveInDoubt() {
        requireOpen();
        StorageMessage.LEFT_IN_DOUBT.log(name());
        release();
    }

    private void release() {
        released = true;
        storage.release(write);
    }

    private void requireOpen() {
        if (released) {
            throw new IllegalStateException("Object " + name() + " was already closed, settled or left in doubt");
        }
    }
}
