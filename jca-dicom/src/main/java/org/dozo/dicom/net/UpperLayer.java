// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One association over one connection, in either role: the DICOM upper layer of PS3.8 with the messages of PS3.7 on top. It
 * holds the protocol, not the policy.
 *
 * <p><em>Pitfalls:</em> one thread uses it; only {@link #hangUp} and {@link #close} may come from another. A {@link
 * ProtocolViolationException} or {@link PeerTooSlowException} from any method leaves it to the caller to {@link #abort}.
 */
public final class UpperLayer implements Closeable {

    private static final byte[] RELEASE_RP = {6, 0, 0, 0, 0, 4, 0, 0, 0, 0};
    private static final byte[] RELEASE_RQ = {5, 0, 0, 0, 0, 4, 0, 0, 0, 0};

    private final Wire wire;
    private final PduReader pdus;
    private final PDataReader fragments;
    private final Map<Integer, AcceptedContext> contexts = new HashMap<>();
    private PDataWriter writer;
    private State state = State.AWAITING_REQUEST;
    private @Nullable DimseMessage givenBack;

    /**
     * @param maxLength the longest P-DATA-TF variable field taken, in bytes, as announced to the peer
     * @param received counts the bytes that arrive
     */
    public UpperLayer(Socket socket, Timeouts timeouts, int maxLength, LongAdder received) throws IOException {
        wire = new Wire(socket, timeouts, received);
        pdus = new PduReader(wire, maxLength);
        fragments = new PDataReader(wire, pdus);
        writer = new PDataWriter(wire, 0);
    }

    public State state() {
        return state;
    }

    public Collection<AcceptedContext> contexts() {
        return contexts.values();
    }

    /**
     * Acceptor behind a balancer: waits for the header by which it says on whose behalf it calls, before {@link #awaitRequest}.
     *
     * @return null if the balancer calls for itself
     */
    public @Nullable InetSocketAddress awaitProxyHeader(Duration artim) throws IOException {
        wire.awaitWithin(artim, "a PROXY protocol header");
        return ProxyHeader.read(wire);
    }

    /** Acceptor: waits for the whole A-ASSOCIATE-RQ. */
    public AssociateRequest awaitRequest(Duration artim) throws IOException {
        wire.awaitWithin(artim, "an association request");
        pdus.readHeader(state);
        AssociateRequest request = AssociateReader.request(pdus.readBody());
        state = state.to(State.DECIDING);
        return request;
    }

    /** Acceptor: agrees. Contexts of {@code accept} refer to those of {@code request}. */
    public void accept(AssociateRequest request, AssociateAccept accept) throws IOException {
        agree(request, accept, request.userInformation());
        write(AssociateWriter.accept(accept));
    }

    /** Acceptor: refuses, and waits at most {@code artim} for the peer to close. */
    public void reject(Rejection rejection, Duration artim) throws IOException {
        write(rejection.toPdu());
        awaitClose(artim);
    }

    /**
     * Requestor: asks for the association and waits for the answer.
     *
     * @throws RejectedRequestException if the peer refuses
     */
    public AssociateAccept request(AssociateRequest request, Duration patience) throws IOException {
        state = State.AWAITING_ANSWER;
        write(AssociateWriter.request(request));
        wire.awaitWithin(patience, "an answer to the association request");
        PduType type = pdus.readHeader(state);
        byte[] body = pdus.readBody();
        if (type == PduType.ASSOCIATE_RJ) {
            Rejection rejection = new Rejection(body[1] & 0xFF, body[2] & 0xFF, body[3] & 0xFF);
            throw new RejectedRequestException(rejection, "The peer " + rejection);
        }
        AssociateAccept accept = AssociateReader.accept(body);
        agree(request, accept, accept.userInformation());
        return accept;
    }

    /**
     * Waits for the next message.
     *
     * @param patience for its first byte
     * @return null if the peer released the association: it is answered, and only the close is left
     */
    public @Nullable DimseMessage receive(Duration patience) throws IOException {
        DimseMessage known = givenBack;
        if (known != null) {
            givenBack = null;
            return known;
        }
        if (!fragments.hasMore()) {
            wire.awaitWithin(patience, "a message");
            if (!wire.awaitByte()) {
                throw Wire.closed();
            }
            wire.beginMessage();
            if (pdus.readHeader(state) == PduType.RELEASE_RQ) {
                pdus.readBody();
                state = state.to(State.RELEASE_REQUESTED);
                write(RELEASE_RP);
                return null;
            }
            fragments.begin(pdus.length());
        }
        wire.beginMessage();
        CommandSet command = CommandSet.decode(fragments.readCommand());
        AcceptedContext context = contexts.get(fragments.contextId());
        if (context == null) {
            throw new ProtocolViolationException(
                    AbortReason.INVALID_PDU_PARAMETER_VALUE,
                    "A message uses presentation context " + fragments.contextId() + ", which was not accepted");
        }
        return new DimseMessage(
                context, command, command.hasDataSet() ? new DataSetInputStream(fragments, context.id()) : null);
    }

    /** Takes back a message that {@link #receive} gave and that is to wait, its data set unread: the next call gives it again. */
    public void giveBack(DimseMessage message) {
        givenBack = message;
    }

    /**
     * What has come while no call waited for it. Waits for nobody: at most a millisecond now and then, or for the rest of a PDU
     * header that has begun. The data set of the last message must have been read.
     *
     * @return never {@link Arrival#MESSAGE} behind a message that was given back: it can't be seen past
     * @throws AssociationAbortedException if the peer is gone
     */
    public Arrival arrival() throws IOException {
        if (givenBack != null) {
            return Arrival.NOTHING;
        }
        if (fragments.hasMore()) {
            return Arrival.MESSAGE;
        }
        if (!wire.hasInput()) {
            return Arrival.NOTHING;
        }
        wire.beginMessage();
        if (!wire.awaitByte()) {
            throw Wire.closed();
        }
        return wire.peek() == PduType.RELEASE_RQ.code() ? Arrival.RELEASE : Arrival.MESSAGE;
    }

    /** Sends a message without a data set. */
    public void send(int contextId, CommandSet command) throws IOException {
        writer.writeCommand(contextId, command.encode());
    }

    /** Sends a message whose data set is in memory, encoded as the context wants it. */
    public void send(int contextId, CommandSet command, byte[] dataSet) throws IOException {
        writer.writeMessage(contextId, command.encode(), dataSet);
    }

    /**
     * Sends a message; {@code dataSet} is read to its end, a buffer at a time.
     *
     * @throws SourceFailedException if reading it failed
     */
    public void send(int contextId, CommandSet command, InputStream dataSet) throws IOException {
        writer.writeMessage(contextId, command.encode(), dataSet);
    }

    /** Requestor: asks for the release and waits for the answer, also through a release collision (PS3.8 §7.2.2.7). */
    public void release(Duration patience) throws IOException {
        state = state.to(State.AWAITING_RELEASE_RESPONSE);
        write(RELEASE_RQ);
        wire.awaitWithin(patience, "an answer to the release request");
        while (true) {
            PduType type = pdus.readHeader(state);
            pdus.readBody();
            if (type == PduType.RELEASE_RP) {
                state = State.CLOSED;
                return;
            }
            if (type == PduType.RELEASE_RQ) {
                write(RELEASE_RP);
                state = state.to(State.RELEASE_COLLISION);
            }
        }
    }

    /** Sends A-ABORT; the close is left to the caller. A connection that can't take it any more is no failure here. */
    public void abort(AbortReason reason) {
        if (state == State.CLOSED) {
            return;
        }
        state = state.to(State.AWAITING_CLOSE);
        try {
            write(reason.toPdu());
        } catch (IOException e) {
            // The peer is gone: it needs no abort.
        }
    }

    /** Waits at most {@code artim} for the peer to close, throwing away what still comes. */
    public void awaitClose(Duration artim) throws IOException {
        state = state.to(State.AWAITING_CLOSE);
        try {
            wire.linger(artim);
        } catch (PeerTooSlowException e) {
            // ARTIM has expired: PS3.8 AA-2 closes from this side.
        }
    }

    /** Whether an idle association is still there: neither closed nor aborted by the peer. Takes up to a millisecond. */
    public boolean isAlive() {
        return state == State.ESTABLISHED && wire.isQuiet();
    }

    /** Ends the reading side at once: the association's thread sees the end of the connection. Any thread may call. */
    public void hangUp() {
        wire.hangUp();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }

    private void agree(AssociateRequest request, AssociateAccept accept, UserInformation peer)
            throws ProtocolViolationException {
        Map<Integer, ProposedPresentationContext> proposals = new HashMap<>();
        request.contexts().forEach(proposal -> proposals.put(proposal.id(), proposal));
        for (PresentationContext context : accept.contexts()) {
            ProposedPresentationContext proposal = proposals.get(context.id());
            if (context.isAccepted()) {
                if (proposal == null || !proposal.transferSyntaxUids().contains(context.transferSyntaxUid())) {
                    throw new ProtocolViolationException(
                            AbortReason.INVALID_PDU_PARAMETER_VALUE,
                            "Presentation context " + context.id() + " was accepted as it was not proposed");
                }
                contexts.put(
                        context.id(),
                        new AcceptedContext(context.id(), proposal.abstractSyntaxUid(), context.transferSyntaxUid()));
            }
        }
        writer = new PDataWriter(wire, peer.maxLength());
        state = state.to(State.ESTABLISHED);
    }

    private void write(byte[] pdu) throws IOException {
        wire.write(pdu, 0, pdu.length);
    }

    /** The accepted contexts for an abstract syntax, in the order of their ids. */
    public List<AcceptedContext> contextsFor(String abstractSyntaxUid) {
        List<AcceptedContext> found = new ArrayList<>();
        for (AcceptedContext context : contexts.values()) {
            if (context.abstractSyntaxUid().equals(abstractSyntaxUid)) {
                found.add(context);
            }
        }
        return found;
    }
}
