// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import jakarta.resource.spi.UnavailableException;
import java.io.IOException;
import org.dozo.dicom.Association;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.StoreListener;
import org.dozo.dicom.StoreRequest;
import org.dozo.dicom.inbound.Endpoints.Lease;
import org.dozo.dicom.net.AbortReason;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.DataSetInputStream;
import org.dozo.dicom.net.DimseCommand;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.LogLine;
import org.dozo.dicom.net.ProtocolViolationException;
import org.dozo.dicom.net.UpperLayer;
import org.jspecify.annotations.Nullable;

/** Performs the operations of one association, strictly one after the other, PS3.7 §9. */
final class Operations implements AutoCloseable {

    private static final DimseStatus PROCESSING_FAILURE = new DimseStatus(0x0110, "The archive failed; see its log");
    private static final DimseStatus NO_STORE = new DimseStatus(0x0122, "This node takes no objects at present");
    private static final DimseStatus WRONG_CLASS = new DimseStatus(0x0122, "Not the SOP class of the context");
    private static final DimseStatus NO_DATA_SET = new DimseStatus(0xC000, "The request has no data set");
    private static final DimseStatus UNRECOGNIZED_OPERATION = new DimseStatus(0x0211, "");

    private final Association association;
    private final UpperLayer upper;
    private final ListenerContext context;
    private @Nullable Lease<StoreListener> store;

    Operations(Association association, UpperLayer upper, ListenerContext context) {
        this.association = association;
        this.upper = upper;
        this.context = context;
    }

    /** Performs and answers one request. */
    void perform(DimseMessage message) throws IOException {
        CommandSet command = message.command();
        int field = command.commandField();
        if (field == DimseCommand.C_CANCEL_RQ) {
            // It has no response (PS3.7 §9.3.2.3), and whatever it would cancel is answered already.
            drain(message.dataSet());
            return;
        }
        if (DimseCommand.isResponse(field) || command.messageId() < 0) {
            throw new ProtocolViolationException(
                    AbortReason.INVALID_PDU_PARAMETER_VALUE,
                    "Command %04XH is a response, or has no Message ID (0000,0110)".formatted(field));
        }
        DimseStatus status = switch (field) {
            case DimseCommand.C_ECHO_RQ -> DimseStatus.SUCCESS;
            case DimseCommand.C_STORE_RQ -> store(message);
            default -> unrecognized(field);
        };
        // Throws again what broke the stream, whatever the archive made of it: an object that is not whole gets no
        // answer.
        drain(message.dataSet());
        if (field == DimseCommand.C_STORE_RQ) {
            context.statistics().stored(status);
        }
        upper.send(message.context().id(), CommandSet.response(command, status), null);
    }

    private DimseStatus store(DimseMessage message) {
        DataSetInputStream dataSet = message.dataSet();
        CommandSet command = message.command();
        if (dataSet == null) {
            return NO_DATA_SET;
        }
        if (!message.context().abstractSyntaxUid().equals(command.affectedSopClassUid())) {
            return WRONG_CLASS;
        }
        StoreRequest request = new StoreRequest(
                association,
                command.messageId(),
                command.affectedSopClassUid(),
                command.affectedSopInstanceUid(),
                message.context().transferSyntaxUid(),
                command.priority(),
                command.moveOriginatorAeTitle(),
                command.moveOriginatorMessageId());
        return store(request, dataSet);
    }

    private DimseStatus store(StoreRequest request, DataSetInputStream dataSet) {
        try {
            Lease<StoreListener> lease = store;
            if (lease == null) {
                lease = context.endpoints().lease(StoreListener.class);
                store = lease;
            }
            return lease.listener().store(request, dataSet);
        } catch (UnavailableException e) {
            return context.endpoints().canStore() ? failed(e) : NO_STORE;
        } catch (IOException | RuntimeException e) {
            return dataSet.failure() == null ? failed(e) : PROCESSING_FAILURE;
        }
    }

    private DimseStatus failed(Exception cause) {
        context.log()
                .write(
                        LogLine.ENDPOINT_FAILED,
                        "C-STORE on association " + association.id() + " of " + association.callingAeTitle()
                                + " answered 0110: the archive failed",
                        cause);
        return PROCESSING_FAILURE;
    }

    private DimseStatus unrecognized(int field) {
        context.log()
                .write(
                        LogLine.REQUEST_UNANSWERABLE,
                        "Command %04XH of %s answered 0211: not an operation of this node"
                                .formatted(field, association.callingAeTitle()));
        return UNRECOGNIZED_OPERATION;
    }

    private void drain(@Nullable DataSetInputStream dataSet) throws IOException {
        if (dataSet != null && !dataSet.drain(context.settings().maxUnread())) {
            context.log()
                    .write(
                            LogLine.DATA_SET_NOT_DRAINED,
                            "The data set that " + association.callingAeTitle() + " sends was refused, and more than "
                                    + context.settings().maxUnread() + " bytes of it were left (dicom.max-unread)");
            throw new ProtocolViolationException(AbortReason.SERVICE_USER, "A refused data set goes on for too long");
        }
    }

    @Override
    public void close() {
        Lease<StoreListener> lease = store;
        if (lease != null) {
            lease.release();
        }
    }
}
