// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.dozo.dicom.CommitmentReports;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Matches;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.data.Dataset;

/** What fakes of a peer begin with: nobody has to ask it for an operation that the fake does not know. */
public abstract class UnaskedConnection implements DicomConnection {

    private static UnsupportedOperationException unasked(String operation) {
        return new UnsupportedOperationException("This peer is not to be asked for " + operation);
    }

    @Override
    public DimseStatus echo() throws IOException {
        throw unasked("C-ECHO");
    }

    @Override
    public DimseStatus store(StoreOperation operation, InputStream dataSet) throws IOException {
        throw unasked("C-STORE");
    }

    @Override
    public DimseStatus find(String sopClassUid, Dataset identifier, Matches matches) throws IOException {
        throw unasked("C-FIND");
    }

    @Override
    public RetrieveResult move(String sopClassUid, Dataset identifier, String destination, RetrieveProgress progress)
            throws IOException {
        throw unasked("C-MOVE");
    }

    @Override
    public DimseStatus requestCommitment(CommitmentRequest request, Duration patience, CommitmentReports reports)
            throws IOException {
        throw unasked("N-ACTION");
    }

    @Override
    public DimseStatus reportCommitment(CommitmentResult result) throws IOException {
        throw unasked("N-EVENT-REPORT");
    }

    @Override
    public DimseStatus create(String sopClassUid, String sopInstanceUid, Dataset attributes) throws IOException {
        throw unasked("N-CREATE");
    }
}
