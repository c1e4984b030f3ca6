// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import java.util.Objects;
import java.util.Set;
import javax.security.auth.Subject;
import org.dozo.dicom.DicomConnectionFactory;
import org.jspecify.annotations.Nullable;

/** Makes and matches pooled associations, without transactions. */
@SuppressWarnings("rawtypes") // The connector interfaces are older than generics.
public final class DicomManagedConnectionFactory extends LogWriterHolder
        implements ManagedConnectionFactory, ResourceAdapterAssociation {

    private static final long serialVersionUID = 1L;

    private transient @Nullable ResourceAdapter adapter;

    @Override
    public DicomConnectionFactory createConnectionFactory(ConnectionManager pool) {
        return new PooledConnectionFactory(this, pool);
    }

    /** Outside of a container: each association is a new one. */
    @Override
    public DicomConnectionFactory createConnectionFactory() {
        return requestor();
    }

    @Override
    public ManagedConnection createManagedConnection(@Nullable Subject subject, ConnectionRequestInfo info)
            throws ResourceException {
        if (!(info instanceof AssociationKey key)) {
            throw new ResourceException("An association needs a peer, a calling AE title and contexts");
        }
        return new ManagedAssociation(key, requestor());
    }

    @Override
    public @Nullable ManagedConnection matchManagedConnections(
            Set connections, @Nullable Subject subject, ConnectionRequestInfo info) {
        for (Object connection : connections) {
            if (connection instanceof ManagedAssociation association
                    && association.key().equals(info)) {
                return association;
            }
        }
        return null;
    }

    @Override
    public @Nullable ResourceAdapter getResourceAdapter() {
        return adapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter resourceAdapter) throws ResourceException {
        if (!(resourceAdapter instanceof RequestorSettings.Source)) {
            throw new ResourceException("Outbound connections belong to the DICOM adapter");
        }
        adapter = resourceAdapter;
    }

    /** One factory is as good as another of the same adapter. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DicomManagedConnectionFactory factory && Objects.equals(factory.adapter, adapter);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(adapter);
    }

    private AssociationRequestor requestor() {
        return new AssociationRequestor(
                adapter instanceof RequestorSettings.Source source
                        ? source.requestorSettings()
                        : RequestorSettings.DEFAULT);
    }
}
