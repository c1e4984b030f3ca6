// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.dozo.dicom.AssociationRejectedException;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.net.AbortReason;
import org.dozo.dicom.net.AeTitle;
import org.dozo.dicom.net.AssociateAccept;
import org.dozo.dicom.net.AssociateRequest;
import org.dozo.dicom.net.PeerTooSlowException;
import org.dozo.dicom.net.ProposedPresentationContext;
import org.dozo.dicom.net.ProtocolViolationException;
import org.dozo.dicom.net.RejectedRequestException;
import org.dozo.dicom.net.RoleSelection;
import org.dozo.dicom.net.UpperLayer;
import org.dozo.dicom.net.UserInformation;

/** Opens a new association for each call: the requestor's side of PS3.8 §7.1, usable without a container. Thread-safe. */
public final class AssociationRequestor implements DicomConnectionFactory {

    private static final int MAX_CONTEXTS = 128;

    private final RequestorSettings settings;
    private final LongAdder received = new LongAdder();

    public AssociationRequestor(RequestorSettings settings) {
        this.settings = settings;
    }

    @Override
    public DicomConnection open(Peer peer, String callingAeTitle, List<ProposedContext> contexts) throws IOException {
        return associate(peer, callingAeTitle, contexts);
    }

    RequestedAssociation associate(Peer peer, String callingAeTitle, List<ProposedContext> contexts)
            throws IOException {
        AssociateRequest request = request(peer, callingAeTitle, contexts);
        if (peer.tls()) {
            throw new IOException(name(peer) + " is to be called by TLS, which this release does not speak");
        }
        Socket socket = connect(peer);
        try {
            UpperLayer upper = new UpperLayer(socket, settings.timeouts(), settings.maxPdu(), received);
            AssociateAccept accept = negotiate(upper, request, peer);
            return new RequestedAssociation(upper, settings, name(peer), refusedRoles(accept));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** The classes for which the peer denies us the SCP role. One that says nothing of roles often knows no role but the right one. */
    private static Set<String> refusedRoles(AssociateAccept accept) {
        return accept.userInformation().roles().stream()
                .filter(role -> !role.scp())
                .map(RoleSelection::sopClassUid)
                .collect(Collectors.toUnmodifiableSet());
    }

    private AssociateAccept negotiate(UpperLayer upper, AssociateRequest request, Peer peer) throws IOException {
        try {
            return upper.request(request, settings.negotiationTimeout());
        } catch (RejectedRequestException e) {
            throw new AssociationRejectedException(
                    name(peer) + " did not accept the association: " + e.rejection(),
                    e.rejection().isPermanent());
        } catch (ProtocolViolationException e) {
            upper.abort(e.reason());
            throw new IOException(name(peer) + " broke the protocol: " + e.getMessage(), e);
        } catch (PeerTooSlowException e) {
            upper.abort(AbortReason.SERVICE_USER);
            throw new IOException(name(peer) + " is too slow: " + e.getMessage(), e);
        }
    }

    private Socket connect(Peer peer) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(peer.host(), peer.port()), (int)
                    settings.connectTimeout().toMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new IOException(name(peer) + " can't be reached: " + e, e);
        }
    }

    private AssociateRequest request(Peer peer, String callingAeTitle, List<ProposedContext> contexts) {
        requireValid(peer.aeTitle());
        requireValid(callingAeTitle);
        if (contexts.isEmpty() || contexts.size() > MAX_CONTEXTS) {
            throw new IllegalArgumentException(
                    contexts.size() + " presentation contexts; an association has 1 to " + MAX_CONTEXTS);
        }
        List<ProposedPresentationContext> proposals = new ArrayList<>();
        for (ProposedContext context : contexts) {
            proposals.add(new ProposedPresentationContext(
                    2 * proposals.size() + 1, context.abstractSyntaxUid(), context.transferSyntaxUids()));
        }
        List<RoleSelection> roles = contexts.stream()
                .filter(ProposedContext::provider)
                .map(context -> new RoleSelection(context.abstractSyntaxUid(), false, true))
                .distinct()
                .toList();
        return new AssociateRequest(
                peer.aeTitle(),
                callingAeTitle,
                AssociateRequest.DICOM_APPLICATION_CONTEXT,
                proposals,
                UserInformation.plain(
                                settings.maxPdu(),
                                FileMetaInformation.IMPLEMENTATION_CLASS_UID,
                                FileMetaInformation.IMPLEMENTATION_VERSION_NAME)
                        .withRoles(roles));
    }

    private static void requireValid(String aeTitle) {
        if (!AeTitle.isValid(aeTitle)) {
            throw new IllegalArgumentException("\"" + AeTitle.printable(aeTitle)
                    + "\" is no AE title: 1 to 16 printable ASCII characters, no backslash");
        }
    }

    private static String name(Peer peer) {
        return peer.aeTitle() + " at " + peer.host() + ":" + peer.port();
    }
}
