// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import jakarta.resource.spi.UnavailableException;
import java.io.IOException;
import org.dozo.dicom.Association;
import org.dozo.dicom.CommitmentListener;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomLimitException;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.CommitmentDataSets;
import org.dozo.dicom.net.CommitmentReader;
import org.dozo.dicom.net.DataSetInputStream;
import org.dozo.dicom.net.DimseCommand;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.LogLine;

/** The Storage Commitment Push Model, PS3.4 §J: requests as SCP (N-ACTION), and reports on our own as SCU (N-EVENT-REPORT). */
final class CommitmentProvider {

    private static final DimseStatus NO_SUCH_CLASS = new DimseStatus(0x0118, "Not the SOP class of the context");
    private static final DimseStatus NO_SUCH_INSTANCE =
            new DimseStatus(0x0112, "The only instance is " + SopClasses.STORAGE_COMMITMENT_INSTANCE);
    private static final DimseStatus NO_SUCH_EVENT = new DimseStatus(0x0113, "Event types are 1 and 2");
    private static final DimseStatus NO_SUCH_ACTION = new DimseStatus(0x0123, "The only action type is 1");
    private static final int INVALID_ARGUMENT = 0x0115;
    private static final int RESOURCE_LIMITATION = 0x0213;

    private final ServedAssociation served;
    private final CommitmentReader reader;

    CommitmentProvider(ServedAssociation served) {
        this.served = served;
        reader = new CommitmentReader(served.settings().maxCommitment());
    }

    /** Performs and answers an N-ACTION or N-EVENT-REPORT. */
    void perform(DimseMessage message) throws IOException {
        boolean action = message.command().commandField() == DimseCommand.N_ACTION_RQ;
        DimseStatus status;
        try {
            status = action ? act(message) : hear(message);
        } catch (RefusedException e) {
            status = e.status();
            served.log()
                    .write(
                            LogLine.COMMITMENT_REFUSED,
                            (action ? "A storage commitment request of " : "A storage commitment report of ")
                                    + served.association().callingAeTitle() + " was answered " + status);
        }
        served.drain(message.dataSet());
        served.answer(message, status);
    }

    private DimseStatus act(DimseMessage message) throws RefusedException, IOException {
        CommandSet command = message.command();
        require(command.requestedSopClassUid(), command.requestedSopInstanceUid(), message);
        if (command.actionTypeId() != CommitmentDataSets.REQUEST_STORAGE_COMMITMENT) {
            throw new RefusedException(NO_SUCH_ACTION);
        }
        return told("N-ACTION", message, reader::request, CommitmentListener::requested);
    }

    private DimseStatus hear(DimseMessage message) throws RefusedException, IOException {
        CommandSet command = message.command();
        require(command.affectedSopClassUid(), command.affectedSopInstanceUid(), message);
        if (command.eventTypeId() != CommitmentDataSets.SUCCESSFUL
                && command.eventTypeId() != CommitmentDataSets.FAILURES_EXIST) {
            throw new RefusedException(NO_SUCH_EVENT);
        }
        return told("N-EVENT-REPORT", message, reader::result, CommitmentListener::reported);
    }

    private static void require(String sopClassUid, String sopInstanceUid, DimseMessage message)
            throws RefusedException {
        if (!sopClassUid.equals(SopClasses.STORAGE_COMMITMENT)
                || !message.context().abstractSyntaxUid().equals(SopClasses.STORAGE_COMMITMENT)) {
            throw new RefusedException(NO_SUCH_CLASS);
        }
        if (!sopInstanceUid.equals(SopClasses.STORAGE_COMMITMENT_INSTANCE)) {
            throw new RefusedException(NO_SUCH_INSTANCE);
        }
    }

    private interface Reading<T> {
        T read(DataSetInputStream dataSet, String transferSyntaxUid) throws IOException;
    }

    private interface Telling<T> {
        DimseStatus tell(CommitmentListener archive, Association association, T what);
    }

    private <T> DimseStatus told(String operation, DimseMessage message, Reading<T> reading, Telling<T> telling)
            throws RefusedException, IOException {
        T what = read(message, reading);
        try {
            return telling.tell(served.listener(CommitmentListener.class), served.association(), what);
        } catch (UnavailableException | RuntimeException e) {
            return served.failed(operation, e);
        }
    }

    private <T> T read(DimseMessage message, Reading<T> reading) throws RefusedException, IOException {
        DataSetInputStream dataSet = message.dataSet();
        if (dataSet == null) {
            throw new RefusedException(new DimseStatus(INVALID_ARGUMENT, "The request has no data set"));
        }
        try {
            return reading.read(dataSet, message.context().transferSyntaxUid());
        } catch (DicomFormatException e) {
            throw new RefusedException(new DimseStatus(INVALID_ARGUMENT, String.valueOf(e.getMessage())));
        } catch (DicomLimitException e) {
            throw new RefusedException(new DimseStatus(
                    RESOURCE_LIMITATION,
                    "At most " + served.settings().maxCommitment() + " references are taken, dicom.max-commitment"));
        }
    }
}
