// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes the socket under a write that takes too long: a blocking write has no timeout of its own. One timer at most is
 * pending for a connection, however many writes there are.
 */
final class WriteGuard {

    private static final long NOT_WRITING = 0;

    private final Socket socket;
    private final long timeoutNanos;
    private final AtomicBoolean pending = new AtomicBoolean();
    private volatile long writingSince = NOT_WRITING;
    private volatile boolean fired;

    WriteGuard(Socket socket, Duration timeout) {
        this.socket = socket;
        this.timeoutNanos = timeout.toNanos();
    }

    void begin() {
        writingSince = System.nanoTime() | 1;
        if (pending.compareAndSet(false, true)) {
            checkAfter(timeoutNanos);
        }
    }

    void end() {
        writingSince = NOT_WRITING;
    }

    /** The timeout, if it is the cause of a failed write; else {@code failure} itself. */
    IOException explain(IOException failure) {
        return fired
                ? new PeerTooSlowException(
                        "The peer did not take what was sent within " + timeoutNanos / 1_000_000 + " ms")
                : failure;
    }

    private void checkAfter(long nanos) {
        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run)
                .execute(this::check);
    }

    private void check() {
        long since = writingSince;
        if (since == NOT_WRITING || socket.isClosed()) {
            pending.set(false);
            // A write that began between the two lines above saw a pending timer and set none.
            if (writingSince != NOT_WRITING && !socket.isClosed() && pending.compareAndSet(false, true)) {
                checkAfter(timeoutNanos);
            }
            return;
        }
        long left = timeoutNanos - (System.nanoTime() - since);
        if (left > 0) {
            checkAfter(left);
            return;
        }
        fired = true;
        try {
            socket.close();
        } catch (IOException e) {
            // The descriptor is gone either way.
        }
    }
}
