// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.io.IOException;
import org.dozo.dicom.CommitmentListener;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.net.AbortReason;
import org.dozo.dicom.net.DimseCommand;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.LogLine;
import org.dozo.dicom.net.ProtocolViolationException;

/** Routes the requests of one association to who performs them, strictly one after the other, PS3.7 §9 and §10. */
final class Operations {

    private static final DimseStatus UNRECOGNIZED_OPERATION = new DimseStatus(0x0211, "");

    private final ServedAssociation served;
    private final StoreProvider stores;
    private final FindProvider finds;
    private final RetrieveProvider retrieves;
    private final CommitmentProvider commitments;

    Operations(ServedAssociation served) {
        this.served = served;
        IdentifierIntake identifiers = new IdentifierIntake(served);
        stores = new StoreProvider(served);
        finds = new FindProvider(served, identifiers);
        retrieves = new RetrieveProvider(served, identifiers);
        commitments = new CommitmentProvider(served);
    }

    /** Performs and answers one request. */
    void perform(DimseMessage message) throws IOException {
        int field = message.command().commandField();
        if (field == DimseCommand.C_CANCEL_RQ) {
            // It has no response (PS3.7 §9.3.2.3), and whatever it would cancel is answered already.
            served.drain(message.dataSet());
            return;
        }
        if (DimseCommand.isResponse(field) || message.command().messageId() < 0) {
            throw new ProtocolViolationException(
                    AbortReason.INVALID_PDU_PARAMETER_VALUE,
                    "Command %04XH is a response, or has no Message ID (0000,0110)".formatted(field));
        }
        switch (field) {
            case DimseCommand.C_ECHO_RQ -> answer(message, DimseStatus.SUCCESS);
            case DimseCommand.C_STORE_RQ -> stores.perform(message);
            case DimseCommand.C_FIND_RQ -> performIfServed(message, QueryRetrieve.FIND);
            case DimseCommand.C_MOVE_RQ -> performIfServed(message, QueryRetrieve.MOVE);
            case DimseCommand.C_GET_RQ -> performIfServed(message, QueryRetrieve.GET);
            case DimseCommand.N_ACTION_RQ, DimseCommand.N_EVENT_REPORT_RQ -> performCommitment(message);
            default -> unrecognized(message);
        }
    }

    private void performIfServed(DimseMessage message, QueryRetrieve service) throws IOException {
        if (!served.has(service.listener())) {
            unrecognized(message);
        } else if (service == QueryRetrieve.FIND) {
            finds.perform(message);
        } else {
            retrieves.perform(message, service);
        }
    }

    private void performCommitment(DimseMessage message) throws IOException {
        if (served.has(CommitmentListener.class)) {
            commitments.perform(message);
        } else {
            unrecognized(message);
        }
    }

    private void unrecognized(DimseMessage message) throws IOException {
        served.log()
                .write(
                        LogLine.REQUEST_UNANSWERABLE,
                        "Command %04XH of %s answered 0211: not an operation of this node"
                                .formatted(
                                        message.command().commandField(),
                                        served.association().callingAeTitle()));
        answer(message, UNRECOGNIZED_OPERATION);
    }

    private void answer(DimseMessage message, DimseStatus status) throws IOException {
        served.drain(message.dataSet());
        served.answer(message, status);
    }
}
