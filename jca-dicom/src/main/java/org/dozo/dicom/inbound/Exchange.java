// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.net.AbortReason;
import org.dozo.dicom.net.AcceptedContext;
import org.dozo.dicom.net.AssociationAbortedException;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.DimseCommand;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.ProtocolViolationException;
import org.dozo.dicom.net.UpperLayer;
import org.jspecify.annotations.Nullable;

/**
 * One C-FIND, C-MOVE or C-GET under way: its responses go out, and what the peer says meanwhile is heard. The first failure of
 * the association is kept: every later call throws it again, and so does {@link #end}, whatever the archive made of it.
 *
 * <p>Meanwhile the peer may send a C-CANCEL for this operation (for others it comes too late and is ignored) and A-RELEASE-RQ,
 * which cancels too: nobody waits for the answers, though PS3.8 §7.2.2 lets them be sent. A further request would need an
 * asynchronous window, which is never granted (PS3.7 §D.3.3.3). It is performed afterwards, as pipelined requests of other
 * operations are, so that it does not depend on the moment; but where responses of the peer are awaited (C-GET), which it
 * stands before, it breaks the protocol. A response that nobody awaits does so always.
 */
final class Exchange {

    private final ServedAssociation served;
    private final UpperLayer upper;
    private final DimseMessage request;
    private boolean cancelled;
    private boolean over;
    private @Nullable IOException failure;

    Exchange(ServedAssociation served, DimseMessage request) {
        this.served = served;
        this.upper = served.upper();
        this.request = request;
    }

    /** Sends a response of this operation that is not the last. */
    void respond(CommandSet response, @Nullable Dataset identifier) throws IOException {
        requireRunning();
        try {
            send(response, identifier);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Whether the peer wants no more, or is gone, or nobody may ask any more. Never waits. */
    boolean isCancelled() {
        if (!cancelled && failure == null && !over) {
            try {
                listen();
            } catch (IOException e) {
                failure = e;
            }
        }
        return cancelled || failure != null || over;
    }

    /** Sends a request to the peer within this operation, and waits for its response. */
    DimseStatus ask(AcceptedContext context, CommandSet command, InputStream dataSet) throws IOException {
        requireRunning();
        try {
            upper.send(context.id(), command, dataSet);
            return answer(command);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** What broke the association; null if it still holds. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** The archive has had its say: from now on its calls fail. Throws what broke the association. */
    void end() throws IOException {
        over = true;
        IOException broken = failure;
        if (broken != null) {
            throw broken;
        }
    }

    /** Sends the last response. */
    void conclude(CommandSet response, @Nullable Dataset identifier) throws IOException {
        send(response, identifier);
    }

    private void requireRunning() throws IOException {
        IOException broken = failure;
        if (broken != null) {
            throw broken;
        }
        if (over) {
            throw new IOException("The operation is answered: nothing can be sent for it any more");
        }
    }

    private void send(CommandSet response, @Nullable Dataset identifier) throws IOException {
        AcceptedContext context = request.context();
        if (identifier == null) {
            upper.send(context.id(), response);
        } else {
            TransferSyntax syntax = Objects.requireNonNull(TransferSyntaxes.of(context.transferSyntaxUid()));
            upper.send(context.id(), response.withDataSet(), DatasetWriter.toBytes(identifier, syntax));
        }
    }

    /** One message a call: a peer that floods is read at the archive's pace. */
    private void listen() throws IOException {
        switch (upper.arrival()) {
            case NOTHING -> {}
            case RELEASE -> cancelled = true;
            case MESSAGE -> {
                DimseMessage message = received(Duration.ZERO);
                if (isCancel(message)) {
                    hearCancel(message);
                } else if (DimseCommand.isResponse(message.command().commandField())) {
                    throw violation("answered what was not asked: " + message.command());
                } else {
                    upper.giveBack(message);
                }
            }
        }
    }

    private DimseStatus answer(CommandSet command) throws IOException {
        while (true) {
            DimseMessage message = received(served.settings().responseTimeout());
            if (isCancel(message)) {
                hearCancel(message);
                continue;
            }
            CommandSet response = message.command();
            if (response.commandField() != DimseCommand.responseTo(command.commandField())
                    || response.messageIdBeingRespondedTo() != command.messageId()) {
                throw violation("sent " + response + " where the response to an object is due");
            }
            served.drain(message.dataSet());
            return response.status();
        }
    }

    private DimseMessage received(Duration patience) throws IOException {
        DimseMessage message = upper.receive(patience);
        if (message == null) {
            throw new AssociationAbortedException("The peer released the association instead of answering");
        }
        return message;
    }

    private static boolean isCancel(DimseMessage message) {
        return message.command().commandField() == DimseCommand.C_CANCEL_RQ;
    }

    private void hearCancel(DimseMessage message) throws IOException {
        served.drain(message.dataSet());
        if (message.command().messageIdBeingRespondedTo() == request.command().messageId()) {
            cancelled = true;
        }
    }

    private ProtocolViolationException violation(String what) {
        return new ProtocolViolationException(
                AbortReason.INVALID_PDU_PARAMETER_VALUE, served.association().callingAeTitle() + " " + what);
    }
}
