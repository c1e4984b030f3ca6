// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.transaction.xa.XAResource;
import org.dozo.dicom.NodeProperties;
import org.dozo.dicom.net.LogLine;
import org.dozo.dicom.net.OperatorLog;
import org.dozo.dicom.outbound.RequestorSettings;
import org.jspecify.annotations.Nullable;

/**
 * The resource adapter of everything that speaks DICOM. It listens as soon as both a {@code StoreListener} and an {@code
 * AssociationListener} are active, and drains as soon as one of them is to go.
 */
public final class DicomResourceAdapter implements ResourceAdapter, RequestorSettings.Source {

    /** Under which the counters are found in the platform's MBean server. */
    public static final String STATISTICS = "org.dozo:type=DicomListener";

    private static final XAResource[] NO_XA_RESOURCES = {};

    private final Endpoints endpoints = new Endpoints();
    private final ListenerStatistics statistics = new ListenerStatistics();
    private final OperatorLog log = new OperatorLog("org.dozo.dicom.inbound");
    private final AtomicLong ids = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ListenerSettings settings;
    private volatile @Nullable RequestorSettings requestorSettings;
    private @Nullable DicomListener listener;

    @Override
    public void start(BootstrapContext context) throws ResourceAdapterInternalException {
        try {
            start(NodeProperties.ofThisNode());
        } catch (IOException e) {
            throw new ResourceAdapterInternalException(e.getMessage(), e);
        }
    }

    void start(NodeProperties properties) throws ResourceAdapterInternalException {
        try {
            settings = ListenerSettings.from(properties);
            requestorSettings = RequestorSettings.from(properties);
            properties.refuseUnknown("dicom.");
            var server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName(STATISTICS);
            if (server.isRegistered(name)) {
                // Left by an adapter of an earlier deployment that could not be stopped.
                server.unregisterMBean(name);
            }
            server.registerMBean(statistics, name);
        } catch (IllegalArgumentException | JMException e) {
            throw new ResourceAdapterInternalException(e.getMessage(), e);
        }
    }

    @Override
    public void stop() {
        drain();
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(STATISTICS));
        } catch (JMException e) {
            log.debug("The listener's statistics were not registered: " + e.getMessage());
        }
    }

    @Override
    public void endpointActivation(MessageEndpointFactory factory, ActivationSpec spec) throws ResourceException {
        lock.lock();
        try {
            endpoints.activate(activation(spec).listener(), factory);
            ListenerSettings known = settings;
            if (known != null && listener == null && endpoints.areReady()) {
                listener = DicomListener.open(known, endpoints, statistics, log, ids);
            }
        } catch (IOException e) {
            endpoints.deactivate(activation(spec).listener(), factory);
            // The server says no more of it than that a bean could not be activated.
            log.write(LogLine.NOT_LISTENING, String.valueOf(e.getMessage()));
            throw new ResourceException(e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    /** Drains before it returns: the bean is needed by the associations that are still open. May be called twice. */
    @Override
    public void endpointDeactivation(MessageEndpointFactory factory, ActivationSpec spec) {
        if (!(spec instanceof Activation activation)) {
            return;
        }
        if (endpoints.isActive(activation.listener(), factory)) {
            drain();
            endpoints.deactivate(activation.listener(), factory);
        }
    }

    /** There are no transactions to recover. */
    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) {
        return NO_XA_RESOURCES;
    }

    /** Stops taking associations: those that run may go on so long, then they are aborted. Returns when all are closed. */
    public void drain(Duration patience) {
        lock.lock();
        try {
            if (listener != null) {
                listener.drain(patience);
                listener = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** What outbound connections of this adapter follow; the defaults before the start. */
    @Override
    public RequestorSettings requestorSettings() {
        RequestorSettings known = requestorSettings;
        return known == null ? RequestorSettings.DEFAULT : known;
    }

    /** The port listened on, -1 if none. */
    int port() {
        lock.lock();
        try {
            return listener == null ? -1 : listener.port();
        } finally {
            lock.unlock();
        }
    }

    private void drain() {
        ListenerSettings known = settings;
        drain(known == null ? Duration.ZERO : known.drain());
    }

    private static Activation activation(ActivationSpec spec) throws ResourceException {
        if (spec instanceof Activation activation) {
            return activation;
        }
        throw new ResourceException(
                "The DICOM adapter knows no activation " + spec.getClass().getName());
    }

    /** Each adapter is its own. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
