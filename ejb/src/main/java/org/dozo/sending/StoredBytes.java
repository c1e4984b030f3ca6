// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.index.InstanceCatalogue;
import org.dozo.index.StoredInstance;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.StoredCopy;
import org.jspecify.annotations.Nullable;

/**
 * An object's data set as it was received, out of the first of its copies that can be read; where that fails, however far it was read,
 * the next one goes on. A copy that failed is put on the record.
 */
final class StoredBytes extends InputStream {

    private static final Logger LOG = Logger.getLogger(StoredBytes.class.getName());
    private static final int BLOCK = 256 << 10;

    private final StoredInstance instance;
    private final ObjectStorage storage;
    private final InstanceCatalogue catalogue;
    private final Iterator<StoredCopy> copies;
    private final byte[] block;
    private int from;
    private int to;
    private long position;
    private @Nullable StoredCopy copy;
    private @Nullable InputStream file;

    private StoredBytes(StoredInstance instance, ObjectStorage storage, InstanceCatalogue catalogue) {
        this.instance = instance;
        this.storage = storage;
        this.catalogue = catalogue;
        this.copies = instance.copies().iterator();
        this.block = new byte[Math.clamp(instance.dataSetLength(), 1, BLOCK)];
    }

    /** @throws IOException if no copy can be opened */
    static StoredBytes open(StoredInstance instance, ObjectStorage storage, InstanceCatalogue catalogue)
            throws IOException {
        StoredBytes bytes = new StoredBytes(instance, storage, catalogue);
        bytes.openNext();
        return bytes;
    }

    @Override
    public int read() throws IOException {
        return from < to || fill() ? block[from++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (from == to && !fill()) {
            return -1;
        }
        int count = Math.min(length, to - from);
        System.arraycopy(block, from, into, offset, count);
        from += count;
        return count;
    }

    /** Reads the next block; false at the data set's end, which is not that of the file but the one on the record. */
    private boolean fill() throws IOException {
        int wanted = (int) Math.min(block.length, instance.dataSetLength() - position);
        while (wanted > 0) {
            try {
                if (file == null) {
                    throw new IOException("The object's bytes are closed");
                }
                int count = file.readNBytes(block, 0, wanted);
                if (count < wanted) {
                    throw new EOFException("it ends " + (instance.dataSetLength() - position - count) + " bytes early");
                }
                position += count;
                from = 0;
                to = count;
                return true;
            } catch (IOException e) {
                suspect(e);
                openNext();
            }
        }
        return false;
    }

    private void openNext() throws IOException {
        close();
        while (copies.hasNext()) {
            copy = copies.next();
            try {
                Optional<InputStream> opened = storage.open(copy);
                if (opened.isEmpty()) {
                    if (isReadable(copy)) {
                        throw new IOException("its file is not there");
                    }
                    // Of a volume that is away the storage itself tells, and its copies are as good as they were.
                    continue;
                }
                file = opened.get();
                file.skipNBytes(instance.dataSetOffset() + position);
                return;
            } catch (IOException e) {
                suspect(e);
                close();
            }
        }
        throw new IOException("No copy of the object can be read");
    }

    private boolean isReadable(StoredCopy of) {
        return storage.volumes().stream()
                .anyMatch(volume ->
                        volume.name().equals(of.volumeName()) && volume.state().isReadable());
    }

    private void suspect(IOException fault) {
        StoredCopy failed = copy;
        if (failed == null) {
            return;
        }
        LOG.warning(() -> "DOZO-SND-002 The copy of object " + instance.objectName() + " on volume "
                + failed.volumeName() + " could not be read: " + fault.getMessage()
                + ". The next copy is read, if there is one. Remedy: check the volume, then ./dozo verify");
        try {
            catalogue.suspect(instance, failed);
        } catch (SQLException e) {
            LOG.log(Level.FINE, "A copy could not be put on the record as suspect", e);
        }
    }

    @Override
    public void close() throws IOException {
        InputStream open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
