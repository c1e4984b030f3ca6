// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import jakarta.resource.spi.ResourceAllocationException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * A place in the container's pool for associations of one key; it has one handle at a time. Its association is opened when a caller
 * takes the place and there is none that still lives: one that was released, or that the peer ended, costs the pool nothing.
 */
final class ManagedAssociation extends LogWriterHolder implements ManagedConnection, ManagedConnectionMetaData {

    private final AssociationKey key;
    private final AssociationRequestor requestor;
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable RequestedAssociation association;
    private @Nullable PooledConnection handle;

    ManagedAssociation(AssociationKey key, AssociationRequestor requestor) {
        this.key = key;
        this.requestor = requestor;
    }

    AssociationKey key() {
        return key;
    }

    /** What the handle works on: there is one as long as there is a handle. */
    RequestedAssociation association() {
        return Objects.requireNonNull(association, "A handle without an association");
    }

    /** Whether there is an association that lives, as far as this side knows. */
    boolean isOpen() {
        return association != null && association.isUsable();
    }

    @Override
    public Object getConnection(@Nullable Subject subject, ConnectionRequestInfo info) throws ResourceException {
        open();
        PooledConnection fresh = new PooledConnection(this);
        handle = fresh;
        return fresh;
    }

    private void open() throws ResourceException {
        if (!isOpen()) {
            end();
            try {
                association = requestor.associate(key.peer(), key.callingAeTitle(), key.contexts());
            } catch (IOException e) {
                throw new ResourceAllocationException(e.getMessage(), e);
            }
        }
    }

    private void end() {
        RequestedAssociation old = association;
        association = null;
        if (old != null) {
            old.close();
        }
    }

    /** The caller is done: back to the pool. */
    void handleClosed(PooledConnection closed) {
        if (handle == closed) {
            handle = null;
            ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_CLOSED);
            event.setConnectionHandle(closed);
            listeners.forEach(listener -> listener.connectionClosed(event));
        }
    }

    @Override
    public void associateConnection(Object connection) throws ResourceException {
        if (!(connection instanceof PooledConnection pooled)) {
            throw new ResourceException("Not a connection of the DICOM adapter");
        }
        open();
        pooled.moveTo(this);
        handle = pooled;
    }

    @Override
    public void cleanup() {
        PooledConnection old = handle;
        if (old != null) {
            old.invalidate();
            handle = null;
        }
    }

    @Override
    public void destroy() {
        cleanup();
        end();
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        listeners.remove(listener);
    }

    @Override
    public XAResource getXAResource() throws ResourceException {
        throw new NotSupportedException("A DICOM association has no transactions");
    }

    @Override
    public LocalTransaction getLocalTransaction() throws ResourceException {
        throw new NotSupportedException("A DICOM association has no transactions");
    }

    @Override
    public ManagedConnectionMetaData getMetaData() {
        return this;
    }

    @Override
    public String getEISProductName() {
        return "DICOM application entity";
    }

    @Override
    public String getEISProductVersion() {
        return "";
    }

    /** The peer decides; it says so by rejecting. */
    @Override
    public int getMaxConnections() {
        return 0;
    }

    @Override
    public String getUserName() {
        return key.callingAeTitle();
    }
}
