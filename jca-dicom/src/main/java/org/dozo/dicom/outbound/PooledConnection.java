// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.StoreOperation;
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

    /** The pool finds it of no more use, and drops it. */
    @Override
    public void release() {
        ManagedAssociation current = owner;
        if (current != null) {
            current.association().close();
            close();
        }
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

    private interface Operation {
        DimseStatus perform(RequestedAssociation association) throws IOException;
    }

    private DimseStatus perform(Operation operation) throws IOException {
        ManagedAssociation current = owner;
        if (current == null) {
            throw new IOException("The connection is closed");
        }
        try {
            return operation.perform(current.association());
        } catch (IOException e) {
            owner = null;
            current.handleFailed(this, e);
            throw e;
        }
    }
}
