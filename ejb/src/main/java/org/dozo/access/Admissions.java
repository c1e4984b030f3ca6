// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.dozo.dicom.Admission;
import org.dozo.dicom.Association;
import org.dozo.dicom.data.SpecificCharacterSet;

/**
 * Whether an association may come in, and what it may do: its calling AE title is a peer's and it comes from an address of that peer's
 * host; or the node is in evaluation mode and the call comes from this machine.
 */
@Singleton
public class Admissions {

    private final PeerRegistry peers;
    private final AccessSettings settings;
    private final HostAddresses addresses = new HostAddresses();

    @Inject
    public Admissions(PeerRegistry peers, AccessSettings settings) {
        this.peers = peers;
        this.settings = settings;
    }

    /** Answers within a second. */
    public Admission admit(Association association) {
        return caller(association).isPresent() || isEvaluating(association)
                ? Admission.ACCEPTED
                : Admission.CALLING_AE_TITLE_NOT_RECOGNIZED;
    }

    /** A known peer may do what its record allows; a caller of evaluation mode anything. */
    public boolean may(Association association, Permission permission) {
        return caller(association).map(peer -> peer.may(permission)).orElseGet(() -> isEvaluating(association));
    }

    /** What the caller's record says of the character set of its responses; the default if that is nothing. */
    public SpecificCharacterSet characterSet(Association association) {
        return caller(association).map(KnownPeer::characterSet).orElse(SpecificCharacterSet.DEFAULT);
    }

    /** The peer that calls, if it calls from where it lives. */
    private Optional<KnownPeer> caller(Association association) {
        return peers.find(association.callingAeTitle())
                .filter(peer -> addresses.has(peer.host(), association.remoteAddress()));
    }

    private boolean isEvaluating(Association association) {
        return settings.evaluation() && association.remoteAddress().isLoopbackAddress();
    }
}
