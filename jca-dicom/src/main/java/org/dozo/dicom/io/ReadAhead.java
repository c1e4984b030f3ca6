// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A stream with a position and a small window ahead of it. Small reads are served from the window; long ones go to the stream in
 * large blocks. Believes no length before its bytes have come.
 */
final class ReadAhead {

    private static final int WINDOW = 8 << 10;
    private static final int BLOCK = 64 << 10;

    private final InputStream in;
    private final byte[] window = new byte[WINDOW];
    private int from;
    private int to;
    private long windowStart;
    private byte @Nullable [] block;

    ReadAhead(InputStream in) {
        this.in = in;
    }

    /** Bytes taken so far. */
    long position() {
        return windowStart + from;
    }

    /** Whether {@code count} bytes (at most {@value #WINDOW}) lie ahead; waits for them. */
    boolean has(int count) throws IOException {
        if (to - from >= count) {
            return true;
        }
        System.arraycopy(window, from, window, 0, to - from);
        windowStart += from;
        to -= from;
        from = 0;
        while (to < count) {
            int read = in.read(window, to, WINDOW - to);
            if (read < 0) {
                return false;
            }
            to += read;
        }
        return true;
    }

    /** Bytes that lie ahead already, after a {@link #has} that was false: all there are. */
    int available() {
        return to - from;
    }

    /** The unsigned byte at {@code offset} from here; it must be {@link #has there}. */
    int u8(int offset) {
        return window[from + offset] & 0xFF;
    }

    int u16(int offset, boolean bigEndian) {
        return bigEndian ? (u8(offset) << 8) | u8(offset + 1) : (u8(offset + 1) << 8) | u8(offset);
    }

    int i32(int offset, boolean bigEndian) {
        return bigEndian
                ? (u16(offset, true) << 16) | u16(offset + 2, true)
                : (u16(offset + 2, false) << 16) | u16(offset, false);
    }

    long u32(int offset, boolean bigEndian) {
        return i32(offset, bigEndian) & 0xFFFF_FFFFL;
    }

    int tag(int offset, boolean bigEndian) {
        return (u16(offset, bigEndian) << 16) | u16(offset + 2, bigEndian);
    }

    /** Takes bytes that {@link #has are there}. */
    void advance(int count) {
        from += count;
    }

    /** Takes {@code length} bytes, or null if the stream ends before. Memory grows as they come. */
    byte @Nullable [] take(int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, Math.max(BLOCK, to - from))];
        int filled = Math.min(to - from, length);
        System.arraycopy(window, from, bytes, 0, filled);
        from += filled;
        while (filled < length) {
            if (filled == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(length, bytes.length * 2L));
            }
            int read = in.read(bytes, filled, bytes.length - filled);
            if (read < 0) {
                return null;
            }
            filled += read;
            windowStart += read;
        }
        return bytes;
    }

    /** Takes and forgets {@code length} bytes; false if the stream ends before. */
    boolean skip(long length) throws IOException {
        int ahead = (int) Math.min(to - from, length);
        from += ahead;
        long left = length - ahead;
        if (left == 0) {
            return true;
        }
        // Not InputStream.skip: a file's goes past its end and says that it did not.
        byte[] bin = block == null ? new byte[BLOCK] : block;
        block = bin;
        // The last part goes into the window, with what follows it: one read less.
        while (left > WINDOW) {
            int read = in.read(bin, 0, (int) Math.min(left, BLOCK));
            if (read < 0) {
                return false;
            }
            left -= read;
            windowStart += read;
        }
        while (left > 0) {
            if (!has(1)) {
                return false;
            }
            int step = (int) Math.min(to - from, left);
            from += step;
            left -= step;
        }
        return true;
    }

    /** Takes what is left, as long as it is zero; true if all of it was. */
    boolean onlyZerosFollow() throws IOException {
        while (has(1)) {
            while (from < to) {
                if (window[from++] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What is left, as a stream. */
    InputStream rest() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return has(1) ? window[from++] & 0xFF : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (from == to) {
                    int read = in.read(bytes, offset, length);
                    windowStart += Math.max(0, read);
                    return read;
                }
                int count = Math.min(length, to - from);
                System.arraycopy(window, from, bytes, offset, count);
                from += count;
                return count;
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }
}
