// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import org.dozo.dicom.AssociationRejectedException;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.ProposedContext;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** Whether a peer answers: C-ECHO, PS3.7 §9.1.5. */
@Singleton
public class PeerEcho {

    private static final List<ProposedContext> VERIFICATION =
            List.of(new ProposedContext("1.2.840.10008.1.1", List.of("1.2.840.10008.1.2")));

    private final DicomConnectionFactory connections;
    private final AccessSettings settings;

    @Inject
    public PeerEcho(DicomConnectionFactory connections, AccessSettings settings) {
        this.connections = connections;
        this.settings = settings;
    }

    /** @throws FailureException {@link Failure#PEER_UNREACHABLE} saying what to look at */
    public DimseStatus call(KnownPeer peer) {
        try (DicomConnection connection = connections.open(peer.address(), settings.aeTitle(), VERIFICATION)) {
            return connection.echo();
        } catch (AssociationRejectedException e) {
            throw unreachable(peer, "rejects us: does it know the AE title " + settings.aeTitle() + "?", e);
        } catch (IOException e) {
            throw unreachable(peer, "does not answer: check host, port, firewall, and that it runs", e);
        } catch (IllegalArgumentException e) {
            throw unreachable(peer, "does not offer Verification", e);
        }
    }

    private static FailureException unreachable(KnownPeer peer, String remedy, Exception cause) {
        return new FailureException(
                Failure.PEER_UNREACHABLE,
                "The peer " + peer.aeTitle() + " at " + peer.host() + ":" + peer.port() + " " + remedy + " ("
                        + cause.getMessage() + ")",
                cause);
    }
}
