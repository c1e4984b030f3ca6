// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.CommitmentReports;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Matches;
import org.dozo.dicom.Priority;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.net.AbortReason;
import org.dozo.dicom.net.AcceptedContext;
import org.dozo.dicom.net.AeTitle;
import org.dozo.dicom.net.AssociationAbortedException;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.CommitmentDataSets;
import org.dozo.dicom.net.DataSetInputStream;
import org.dozo.dicom.net.DimseCommand;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.IdentifierReader;
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
    private final Set<String> refusedRoles;
    private final OperatorLog log = new OperatorLog("org.dozo.dicom.outbound");
    private int messageId;
    private boolean usable = true;

    /** @param refusedRoles the classes for which the peer denies us the SCP role */
    RequestedAssociation(UpperLayer upper, RequestorSettings settings, String peer, Set<String> refusedRoles) {
        this.upper = upper;
        this.settings = settings;
        this.peer = peer;
        this.refusedRoles = refusedRoles;
    }

    @Override
    public DimseStatus echo() throws IOException {
        AcceptedContext context = context(SopClasses.VERIFICATION, null);
        CommandSet request = CommandSet.echoRequest(nextMessageId(), SopClasses.VERIFICATION);
        return perform(() -> {
            upper.send(context.id(), request);
            return status(request);
        });
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
        return perform(() -> {
            upper.send(context.id(), request, dataSet);
            return status(request);
        });
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

    @Override
    public DimseStatus find(String sopClassUid, Dataset identifier, Matches matches) throws IOException {
        AcceptedContext context = context(sopClassUid, null);
        CommandSet request = CommandSet.findRequest(nextMessageId(), sopClassUid, Priority.MEDIUM);
        return perform(() -> {
            upper.send(context.id(), request, encoded(identifier, context));
            boolean cancelled = false;
            DimseMessage response = response(request, settings.responseTimeout());
            while (response.command().status().isPending()) {
                Dataset match = identifier(response);
                if (!cancelled && match != null) {
                    matches.add(match);
                }
                cancelled = cancelled || (matches.isCancelled() && cancel(context, request));
                response = response(request, settings.responseTimeout());
            }
            drain(response);
            return response.command().status();
        });
    }

    @Override
    public RetrieveResult move(String sopClassUid, Dataset identifier, String destination, RetrieveProgress progress)
            throws IOException {
        AcceptedContext context = context(sopClassUid, null);
        if (!AeTitle.isValid(destination)) {
            throw new IllegalArgumentException("\"" + AeTitle.printable(destination) + "\" is no AE title");
        }
        CommandSet request = CommandSet.moveRequest(nextMessageId(), sopClassUid, Priority.MEDIUM, destination);
        return perform(() -> {
            upper.send(context.id(), request, encoded(identifier, context));
            boolean cancelled = false;
            DimseMessage response = response(request, settings.moveTimeout());
            while (response.command().status().isPending()) {
                drain(response);
                progress.pending(response.command().counts());
                cancelled = cancelled || (progress.isCancelled() && cancel(context, request));
                response = response(request, settings.moveTimeout());
            }
            Dataset failures = identifier(response);
            return new RetrieveResult(
                    response.command().status(),
                    response.command().counts(),
                    failures == null ? List.of() : failures.getStrings(Tag.FAILED_SOP_INSTANCE_UID_LIST));
        });
    }

    @Override
    public DimseStatus requestCommitment(CommitmentRequest asked, Duration patience, CommitmentReports reports)
            throws IOException {
        AcceptedContext context = context(SopClasses.STORAGE_COMMITMENT, null);
        CommandSet request = CommandSet.actionRequest(
                nextMessageId(),
                SopClasses.STORAGE_COMMITMENT,
                SopClasses.STORAGE_COMMITMENT_INSTANCE,
                CommitmentDataSets.REQUEST_STORAGE_COMMITMENT);
        byte[] dataSet = encoded(CommitmentDataSets.of(asked), context);
        return perform(() -> {
            CommitmentIntake intake = new CommitmentIntake(upper, peer, asked, reports);
            upper.send(context.id(), request, dataSet);
            DimseMessage response = message(settings.responseTimeout());
            while (intake.takes(response)) {
                response = message(settings.responseTimeout());
            }
            requireAnswer(response, request);
            drain(response);
            if (response.command().status().isDone()) {
                usable = intake.await(patience);
            }
            return response.command().status();
        });
    }

    @Override
    public DimseStatus reportCommitment(CommitmentResult result) throws IOException {
        AcceptedContext context = context(SopClasses.STORAGE_COMMITMENT, null);
        if (refusedRoles.contains(SopClasses.STORAGE_COMMITMENT)) {
            throw new IllegalArgumentException(
                    peer + " takes no reports from us: it refuses us the SCP role of Storage Commitment Push Model");
        }
        CommandSet request = CommandSet.eventReportRequest(
                nextMessageId(),
                SopClasses.STORAGE_COMMITMENT,
                SopClasses.STORAGE_COMMITMENT_INSTANCE,
                result.eventTypeId());
        byte[] dataSet = encoded(CommitmentDataSets.of(result), context);
        return perform(() -> {
            upper.send(context.id(), request, dataSet);
            return status(request);
        });
    }

    @Override
    public DimseStatus create(String sopClassUid, String sopInstanceUid, Dataset attributes) throws IOException {
        AcceptedContext context = context(sopClassUid, null);
        CommandSet request = CommandSet.createRequest(nextMessageId(), sopClassUid, sopInstanceUid);
        byte[] dataSet = encoded(attributes, context);
        return perform(() -> {
            upper.send(context.id(), request, dataSet);
            return status(request);
        });
    }

    private interface Operation<T> {
        T perform() throws IOException;
    }

    private <T> T perform(Operation<T> operation) throws IOException {
        if (!usable) {
            throw new IOException("The association with " + peer + " is over");
        }
        try {
            return operation.perform();
        } catch (IOException | RuntimeException e) {
            // An unfinished message can't be taken back, nor an operation be left half answered.
            fail(e);
            throw e;
        }
    }

    private DimseMessage response(CommandSet request, Duration patience) throws IOException {
        DimseMessage message = message(patience);
        requireAnswer(message, request);
        return message;
    }

    private DimseMessage message(Duration patience) throws IOException {
        DimseMessage message = upper.receive(patience);
        if (message == null) {
            upper.close();
            throw new AssociationAbortedException(peer + " released the association instead of answering");
        }
        return message;
    }

    private void requireAnswer(DimseMessage message, CommandSet request) throws ProtocolViolationException {
        CommandSet response = message.command();
        if (response.commandField() != DimseCommand.responseTo(request.commandField())
                || response.messageIdBeingRespondedTo() != request.messageId()) {
            throw new ProtocolViolationException(
                    AbortReason.INVALID_PDU_PARAMETER_VALUE, peer + " answered what was not asked: " + response);
        }
    }

    /** The status of a response whose data set, if there is one, is of no interest. */
    private DimseStatus status(CommandSet request) throws IOException {
        DimseMessage response = response(request, settings.responseTimeout());
        drain(response);
        return response.command().status();
    }

    private void drain(DimseMessage response) throws IOException {
        if (response.dataSet() != null && !response.dataSet().drain(settings.maxPdu())) {
            throw new ProtocolViolationException(
                    AbortReason.INVALID_PDU_PARAMETER_VALUE, peer + " answered with a long data set");
        }
    }

    private @Nullable Dataset identifier(DimseMessage response) throws IOException {
        DataSetInputStream dataSet = response.dataSet();
        if (dataSet == null) {
            return null;
        }
        return new IdentifierReader(settings.maxIdentifier())
                .read(dataSet, response.context().transferSyntaxUid());
    }

    /** Asks once for an early end; true. */
    private boolean cancel(AcceptedContext context, CommandSet request) throws IOException {
        upper.send(context.id(), CommandSet.cancelRequest(request.messageId()));
        return true;
    }

    private static byte[] encoded(Dataset identifier, AcceptedContext context) {
        TransferSyntax syntax = TransferSyntaxes.of(context.transferSyntaxUid());
        if (syntax == null) {
            throw new IllegalArgumentException(
                    "No identifier can be written in transfer syntax " + context.transferSyntaxUid());
        }
        return DatasetWriter.toBytes(identifier, syntax);
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
