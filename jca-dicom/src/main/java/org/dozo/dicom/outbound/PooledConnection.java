// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
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
import org.jspecify.annotations.Nullable;

/** What a caller holds of a pooled association. Its {@link #close} gives the association back; only the pool releases it. */
public final class PooledConnection implements DicomConnection {

    private @Nullable ManagedAssociation owner;

    PooledConnection(ManagedAssociation owner) {
        this.owner = owner;
    }

    @Override
    public DimseStatus echo() throws IOException {
        return perform(RequestedAssociation::echo);
    }

    @Override
    public Set<String> acceptedTransferSyntaxUids(String abstractSyntaxUid) {
        ManagedAssociation current = owner;
        return current == null ? Set.of() : current.association().acceptedTransferSyntaxUids(abstractSyntaxUid);
    }

    @Override
    public DimseStatus store(StoreOperation operation, InputStream dataSet) throws IOException {
        return perform(association -> association.store(operation, dataSet));
    }

    /** Its place in the pool is free for another association. */
    @Override
    public void release() {
        ManagedAssociation current = owner;
        if (current != null) {
            current.association().close();
            close();
        }
    }

    @Override
    public DimseStatus find(String sopClassUid, Dataset identifier, Matches matches) throws IOException {
        return perform(association -> association.find(sopClassUid, identifier, matches));
    }

    @Override
    public RetrieveResult move(String sopClassUid, Dataset identifier, String destination, RetrieveProgress progress)
            throws IOException {
        return perform(association -> association.move(sopClassUid, identifier, destination, progress));
    }

    @Override
    public DimseStatus requestCommitment(CommitmentRequest request, Duration patience, CommitmentReports reports)
            throws IOException {
        return perform(association -> association.requestCommitment(request, patience, reports));
    }

    @Override
    public DimseStatus reportCommitment(CommitmentResult result) throws IOException {
        return perform(association -> association.reportCommitment(result));
    }

    @Override
    public DimseStatus create(String sopClassUid, String sopInstanceUid, Dataset attributes) throws IOException {
        return perform(association -> association.create(sopClassUid, sopInstanceUid, attributes));
    }

    @Override
    public void close() {
        ManagedAssociation current = owner;
        if (current != null) {
            owner = null;
            current.handleClosed(this);
        }
    }

    void invalidate() {
        owner = null;
    }

    void moveTo(ManagedAssociation other) {
        owner = other;
    }

    private interface Operation<T> {
        T perform(RequestedAssociation association) throws IOException;
    }

    private <T> T perform(Operation<T> operation) throws IOException {
        ManagedAssociation current = owner;
        if (current == null) {
            throw new IOException("The connection is closed");
        }
        try {
            return operation.perform(current.association());
        } catch (IOException e) {
            release();
            throw e;
        }
    }
}
