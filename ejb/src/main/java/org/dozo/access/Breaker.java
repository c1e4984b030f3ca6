// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether a destination is tried: after several failures in a row it is left alone for a pause; then one caller tries it first, and the
 * others are let in once that went well. Until something was really answered a single failure is enough for the next pause. Thread-safe.
 */
final class Breaker {

    /** What a caller may do. */
    enum Leave {
        GO,
        /** Try the destination, then say {@link #tried}; nobody else may meanwhile. */
        TRY_FIRST,
        STAY
    }

    private final int failuresBeforePause;
    private final long pauseNanos;
    private final LongSupplier nanoClock;
    private int failures;
    private boolean paused;
    private boolean beingTried;
    private long pausedUntilNanos;
    private long troubledSinceNanos;

    Breaker(int failuresBeforePause, Duration pause, LongSupplier nanoClock) {
        this.failuresBeforePause = failuresBeforePause;
        this.pauseNanos = pause.toNanos();
        this.nanoClock = nanoClock;
    }

    synchronized Leave ask() {
        if (!paused) {
            return Leave.GO;
        }
        if (beingTried || pausedUntilNanos - nanoClock.getAsLong() > 0) {
            return Leave.STAY;
        }
        beingTried = true;
        return Leave.TRY_FIRST;
    }

    /** The outcome of the trial. */
    synchronized void tried(boolean well) {
        beingTried = false;
        if (well) {
            paused = false;
        } else {
            failed();
        }
    }

    /** @return whether it is left alone from now on */
    synchronized boolean failed() {
        if (failures++ == 0) {
            troubledSinceNanos = nanoClock.getAsLong();
        }
        if (failures < failuresBeforePause) {
            return false;
        }
        paused = true;
        pausedUntilNanos = nanoClock.getAsLong() + pauseNanos;
        return true;
    }

    /**
     * It has done what it was asked: all is forgotten.
     *
     * @return whether it had been left alone until now
     */
    synchronized boolean answered() {
        boolean wasPaused = paused;
        failures = 0;
        paused = false;
        return wasPaused;
    }

    /** Another node leaves it alone from now on. */
    synchronized void failedElsewhere() {
        failures = Math.max(failures, failuresBeforePause - 1);
        failed();
    }

    /** It answers another node: here it is tried too, and a single failure is enough for the next pause. */
    synchronized void answeredElsewhere() {
        paused = false;
    }

    synchronized int failures() {
        return failures;
    }

    /** How long it is still left alone; zero if it may be tried. */
    synchronized Duration left() {
        return paused ? Duration.ofNanos(Math.max(0, pausedUntilNanos - nanoClock.getAsLong())) : Duration.ZERO;
    }

    /** Whether nothing is to be expected of it now. */
    synchronized boolean isPaused() {
        return paused && (beingTried || pausedUntilNanos - nanoClock.getAsLong() > 0);
    }

    /** How long it has been failing; zero if it is not. */
    synchronized Duration troubled() {
        return failures == 0 ? Duration.ZERO : Duration.ofNanos(nanoClock.getAsLong() - troubledSinceNanos);
    }
}
