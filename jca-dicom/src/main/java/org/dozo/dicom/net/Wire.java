// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * The bytes of one connection, with patience: every read has a deadline, every write a {@link WriteGuard}. Small reads come
 * out of a read-ahead buffer; large ones go from the socket into the caller's array.
 *
 * <p><em>Pitfalls:</em> not thread-safe, save {@link #hangUp} and {@link #close}.
 */
final class Wire implements Closeable {

    // SO_RCVBUF is left alone on purpose: setting it switches the kernel's own tuning off.
    private static final int READ_AHEAD = 8 * 1024;
    private static final int DIRECT = 2 * 1024;
    private static final long PROBE_INTERVAL_NANOS = 250_000_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Timeouts timeouts;
    private final LongAdder received;
    private final QuickAck quickAck;
    private final WriteGuard guard;
    private final byte[] ahead = new byte[READ_AHEAD];
    private int position;
    private int limit;
    private boolean inMessage;
    private long deadline;
    private String awaited = "";
    private long windowWaited;
    private long windowBytes;
    private long probed = System.nanoTime();

    Wire(Socket socket, Timeouts timeouts, LongAdder received) throws IOException {
        this.socket = socket;
        this.timeouts = timeouts;
        this.received = received;
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        quickAck = QuickAck.of(socket);
        guard = new WriteGuard(socket, timeouts.write());
    }

    /** From now on everything read must have arrived within {@code patience} as a whole. */
    void awaitWithin(Duration patience, String what) {
        inMessage = false;
        awaited = what + " within " + patience.toMillis() + " ms";
        deadline = System.nanoTime() + patience.toNanos();
    }

    /** From now on silence and throughput count, not the total time. */
    void beginMessage() {
        inMessage = true;
        windowWaited = 0;
        windowBytes = 0;
    }

    /**
     * Whether bytes have come, or the peer is gone: a read would not wait. Takes about a microsecond, and a millisecond four
     * times a second: the kernel tells of the end of a connection only to who reads.
     */
    boolean hasInput() throws IOException {
        if (position < limit || in.available() > 0) {
            return true;
        }
        long now = System.nanoTime();
        if (now - probed < PROBE_INTERVAL_NANOS) {
            return false;
        }
        probed = now;
        return !isQuiet();
    }

    /** The next byte, which is left; only after {@link #awaitByte} was true. */
    int peek() {
        return ahead[position] & 0xFF;
    }

    /** Waits for one byte and leaves it; false if the peer has closed. */
    boolean awaitByte() throws IOException {
        return position < limit || fill();
    }

    /** Up to {@code length} bytes; -1 if the peer has closed. */
    int read(byte[] bytes, int offset, int length) throws IOException {
        if (position == limit) {
            if (length >= DIRECT) {
                return receive(bytes, offset, length);
            }
            if (!fill()) {
                return -1;
            }
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(ahead, position, bytes, offset, count);
        position += count;
        return count;
    }

    int readByte() throws IOException {
        if (!awaitByte()) {
            throw closed();
        }
        return ahead[position++] & 0xFF;
    }

    /** Big endian, as all of PS3.8 is. */
    long readUnsignedInt() throws IOException {
        return (long) readByte() << 24 | readByte() << 16 | readByte() << 8 | readByte();
    }

    /** Exactly {@code length} bytes, believed only as they arrive: a lie about the length costs no memory. */
    byte[] readExactly(int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, READ_AHEAD)];
        for (int filled = 0; filled < length; ) {
            if (filled == bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
            }
            int count = read(bytes, filled, bytes.length - filled);
            if (count < 0) {
                throw closed();
            }
            filled += count;
        }
        return bytes;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        guard.begin();
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw guard.explain(e);
        } finally {
            guard.end();
        }
    }

    /** Tells the peer that nothing follows, waits for its close and throws away what it still sends (PS3.8 Sta13). */
    void linger(Duration artim) throws IOException {
        // Closing with bytes unread would make the kernel send RST, which can overtake the last PDU.
        socket.shutdownOutput();
        awaitWithin(artim, "the close of the connection");
        position = limit;
        while (receive(ahead, 0, ahead.length) >= 0) {
            limit = 0;
            position = 0;
        }
    }

    /** Whether the peer has neither closed nor sent anything unasked. Takes up to a millisecond. */
    boolean isQuiet() {
        try {
            if (position < limit) {
                return false;
            }
            socket.setSoTimeout(1);
            // What came is kept: it may be the A-ABORT that the next read should meet.
            limit = Math.max(in.read(ahead, 0, ahead.length), 0);
            position = 0;
            received.add(limit);
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Makes the reading thread, now or next time, see the end of the connection. It may still write. Any thread may call. */
    void hangUp() {
        try {
            socket.shutdownInput();
        } catch (IOException e) {
            // Already closed: what was wanted.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    static AssociationAbortedException closed() {
        return new AssociationAbortedException("The peer closed the connection without a release");
    }

    private boolean fill() throws IOException {
        int count = receive(ahead, 0, ahead.length);
        if (count < 0) {
            return false;
        }
        position = 0;
        limit = count;
        return true;
    }

    private int receive(byte[] bytes, int offset, int length) throws IOException {
        long silent = 0;
        while (true) {
            long begun = System.nanoTime();
            long patience = inMessage ? messagePatience(silent) : deadline - begun;
            if (patience <= 0) {
                throw tooSlow(silent);
            }
            socket.setSoTimeout(Math.clamp((patience + 999_999) / 1_000_000, 1, Integer.MAX_VALUE));
            quickAck.rearm();
            int count = readOnce(bytes, offset, length);
            long waited = System.nanoTime() - begun;
            silent += waited;
            windowWaited += waited;
            if (count != TIMED_OUT) {
                if (count > 0) {
                    received.add(count);
                    windowBytes += count;
                }
                return count;
            }
        }
    }

    private static final int TIMED_OUT = -2;

    private int readOnce(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (SocketTimeoutException e) {
            return TIMED_OUT;
        }
    }

    private long messagePatience(long silent) {
        long window = timeouts.window().toNanos();
        if (windowWaited >= window && windowBytes >= timeouts.bytesPerWindow()) {
            windowWaited = 0;
            windowBytes = 0;
        }
        return Math.min(window - windowWaited, timeouts.read().toNanos() - silent);
    }

    private PeerTooSlowException tooSlow(long silent) {
        if (!inMessage) {
            return new PeerTooSlowException("The peer did not send " + awaited);
        }
        return silent >= timeouts.read().toNanos()
                ? new PeerTooSlowException("The peer was silent within a message for "
                        + timeouts.read().toMillis() + " ms")
                : new PeerTooSlowException("The peer sent " + windowBytes + " bytes in "
                        + timeouts.window().toMillis() + " ms of waiting; the minimum is " + timeouts.minThroughput()
                        + " bytes a second");
    }
}
