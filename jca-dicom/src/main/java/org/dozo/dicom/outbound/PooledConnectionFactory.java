// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.outbound;

import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import javax.naming.Reference;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;
import org.jspecify.annotations.Nullable;

/** The factory as JNDI gives it: associations come out of the container's pool. Thread-safe. */
public final class PooledConnectionFactory implements DicomConnectionFactory, Serializable, Referenceable {

    private static final long serialVersionUID = 1L;

    private final DicomManagedConnectionFactory factory;
    private final transient ConnectionManager pool;
    private @Nullable Reference reference;

    PooledConnectionFactory(DicomManagedConnectionFactory factory, ConnectionManager pool) {
        this.factory = factory;
        this.pool = pool;
    }

    @Override
    public DicomConnection open(Peer peer, String callingAeTitle, List<ProposedContext> contexts) throws IOException {
        try {
            return (DicomConnection)
                    pool.allocateConnection(factory, new AssociationKey(peer, callingAeTitle, contexts));
        } catch (ResourceException e) {
            throw ioException(e);
        }
    }

    @Override
    public void setReference(Reference known) {
        reference = known;
    }

    @Override
    public @Nullable Reference getReference() {
        return reference;
    }

    /** The container wraps what the network threw, sometimes twice. */
    private static IOException ioException(ResourceException wrapped) {
        for (Throwable cause = wrapped; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException network) {
                return network;
            }
        }
        return new IOException("No association could be had from the pool: " + wrapped.getMessage(), wrapped);
    }
}
