// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import java.io.IOException;
import java.time.Duration;
import org.dozo.dicom.CommitmentReports;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.net.AbortReason;
import org.dozo.dicom.net.Arrival;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.CommitmentReader;
import org.dozo.dicom.net.DataSetInputStream;
import org.dozo.dicom.net.DimseCommand;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.ProtocolViolationException;
import org.dozo.dicom.net.UpperLayer;

/** Takes the reports that a peer sends on the association of the request itself, PS3.4 §J.3.3. */
final class CommitmentIntake {

    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final long MOST_UNREAD = 1 << 20;
    private static final Duration REST_OF_MESSAGE = Duration.ofSeconds(10);

    private final UpperLayer upper;
    private final String peer;
    private final CommitmentRequest asked;
    private final CommitmentReports reports;
    private final CommitmentReader reader;
    private boolean answered;

    CommitmentIntake(UpperLayer upper, String peer, CommitmentRequest asked, CommitmentReports reports) {
        this.upper = upper;
        this.peer = peer;
        this.asked = asked;
        this.reports = reports;
        // A report names no more than the request did.
        reader = new CommitmentReader(asked.references().size());
    }

    /** Takes the message if it is a report; else leaves it alone. */
    boolean takes(DimseMessage message) throws IOException {
        CommandSet command = message.command();
        if (command.commandField() != DimseCommand.N_EVENT_REPORT_RQ) {
            return false;
        }
        DataSetInputStream dataSet = message.dataSet();
        if (dataSet == null || !command.affectedSopClassUid().equals(SopClasses.STORAGE_COMMITMENT)) {
            throw violation("reports what is no storage commitment");
        }
        DimseStatus status;
        try {
            CommitmentResult result = reader.result(dataSet, message.context().transferSyntaxUid());
            status = reports.reported(result);
            answered |= result.transactionUid().equals(asked.transactionUid());
        } catch (DicomFormatException e) {
            status = new DimseStatus(0x0115, String.valueOf(e.getMessage()));
        }
        if (!dataSet.drain(MOST_UNREAD)) {
            throw violation("reports at too great length");
        }
        upper.send(message.context().id(), CommandSet.response(command, status));
        return true;
    }

    /**
     * Waits for the report, and takes it.
     *
     * @return whether the association can be used on; false if the peer has released it
     */
    boolean await(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!answered && System.nanoTime() < deadline) {
            Arrival arrival = upper.arrival();
            if (arrival == Arrival.NOTHING) {
                pause();
                continue;
            }
            DimseMessage message = upper.receive(REST_OF_MESSAGE);
            if (message == null) {
                upper.close();
                return false;
            }
            if (!takes(message)) {
                throw violation("sends " + message.command() + ", which nobody asked for");
            }
        }
        return true;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(GLANCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for a storage commitment report", e);
        }
    }

    private ProtocolViolationException violation(String what) {
        return new ProtocolViolationException(AbortReason.INVALID_PDU_PARAMETER_VALUE, peer + " " + what);
    }
}
