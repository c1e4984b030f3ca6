// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.net.AbortReason;
import org.dozo.dicom.net.AcceptedContext;
import org.dozo.dicom.net.AssociationAbortedException;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.DimseCommand;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.LogLine;
import org.dozo.dicom.net.OperatorLog;
import org.dozo.dicom.net.ProtocolViolationException;
import org.dozo.dicom.net.UpperLayer;
import org.jspecify.annotations.Nullable;

/** An association as SCU, from acceptance to release. After any IOException it is aborted and of no more use. */
final class RequestedAssociation implements DicomConnection {

    private static final int LAST_MESSAGE_ID = 0xFFFF;

    private final UpperLayer upper;
    private final RequestorSettings settings;
    private final String peer;
    private final OperatorLog log = new OperatorLog("org.dozo.dicom.outbound");
    private int messageId;
    private boolean usable = true;

    RequestedAssociation(UpperLayer upper, RequestorSettings settings, String peer) {
        this.upper = upper;
        this.settings = settings;
        this.peer = peer;
    }

    @Override
    public DimseStatus echo() throws IOException {
        AcceptedContext context = context(SopClasses.VERIFICATION, null);
        return perform(context, CommandSet.echoRequest(nextMessageId(), SopClasses.VERIFICATION), null);
    }

    @Override
    public Set<String> acceptedTransferSyntaxUids(String abstractSyntaxUid) {
        Set<String> uids = new LinkedHashSet<>();
        upper.contextsFor(abstractSyntaxUid).forEach(context -> uids.add(context.transferSyntaxUid()));
        return uids;
    }

    @Override
    public DimseStatus store(StoreOperation operation, InputStream dataSet) throws IOException {
        AcceptedContext context = context(operation.sopClassUid(), operation.transferSyntaxUid());
        CommandSet request = CommandSet.storeRequest(nextMessageId(), operation);
        return perform(context, request, dataSet);
    }

    /** Whether it can be used again: nothing has failed here, and the peer has neither closed nor aborted. */
    boolean isUsable() {
        // One that is gone needs no release.
        usable = usable && upper.isAlive();
        return usable;
    }

    @Override
    public void release() {
        close();
    }

    @Override
    public void close() {
        try (UpperLayer closing = upper) {
            if (usable) {
                usable = false;
                closing.release(settings.releaseTimeout());
            }
        } catch (IOException e) {
            // Nothing is lost: every operation was answered before.
            log.write(LogLine.RELEASE_FAILED, "The release by " + peer + " failed: " + e.getMessage());
        }
    }

    private DimseStatus perform(AcceptedContext context, CommandSet request, @Nullable InputStream dataSet)
            throws IOException {
        if (!usable) {
            throw new IOException("The association with " + peer + " is over");
        }
        try {
            upper.send(context.id(), request, dataSet);
            return response(request);
        } catch (IOException | RuntimeException e) {
            // An unfinished message can't be taken back.
            fail(e);
            throw e;
        }
    }

    private DimseStatus response(CommandSet request) throws IOException {
        DimseMessage message = upper.receive(settings.responseTimeout());
        if (message == null) {
            upper.close();
            throw new AssociationAbortedException(peer + " released the association instead of answering");
        }
        CommandSet response = message.command();
        if (response.commandField() != DimseCommand.responseTo(request.commandField())
                || response.messageIdBeingRespondedTo() != request.messageId()) {
            throw new ProtocolViolationException(
                    AbortReason.INVALID_PDU_PARAMETER_VALUE, peer + " answered what was not asked: " + response);
        }
        if (message.dataSet() != null && !message.dataSet().drain(settings.maxPdu())) {
            throw new ProtocolViolationException(
                    AbortReason.INVALID_PDU_PARAMETER_VALUE, peer + " answered with a long data set");
        }
        return response.status();
    }

    private void fail(Exception cause) throws IOException {
        usable = false;
        upper.abort(
                cause instanceof ProtocolViolationException violation ? violation.reason() : AbortReason.SERVICE_USER);
        upper.close();
    }

    private AcceptedContext context(String abstractSyntaxUid, @Nullable String transferSyntaxUid) {
        for (AcceptedContext context : upper.contextsFor(abstractSyntaxUid)) {
            if (transferSyntaxUid == null || context.transferSyntaxUid().equals(transferSyntaxUid)) {
                return context;
            }
        }
        throw new IllegalArgumentException(peer + " accepted no context for " + SopClasses.name(abstractSyntaxUid)
                + (transferSyntaxUid == null ? "" : " in transfer syntax " + transferSyntaxUid));
    }

    private int nextMessageId() {
        messageId = messageId == LAST_MESSAGE_ID ? 1 : messageId + 1;
        return messageId;
    }
}
