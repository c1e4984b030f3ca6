// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
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

    private static final String VERIFICATION_UID = "1.2.840.10008.1.1";
    private static final List<ProposedContext> VERIFICATION =
            List.of(new ProposedContext(VERIFICATION_UID, List.of("1.2.840.10008.1.2")));

    private final Peer peer;
    private final String callingAeTitle;
    private final DicomConnectionFactory connections;
    private final Gate gate;

    Destination(
            Peer peer,
            String callingAeTitle,
            DicomConnectionFactory connections,
            DestinationSettings settings,
            Notices notices) {
        this.peer = peer;
        this.callingAeTitle = callingAeTitle;
        this.connections = connections;
        this.gate = new Gate(
                peer.aeTitle(),
                address(peer),
                "check that it runs, its address, and that it knows us; ./dozo peer echo " + peer.aeTitle(),
                settings,
                notices);
    }

    private static String address(Peer peer) {
        return peer.host() + ":" + peer.port();
    }

    /** What a notice calls this destination. */
    static String noticeName(Peer peer) {
        return Gate.noticeName(peer.aeTitle(), address(peer));
    }

    public String aeTitle() {
        return peer.aeTitle();
    }

    /** Its places, and whether it is left alone. */
    public Gate gate() {
        return gate;
    }

    /**
     * Waits for a place, in turn.
     *
     * @return whether it was had in time; it must be given back by {@link #leave}
     */
    public boolean enter(Duration patience) throws InterruptedException {
        return gate.enter(patience);
    }

    public void leave() {
        gate.leave();
    }

    /**
     * Opens an association in the archive's name. After a pause the destination is called with C-ECHO first, by one caller: a flood
     * that waits for it does not come at once.
     *
     * @throws DestinationPausedException if the destination is being left alone
     * @throws IOException if it can't be had
     */
    public DicomConnection open(List<ProposedContext> contexts) throws IOException {
        gate.pass(this::tryFirst);
        try {
            return connections.open(peer, callingAeTitle, contexts);
        } catch (IOException e) {
            gate.failed();
            throw e;
        }
    }

    private void tryFirst() throws IOException {
        try (DicomConnection connection = connections.open(peer, callingAeTitle, VERIFICATION)) {
            // Who does not know Verification has taken the association at least.
            if (!connection.acceptedTransferSyntaxUids(VERIFICATION_UID).isEmpty()) {
                connection.echo();
            }
            // Not left to a pool: there are destinations that serve one association at a time.
            connection.release();
        }
    }

    /** The destination has answered an operation: whatever was before is forgotten. */
    public void answered() {
        gate.answered();
    }

    /** An association was lost in the middle of an operation, or its answer did not come in time. */
    public void lost() {
        gate.failed();
    }

    /** Whether it is being left alone, so that opening an association is no use now. */
    public boolean isPaused() {
        return gate.isPaused();
    }

    /** How long it has been failing without a single answer; zero if it is not. */
    public Duration troubled() {
        return gate.troubled();
    }
}
