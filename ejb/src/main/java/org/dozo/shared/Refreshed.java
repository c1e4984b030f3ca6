// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A value that comes from something slow (the database, DNS): asked again when it is too old, waited for only so long, and served old
 * when the source does not answer. It may be one that the nodes have in common: then what one of them forgets, they all do.
 */
public final class Refreshed<T> {

    private record Reading<T>(T value, long atNanos) {}

    private final Callable<T> source;
    private final long lifetimeNanos;
    private final long patienceNanos;
    private final Notices notices;
    private final String subject;

    private volatile @Nullable Reading<T> last;
    private volatile boolean forgotten;
    private @Nullable CompletableFuture<T> running;
    private long questions;

    /**
     * @param lifetime how old a value may be before it is asked for again
     * @param patience how long a caller waits for a new one at most
     */
    public Refreshed(Callable<T> source, Duration lifetime, Duration patience) {
        this(source, lifetime, patience, Notices.NONE, "");
    }

    /**
     * Of a source that all nodes have in common.
     *
     * @param lifetime how old a value may be before it is asked for again
     * @param patience how long a caller waits for a new one at most
     * @param subject of the notices that it has changed; none else may follow it
     */
    public Refreshed(Callable<T> source, Duration lifetime, Duration patience, Notices notices, String subject) {
        this.source = source;
        this.lifetimeNanos = lifetime.toNanos();
        this.patienceNanos = patience.toNanos();
        this.notices = notices;
        this.subject = subject;
        notices.follow(subject, name -> forgetHere());
    }

    /** The value, old if need be; empty if there never was one. */
    public Optional<T> get() {
        Reading<T> reading = last;
        if (reading != null && !forgotten && System.nanoTime() - reading.atNanos() < lifetimeNanos) {
            return Optional.of(reading.value());
        }
        try {
            return Optional.of(start().get(patienceNanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return old();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return old();
        }
    }

    /** The next caller asks the source anew, on other nodes as soon as they hear of it; what an older question brings is not kept. */
    public void forget() {
        forgetHere();
        notices.post(subject, "all", Duration.ofNanos(lifetimeNanos));
    }

    private synchronized void forgetHere() {
        forgotten = true;
        running = null;
        questions++;
    }

    private Optional<T> old() {
        Reading<T> reading = last;
        return reading == null ? Optional.empty() : Optional.of(reading.value());
    }

    /** One question at a time: a source that hangs is not asked by every caller anew. */
    private synchronized CompletableFuture<T> start() {
        CompletableFuture<T> answer = running;
        if (answer == null) {
            CompletableFuture<T> asked = new CompletableFuture<>();
            long question = ++questions;
            answer = asked;
            running = asked;
            Thread.ofVirtual().name("dozo-refresh").start(() -> ask(asked, question));
        }
        return answer;
    }

    private void ask(CompletableFuture<T> answer, long question) {
        try {
            T value = source.call();
            finish(question, new Reading<>(value, System.nanoTime()));
            answer.complete(value);
        } catch (Exception | Error e) {
            finish(question, null);
            answer.completeExceptionally(e);
        }
    }

    private synchronized void finish(long question, @Nullable Reading<T> reading) {
        if (question == questions) {
            running = null;
            if (reading != null) {
                last = reading;
                forgotten = false;
            }
        }
    }
}
