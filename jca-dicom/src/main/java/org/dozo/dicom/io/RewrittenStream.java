// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.dozo.dicom.io.RewritePlan.Kept;
import org.dozo.dicom.io.RewritePlan.Segment;
import org.dozo.dicom.io.RewritePlan.Written;
import org.jspecify.annotations.Nullable;

/** The pieces of a plan, one after the other; those that were kept come out of the data set as it is read. */
final class RewrittenStream extends InputStream {

    /** A multiple of every number's size. */
    private static final int BLOCK = 64 << 10;

    private final InputStream kept;
    private final Iterator<Segment> segments;
    private @Nullable Segment segment;
    private long done;
    private long keptPosition;
    private byte[] block = {};
    private int from;
    private int to;

    /** @param kept the data set from its first byte on, inflated; is closed with this */
    RewrittenStream(List<Segment> segments, InputStream kept) {
        this.segments = segments.iterator();
        this.kept = kept;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (from < to) {
            return takeTurned(into, offset, length);
        }
        while (segment == null || done == segment.length()) {
            if (!segments.hasNext()) {
                return -1;
            }
            segment = segments.next();
            done = 0;
        }
        int wanted = (int) Math.min(length, segment.length() - done);
        return switch (segment) {
            case Written written -> {
                written.copy(done, into, offset, wanted);
                done += wanted;
                yield wanted;
            }
            case Kept value
            when value.unit() > 1 -> {
                turn(value);
                yield takeTurned(into, offset, wanted);
            }
            case Kept value -> copy(value, into, offset, wanted);
        };
    }

    private int copy(Kept value, byte[] into, int offset, int wanted) throws IOException {
        goTo(value.offset() + done);
        int count = kept.read(into, offset, wanted);
        if (count < 0) {
            throw ended();
        }
        keptPosition += count;
        done += count;
        return count;
    }

    /** Reads the next whole numbers, in the other order of bytes. */
    private void turn(Kept value) throws IOException {
        goTo(value.offset() + done);
        block = block.length == 0 ? new byte[BLOCK] : block;
        int wanted = (int) Math.min(BLOCK, value.length() - done);
        int count = kept.readNBytes(block, 0, wanted);
        if (count < wanted) {
            throw ended();
        }
        keptPosition += count;
        ByteOrders.swap(block, count, value.unit());
        from = 0;
        to = count;
    }

    private int takeTurned(byte[] into, int offset, int length) {
        int count = Math.min(length, to - from);
        System.arraycopy(block, from, into, offset, count);
        from += count;
        done += count;
        return count;
    }

    private void goTo(long position) throws IOException {
        kept.skipNBytes(position - keptPosition);
        keptPosition = position;
    }

    private EOFException ended() {
        return new EOFException(
                "The data set ends at offset " + keptPosition + ", before a value that its index knows");
    }

    @Override
    public void close() throws IOException {
        kept.close();
    }
}
