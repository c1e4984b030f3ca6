// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.dozo.dicom.AssociationListener;
import org.dozo.dicom.StoreListener;

/** The endpoints that the archive has activated, one for each listener interface. Thread-safe. */
final class Endpoints {

    private final Map<Class<?>, MessageEndpointFactory> active = new ConcurrentHashMap<>();

    /** @throws ResourceException if somebody else listens already */
    void activate(Class<?> listener, MessageEndpointFactory factory) throws ResourceException {
        MessageEndpointFactory other = active.putIfAbsent(listener, factory);
        if (other != null && !other.equals(factory)) {
            throw new ResourceException("A second message-driven bean wants to be the " + listener.getSimpleName()
                    + " of the DICOM adapter; there can be one: remove one of them");
        }
    }

    void deactivate(Class<?> listener, MessageEndpointFactory factory) {
        active.remove(listener, factory);
    }

    boolean isActive(Class<?> listener, MessageEndpointFactory factory) {
        return factory.equals(active.get(listener));
    }

    /** Whether everything is there that is needed before a peer may connect. */
    boolean areReady() {
        return has(StoreListener.class) && has(AssociationListener.class);
    }

    /** Whether somebody listens. */
    boolean has(Class<?> listener) {
        return active.containsKey(listener);
    }

    /**
     * An endpoint of one's own, to be released.
     *
     * @throws UnavailableException if nobody is active, or the container has none to give
     */
    <T> Lease<T> lease(Class<T> listener) throws UnavailableException {
        MessageEndpointFactory factory = active.get(listener);
        if (factory == null) {
            throw new UnavailableException("No " + listener.getSimpleName() + " is active");
        }
        MessageEndpoint endpoint = factory.createEndpoint(null);
        return new Lease<>(endpoint, listener.cast(endpoint));
    }

    record Lease<T>(MessageEndpoint endpoint, T listener) {

        void release() {
            endpoint.release();
        }
    }
}
