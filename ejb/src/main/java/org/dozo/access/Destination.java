// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;

/**
 * A peer that is sent to. Whoever sends takes a place first, of which there are few, and gives it back. A destination that could not be
 * reached several times in a row is left alone for a while: meanwhile every attempt fails at once. Thread-safe.
 */
public final class Destination {

    private static final Logger LOG = Logger.getLogger(Destination.class.getName());

    private final Peer peer;
    private final String callingAeTitle;
    private final DicomConnectionFactory connections;
    private final DestinationSettings settings;
    private final Semaphore places;
    private int failures;
    private long pausedUntilNanos;

    Destination(Peer peer, String callingAeTitle, DicomConnectionFactory connections, DestinationSettings settings) {
        this.peer = peer;
        this.callingAeTitle = callingAeTitle;
        this.connections = connections;
        this.settings = settings;
        this.places = new Semaphore(settings.associationsPerDestination(), true);
        this.pausedUntilNanos = System.nanoTime();
    }

    public String aeTitle() {
        return peer.aeTitle();
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
     * Opens an association in the archive's name.
     *
     * @throws IOException if it can't be had, or the destination is being left alone
     */
    public DicomConnection open(List<ProposedContext> contexts) throws IOException {
        requireNoPause();
        try {
            DicomConnection connection = connections.open(peer, callingAeTitle, contexts);
            reached();
            return connection;
        } catch (IOException e) {
            failed();
            throw e;
        }
    }

    private synchronized void requireNoPause() throws IOException {
        long left = pausedUntilNanos - System.nanoTime();
        if (left > 0) {
            throw new IOException("%s could not be reached %d times in a row and is left alone for another %d s"
                    .formatted(peer.aeTitle(), failures, TimeUnit.NANOSECONDS.toSeconds(left) + 1));
        }
    }

    private synchronized void reached() {
        failures = 0;
    }

    /** After a pause a single failure is enough for the next one. */
    private synchronized void failed() {
        failures++;
        if (failures >= settings.failuresBeforePause()) {
            pausedUntilNanos = System.nanoTime() + settings.pause().toNanos();
            LOG.warning(() ->
                    ("DOZO-ACC-002 The destination %s at %s:%d could not be reached %d times in a row: it is left alone"
                                    + " for %d s. Remedy: check that it runs, its address, and that it knows us; ./dozo peer echo %s")
                            .formatted(
                                    peer.aeTitle(),
                                    peer.host(),
                                    peer.port(),
                                    failures,
                                    settings.pause().toSeconds(),
                                    peer.aeTitle()));
        }
    }
}
