// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Data Set of one message as it arrives, ending with its last fragment. Large reads go from the socket into the
 * caller's array.
 *
 * <p><em>Pitfalls:</em> for the association's own thread only; dead as soon as the operation is answered.
 */
public final class DataSetInputStream extends InputStream {

    private final PDataReader fragments;
    private final int contextId;
    private boolean started;
    private boolean ended;
    private boolean dead;
    private @Nullable IOException failure;

    DataSetInputStream(PDataReader fragments, int contextId) {
        this.fragments = fragments;
        this.contextId = contextId;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (dead) {
            throw new IOException("The operation is answered: its data set can't be read any more");
        }
        if (failure != null) {
            throw failure;
        }
        try {
            return length == 0 ? 0 : readFragments(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private int readFragments(byte[] bytes, int offset, int length) throws IOException {
        while (!ended) {
            if (started && fragments.left() > 0) {
                return fragments.read(bytes, offset, length);
            }
            if (started && fragments.isLast()) {
                ended = true;
            } else {
                fragments.nextOfDataSet(contextId);
                started = true;
            }
        }
        return -1;
    }

    /** What went wrong with the connection while it was read; null if nothing did. */
    public @Nullable IOException failure() {
        return failure;
    }

    /**
     * Reads the rest and throws it away; nothing can be read afterwards.
     *
     * @return whether the end was reached within {@code most} bytes
     */
    public boolean drain(long most) throws IOException {
        long left = most;
        byte[] scratch = new byte[ended ? 0 : 32 * 1024];
        while (!ended) {
            int count = read(scratch, 0, scratch.length);
            left -= count;
            if (count > 0 && left < 0) {
                return false;
            }
        }
        dead = true;
        return true;
    }
}
