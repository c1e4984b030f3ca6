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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/** An association in the container's pool; it has one handle at a time. */
final class ManagedAssociation extends LogWriterHolder implements ManagedConnection, ManagedConnectionMetaData {

    private final AssociationKey key;
    private final RequestedAssociation association;
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable PooledConnection handle;

    ManagedAssociation(AssociationKey key, RequestedAssociation association) {
        this.key = key;
        this.association = association;
    }

    AssociationKey key() {
        return key;
    }

    RequestedAssociation association() {
        return association;
    }

    boolean isUsable() {
        return association.isUsable();
    }

    @Override
    public Object getConnection(@Nullable Subject subject, ConnectionRequestInfo info) {
        PooledConnection fresh = new PooledConnection(this);
        handle = fresh;
        return fresh;
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

    /** The association is dead: out of the pool. */
    void handleFailed(PooledConnection failed, Exception cause) {
        if (handle == failed) {
            handle = null;
            ConnectionEvent event = new ConnectionEvent(this, ConnectionEvent.CONNECTION_ERROR_OCCURRED, cause);
            event.setConnectionHandle(failed);
            listeners.forEach(listener -> listener.connectionErrorOccurred(event));
        }
    }

    @Override
    public void associateConnection(Object connection) throws ResourceException {
        if (!(connection instanceof PooledConnection pooled)) {
            throw new ResourceException("Not a connection of the DICOM adapter");
        }
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
        association.close();
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
