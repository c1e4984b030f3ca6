// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import jakarta.resource.spi.UnavailableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import org.dozo.dicom.Admission;
import org.dozo.dicom.Association;
import org.dozo.dicom.AssociationListener;
import org.dozo.dicom.inbound.Associations.PeerKey;
import org.dozo.dicom.inbound.Associations.Verdict;
import org.dozo.dicom.inbound.Endpoints.Lease;
import org.dozo.dicom.net.AbortReason;
import org.dozo.dicom.net.AeTitle;
import org.dozo.dicom.net.AssociateAccept;
import org.dozo.dicom.net.AssociateRequest;
import org.dozo.dicom.net.AssociationAbortedException;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.LogLine;
import org.dozo.dicom.net.PeerTooSlowException;
import org.dozo.dicom.net.ProtocolViolationException;
import org.dozo.dicom.net.RejectedRequestException;
import org.dozo.dicom.net.Rejection;
import org.dozo.dicom.net.SourceFailedException;
import org.dozo.dicom.net.UpperLayer;
import org.jspecify.annotations.Nullable;

/** One connection from accept to close, on a virtual thread of its own. */
final class AssociationWork implements Runnable {

    private final long id;
    private final Socket socket;
    private final ListenerContext context;
    private volatile @Nullable UpperLayer connection;
    private volatile boolean aborting;
    private volatile @Nullable Thread worker;
    private @Nullable Association admitted;
    /** Who calls; behind a balancer, on whose behalf it does. */
    private volatile InetSocketAddress caller;

    AssociationWork(long id, Socket socket, ListenerContext context) {
        this.id = id;
        this.socket = socket;
        this.context = context;
        caller = new InetSocketAddress(socket.getInetAddress(), socket.getPort());
    }

    @Override
    public void run() {
        worker = Thread.currentThread();
        try (UpperLayer upper = new UpperLayer(
                socket,
                context.settings().timeouts(),
                context.settings().maxPdu(),
                context.statistics().bytesReceived())) {
            connection = upper;
            converse(upper);
        } catch (IOException e) {
            context.log().debug("Connection " + id + " of " + peer() + " ended: " + e.getMessage());
        } catch (RuntimeException e) {
            context.log().write(LogLine.UNEXPECTED_FAILURE, "Connection " + id + " of " + peer() + " failed", e);
        } finally {
            // Also where the constructor failed; a second close does nothing.
            closeSocket();
            tellEnd();
            context.associations().leave(this);
        }
    }

    /** Lets the association end by an abort, as soon as its thread reads again. Any thread may call. */
    void abort() {
        aborting = true;
        UpperLayer upper = connection;
        if (upper != null) {
            upper.hangUp();
        }
    }

    /**
     * Closes without a word and wakes the archive if it is still at work for this association: nobody hears its answer any more, and
     * a container waits for its calls when it stops. Any thread may call.
     */
    void giveUp() {
        closeSocket();
        Thread working = worker;
        if (working != null) {
            working.interrupt();
        }
    }

    /** Closes without a word. Any thread may call. */
    void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            // The descriptor is gone either way.
        }
    }

    private void converse(UpperLayer upper) throws IOException {
        try {
            AssociateRequest request = upper.awaitRequest(awaitCaller(upper));
            Association association = admit(request);
            admitted = association;
            AssociateAccept accept = context.negotiation().answer(request, context.endpoints()::has);
            upper.accept(request, accept);
            context.statistics().accepted();
            serve(upper, association, Agreement.of(accept));
            closeAfter(upper);
        } catch (RejectedRequestException e) {
            reject(upper, e);
        } catch (ProtocolViolationException e) {
            context.log()
                    .write(LogLine.PROTOCOL_VIOLATION, peer() + " broke the protocol: " + e.getMessage() + "; aborted");
            abort(upper, e.reason());
        } catch (PeerTooSlowException e) {
            endSlow(upper, e);
        } catch (SourceFailedException e) {
            context.log()
                    .write(
                            LogLine.OBJECT_NOT_SENT_WHOLE,
                            "Association of " + peer() + " aborted: an object that it fetched could not be read",
                            e);
            abort(upper, AbortReason.SERVICE_USER);
        } catch (IOException e) {
            endLost(upper, e);
        } catch (RuntimeException e) {
            abort(upper, AbortReason.NOT_SPECIFIED);
            throw e;
        }
    }

    /** Finds out who calls; what is left of the time for the request then. */
    private Duration awaitCaller(UpperLayer upper) throws IOException {
        Duration artim = context.settings().artim();
        if (!context.settings().proxyProtocolFrom().contains(socket.getInetAddress())) {
            return artim;
        }
        long begun = System.nanoTime();
        InetSocketAddress source = upper.awaitProxyHeader(artim);
        if (source != null) {
            caller = source;
        }
        return artim.minusNanos(System.nanoTime() - begun);
    }

    private void serve(UpperLayer upper, Association association, Agreement agreement) throws IOException {
        try (ServedAssociation served = new ServedAssociation(association, agreement, upper, context)) {
            Operations operations = new Operations(served);
            DimseMessage message = upper.receive(context.settings().idleTimeout());
            while (message != null) {
                operations.perform(message);
                message = upper.receive(context.settings().idleTimeout());
            }
        }
    }

    private Association admit(AssociateRequest request) throws RejectedRequestException {
        String calling = request.callingAeTitle();
        if (!AssociateRequest.DICOM_APPLICATION_CONTEXT.equals(request.applicationContextName())) {
            throw refusal(Rejection.APPLICATION_CONTEXT_NAME_NOT_SUPPORTED, request, "another application context");
        }
        if (!AeTitle.isValid(calling)) {
            throw refusal(Rejection.CALLING_AE_TITLE_NOT_RECOGNIZED, request, "the calling AE title is malformed");
        }
        if (!context.settings().aeTitles().contains(request.calledAeTitle())) {
            throw refusal(
                    Rejection.CALLED_AE_TITLE_NOT_RECOGNIZED, request, "the called AE title is not in dicom.ae-title");
        }
        Verdict verdict = context.associations().admit(this, new PeerKey(caller.getAddress(), calling));
        if (verdict != Verdict.ADMITTED) {
            throw refusal(Rejection.LOCAL_LIMIT_EXCEEDED, request, reason(verdict));
        }
        Association association = new Association(
                id,
                calling,
                request.calledAeTitle(),
                caller.getAddress(),
                false,
                request.userInformation().implementationClassUid(),
                request.userInformation().implementationVersionName(),
                Instant.now());
        ask(association, request);
        return association;
    }

    private void ask(Association association, AssociateRequest request) throws RejectedRequestException {
        Admission admission;
        try {
            Lease<AssociationListener> lease = context.endpoints().lease(AssociationListener.class);
            try {
                admission = lease.listener().requested(association);
            } finally {
                lease.release();
            }
        } catch (UnavailableException e) {
            throw refusal(Rejection.LOCAL_LIMIT_EXCEEDED, request, "the archive is not ready yet");
        } catch (RuntimeException e) {
            context.log().write(LogLine.ENDPOINT_FAILED, "Nobody could decide on an association of " + peer(), e);
            throw refusal(Rejection.LOCAL_LIMIT_EXCEEDED, request, "the archive failed to decide");
        }
        switch (admission) {
            case ACCEPTED -> {}
            case CALLING_AE_TITLE_NOT_RECOGNIZED ->
                throw refusal(Rejection.CALLING_AE_TITLE_NOT_RECOGNIZED, request, "not a known peer");
            case CALLED_AE_TITLE_NOT_RECOGNIZED ->
                throw refusal(Rejection.CALLED_AE_TITLE_NOT_RECOGNIZED, request, "the archive does not answer to it");
            case TEMPORARILY_CONGESTED ->
                throw refusal(Rejection.LOCAL_LIMIT_EXCEEDED, request, "the archive is congested");
        }
    }

    private String reason(Verdict verdict) {
        return switch (verdict) {
            case TOO_MANY ->
                "all " + context.settings().maxAssociations() + " associations are in use (dicom.max-associations)";
            case TOO_MANY_OF_PEER ->
                "it has " + context.settings().maxAssociationsPerPeer()
                        + " associations already (dicom.max-associations-per-peer)";
            case DRAINING, ADMITTED -> "this node is closing; another node, or a later try, will do";
        };
    }

    private RejectedRequestException refusal(Rejection rejection, AssociateRequest request, String why) {
        return new RejectedRequestException(
                rejection,
                "Association of " + AeTitle.printable(request.callingAeTitle()) + " at " + peer() + ", calling "
                        + AeTitle.printable(request.calledAeTitle()) + ", " + rejection + ": " + why);
    }

    private void reject(UpperLayer upper, RejectedRequestException refusal) throws IOException {
        Rejection rejection = refusal.rejection();
        context.statistics().rejected(rejection);
        context.log()
                .write(
                        rejection.isPermanent() ? LogLine.ASSOCIATION_REJECTED : LogLine.LIMIT_REACHED,
                        String.valueOf(refusal.getMessage()));
        dismiss();
        upper.reject(rejection, context.settings().artim());
    }

    private void endSlow(UpperLayer upper, PeerTooSlowException cause) throws IOException {
        context.log().write(LogLine.PEER_TOO_SLOW, peer() + ": " + cause.getMessage());
        if (admitted != null) {
            // Without an association PS3.8 AA-2 only closes.
            abort(upper, AbortReason.NOT_SPECIFIED);
        }
    }

    private void endLost(UpperLayer upper, IOException cause) throws IOException {
        if (aborting) {
            context.log().write(LogLine.ABORTED_BY_DRAIN, "Association of " + peer() + " aborted: this node closes");
            abort(upper, AbortReason.SERVICE_USER);
        } else if (admitted != null) {
            context.statistics().aborted();
            context.log().write(LogLine.ASSOCIATION_LOST, "Association of " + peer() + " lost: " + cause.getMessage());
            if (!(cause instanceof AssociationAbortedException)) {
                throw cause;
            }
        } else {
            throw cause;
        }
    }

    private void abort(UpperLayer upper, AbortReason reason) throws IOException {
        if (admitted != null) {
            context.statistics().aborted();
        }
        upper.abort(reason);
        closeAfter(upper);
    }

    /** The place is free for another association while the peer takes its time to close. */
    private void closeAfter(UpperLayer upper) throws IOException {
        dismiss();
        Duration artim = context.settings().artim();
        upper.awaitClose(artim);
    }

    private void dismiss() {
        AssociationWork oldest = context.associations().dismiss(this);
        if (oldest != null) {
            context.giveWay(oldest);
        }
    }

    private void tellEnd() {
        Association association = admitted;
        if (association == null) {
            return;
        }
        try {
            Lease<AssociationListener> lease = context.endpoints().lease(AssociationListener.class);
            try {
                lease.listener().ended(association);
            } finally {
                lease.release();
            }
        } catch (UnavailableException | RuntimeException e) {
            context.log().write(LogLine.ENDPOINT_FAILED, "Nobody heard of the end of an association of " + peer(), e);
        }
    }

    private String peer() {
        return caller.getAddress().getHostAddress() + ":" + caller.getPort();
    }
}
