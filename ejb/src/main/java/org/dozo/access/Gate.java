// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.dozo.shared.Notices;

/**
 * The way to one destination, whatever its kind. Whoever sends takes a place first, of which there are few, and gives it back. A
 * destination that failed several times in a row is left alone for a while: meanwhile every attempt fails at once. Other nodes are told by a
 * notice. Thread-safe.
 */
public final class Gate {

    private static final Logger LOG = Logger.getLogger(Gate.class.getName());

    /** Subject of the notices about destinations that are left alone. */
    static final String PAUSED = "paused-destination";

    private final String name;
    private final String address;
    private final String remedy;
    private final Duration pause;
    private final Semaphore places;
    private final Breaker breaker;
    private final Notices notices;
    private final String noticeName;

    /**
     * @param address for operators
     * @param remedy for operators: what to check if it can't be reached
     * @param notices none if this node's way there says nothing of that of others
     */
    public Gate(String name, String address, String remedy, DestinationSettings settings, Notices notices) {
        this.name = name;
        this.address = address;
        this.remedy = remedy;
        this.pause = settings.pause();
        this.places = new Semaphore(settings.associationsPerDestination(), true);
        this.breaker = new Breaker(settings.failuresBeforePause(), settings.pause(), System::nanoTime);
        this.notices = notices;
        this.noticeName = noticeName(name, address);
        if (notices.isPosted(PAUSED, noticeName)) {
            breaker.failedElsewhere();
        }
    }

    /** What a notice calls a destination. */
    static String noticeName(String name, String address) {
        return name + "@" + address;
    }

    /** A first, small request, after a pause. */
    @FunctionalInterface
    public interface Probe {
        void run() throws IOException;
    }

    /**
     * Waits for a place, in turn.
     *
     * @return whether it was had in time; it must be given back by {@link #leave}
     */
    public boolean enter(Duration patience) throws InterruptedException {
        return places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    public void leave() {
        places.release();
    }

    /**
     * Before the destination is called. After a pause the probe is run first, by one caller: a flood that waits for it does not come at
     * once.
     *
     * @throws DestinationPausedException if the destination is being left alone
     * @throws IOException if the probe failed
     */
    public void pass(Probe probe) throws IOException {
        switch (breaker.ask()) {
            case STAY -> throw new DestinationPausedException(name, breaker.failures(), breaker.left());
            case TRY_FIRST -> tryFirst(probe);
            case GO -> {}
        }
    }

    private void tryFirst(Probe probe) throws IOException {
        boolean well = false;
        try {
            probe.run();
            well = true;
            notices.remove(PAUSED, noticeName);
            LOG.info(() -> "DOZO-ACC-003 The destination " + name + " answers again");
        } finally {
            breaker.tried(well);
        }
    }

    /** The destination has done something: whatever was before is forgotten. */
    public void answered() {
        if (breaker.answered()) {
            notices.remove(PAUSED, noticeName);
        }
    }

    /** Another node leaves it alone. */
    void pausedElsewhere() {
        breaker.failedElsewhere();
    }

    /** It has answered another node. */
    void answeredElsewhere() {
        breaker.answeredElsewhere();
    }

    /** The destination could not be reached, or was lost in the middle of an operation. */
    public void failed() {
        if (breaker.failed()) {
            notices.post(PAUSED, noticeName, pause);
            LOG.warning(() ->
                    ("DOZO-ACC-002 The destination %s at %s could not be reached %d times in a row: it is left alone for %d s."
                                    + " Remedy: %s")
                            .formatted(name, address, breaker.failures(), pause.toSeconds(), remedy));
        }
    }

    /** Whether it is being left alone, so that calling it is no use now. */
    public boolean isPaused() {
        return breaker.isPaused();
    }

    /** How long it has been failing without a single answer; zero if it is not. */
    public Duration troubled() {
        return breaker.troubled();
    }
}
