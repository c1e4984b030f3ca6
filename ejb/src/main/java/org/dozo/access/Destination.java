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
import org.dozo.shared.Notices;

/**
 * A peer that is sent to. Whoever sends takes a place first, of which there are few, and gives it back. A destination that failed
 * several times in a row, at the door or in the middle of an association, is left alone for a while: meanwhile every attempt fails at
 * once. What one node finds out so the others hear by a notice, and need not find out themselves. Thread-safe.
 */
public final class Destination {

    private static final Logger LOG = Logger.getLogger(Destination.class.getName());

    /** Subject of the notices about destinations that are left alone. */
    static final String PAUSED = "paused-destination";

    private static final String VERIFICATION_UID = "1.2.840.10008.1.1";
    private static final List<ProposedContext> VERIFICATION =
            List.of(new ProposedContext(VERIFICATION_UID, List.of("1.2.840.10008.1.2")));

    private final Peer peer;
    private final String callingAeTitle;
    private final DicomConnectionFactory connections;
    private final DestinationSettings settings;
    private final Semaphore places;
    private final Breaker breaker;
    private final Notices notices;
    private final String noticeName;

    Destination(
            Peer peer,
            String callingAeTitle,
            DicomConnectionFactory connections,
            DestinationSettings settings,
            Notices notices) {
        this.peer = peer;
        this.callingAeTitle = callingAeTitle;
        this.connections = connections;
        this.settings = settings;
        this.places = new Semaphore(settings.associationsPerDestination(), true);
        this.breaker = new Breaker(settings.failuresBeforePause(), settings.pause(), System::nanoTime);
        this.notices = notices;
        this.noticeName = noticeName(peer);
        if (notices.isPosted(PAUSED, noticeName)) {
            breaker.failedElsewhere();
        }
    }

    /** What a notice calls this destination. */
    static String noticeName(Peer peer) {
        return peer.aeTitle() + "@" + peer.host() + ":" + peer.port();
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
     * Opens an association in the archive's name. After a pause the destination is called with C-ECHO first, by one caller: a flood
     * that waits for it does not come at once.
     *
     * @throws DestinationPausedException if the destination is being left alone
     * @throws IOException if it can't be had
     */
    public DicomConnection open(List<ProposedContext> contexts) throws IOException {
        switch (breaker.ask()) {
            case STAY -> throw new DestinationPausedException(peer.aeTitle(), breaker.failures(), breaker.left());
            case TRY_FIRST -> tryFirst();
            case GO -> {}
        }
        try {
            return connections.open(peer, callingAeTitle, contexts);
        } catch (IOException e) {
            failed();
            throw e;
        }
    }

    private void tryFirst() throws IOException {
        boolean well = false;
        try (DicomConnection connection = connections.open(peer, callingAeTitle, VERIFICATION)) {
            // Who does not know Verification has taken the association at least.
            if (!connection.acceptedTransferSyntaxUids(VERIFICATION_UID).isEmpty()) {
                connection.echo();
            }
            // Not left to a pool: there are destinations that serve one association at a time.
            connection.release();
            well = true;
            notices.remove(PAUSED, noticeName);
            LOG.info(() -> "DOZO-ACC-003 The destination " + peer.aeTitle() + " answers again");
        } finally {
            breaker.tried(well);
        }
    }

    /** The destination has answered an operation: whatever was before is forgotten. */
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

    /** An association was lost in the middle of an operation, or its answer did not come in time. */
    public void lost() {
        failed();
    }

    /** Whether it is being left alone, so that opening an association is no use now. */
    public boolean isPaused() {
        return breaker.isPaused();
    }

    /** How long it has been failing without a single answer; zero if it is not. */
    public Duration troubled() {
        return breaker.troubled();
    }

    private void failed() {
        if (breaker.failed()) {
            notices.post(PAUSED, noticeName, settings.pause());
            LOG.warning(() ->
                    ("DOZO-ACC-002 The destination %s at %s:%d could not be reached %d times in a row: it is left alone"
                                    + " for %d s. Remedy: check that it runs, its address, and that it knows us; ./dozo peer echo %s")
                            .formatted(
                                    peer.aeTitle(),
                                    peer.host(),
                                    peer.port(),
                                    breaker.failures(),
                                    settings.pause().toSeconds(),
                                    peer.aeTitle()));
        }
    }
}
