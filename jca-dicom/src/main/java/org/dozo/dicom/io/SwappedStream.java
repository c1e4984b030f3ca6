// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.dozo.dicom.data.VR;

/** Numbers in the other byte order than they are read in, a block at a time. */
final class SwappedStream extends InputStream {

    private final InputStream in;
    private final VR vr;
    private final byte[] block;
    private int from;
    private int to;

    /** @param blockBytes a multiple of 8 */
    SwappedStream(InputStream in, VR vr, int blockBytes) {
        this.in = in;
        this.vr = vr;
        this.block = new byte[blockBytes];
    }

    @Override
    public int read() throws IOException {
        return fill() ? block[from++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0 || !fill()) {
            return length == 0 ? 0 : -1;
        }
        int count = Math.min(length, to - from);
        System.arraycopy(block, from, bytes, offset, count);
        from += count;
        return count;
    }

    private boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            to = in.readNBytes(block, 0, block.length);
            byte[] read = to == block.length ? block : Arrays.copyOf(block, to);
            ByteOrders.swap(read, vr);
            System.arraycopy(read, 0, block, 0, to);
        }
        return to > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
