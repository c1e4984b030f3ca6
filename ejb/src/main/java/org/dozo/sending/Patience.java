// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Does what may hang for ever, such as a file system whose server is away, on threads of its own, and gives it up in time. What was
 * given up still has its thread, until it comes to an end by itself: there are few, and while all hang nothing else is begun.
 */
final class Patience {

    /** Until those who are well have made room, when somebody tries the place while all send. */
    private static final Duration TURN = Duration.ofSeconds(1);

    private final String what;
    private final Duration usual;
    private final Semaphore threads;

    /**
     * @param what hangs, for operators
     * @param usual how long something small may take
     */
    Patience(String what, int threads, Duration usual) {
        this.what = what;
        this.usual = usual;
        this.threads = new Semaphore(threads);
    }

    /**
     * @param bytes that it reads or writes: one more second for each MiB
     * @throws IOException as the task threw it, or because it hangs
     */
    <T> T run(long bytes, Callable<T> task) throws IOException, InterruptedException {
        if (!threads.tryAcquire(TURN.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException(what + " still hangs: nothing that was begun there has come to an end");
        }
        Duration longest = usual.plusSeconds(bytes >> 20);
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofPlatform().daemon().name("dozo-files").start(() -> {
            try {
                future.run();
            } finally {
                threads.release();
            }
        });
        try {
            return future.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException(what + " has not answered for " + longest.toSeconds()
                    + " s. Remedy: look whether its server and the network are well");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
