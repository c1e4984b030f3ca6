// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many database connections some work may hold at once, so that other work always finds one. Binds the thread that does the work,
 * and no thread that it starts. Thread-safe.
 */
public final class ConnectionShare {

    private static final ScopedValue<ConnectionShare> OF_THIS_THREAD = ScopedValue.newInstance();

    private final int size;
    private final Duration patience;
    private final Semaphore free;

    /**
     * @param size connections, at least 1
     * @param patience how long work waits for one of them
     */
    public ConnectionShare(int size, Duration patience) {
        if (size < 1) {
            throw new IllegalArgumentException("A share of " + size + " database connections is none");
        }
        this.size = size;
        this.patience = patience;
        // In turn: who waits is not overtaken by who comes later.
        this.free = new Semaphore(size, true);
    }

    /** Work that is bound to a share. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /** Whatever {@link Database} the work asks on this thread, it holds connections of this share only. */
    public void bind(Work work) throws Exception {
        ScopedValue.where(OF_THIS_THREAD, this).call(() -> {
            work.run();
            return this;
        });
    }

    /** Waits for a connection of this thread's share; to be followed by {@link #giveBack}. */
    static void take() throws SQLException {
        if (OF_THIS_THREAD.isBound()) {
            OF_THIS_THREAD.get().await();
        }
    }

    static void giveBack() {
        if (OF_THIS_THREAD.isBound()) {
            OF_THIS_THREAD.get().free.release();
        }
    }

    private void await() throws SQLException {
        try {
            if (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLTransientConnectionException(
                        "All " + size + " database connections that background jobs may hold were busy for "
                                + patience.toSeconds()
                                + " s; look for slow statements, or raise jobs.connections and database.pool-size",
                        "08001");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException(
                    "Interrupted while it waited for a database connection", "08001", e);
        }
    }
}
