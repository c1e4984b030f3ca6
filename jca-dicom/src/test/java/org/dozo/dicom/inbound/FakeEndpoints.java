// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.transaction.xa.XAResource;
import org.dozo.dicom.Admission;
import org.dozo.dicom.Association;
import org.dozo.dicom.AssociationListener;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.StoreListener;
import org.dozo.dicom.StoreRequest;

/** The archive as the adapter sees it, in memory. */
public final class FakeEndpoints {

    public interface Storing {
        DimseStatus store(StoreRequest request, InputStream dataSet) throws IOException;
    }

    public interface Admitting {
        Admission requested(Association association);
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Stored(StoreRequest request, byte[] dataSet) {}

    public final List<Stored> stored = new CopyOnWriteArrayList<>();
    public final List<Association> admitted = new CopyOnWriteArrayList<>();
    public final List<Association> ended = new CopyOnWriteArrayList<>();
    public final AtomicInteger leased = new AtomicInteger();
    public volatile Storing storing = this::keep;
    public volatile Admitting admitting = association -> Admission.ACCEPTED;
    public volatile boolean available = true;

    public final Factory stores = new Factory(StoreEndpoint::new);
    public final Factory associations = new Factory(AssociationEndpoint::new);

    DimseStatus keep(StoreRequest request, InputStream dataSet) throws IOException {
        stored.add(new Stored(request, dataSet.readAllBytes()));
        return DimseStatus.SUCCESS;
    }

    private class Endpoint implements MessageEndpoint {
        Endpoint() {
            leased.incrementAndGet();
        }

        @Override
        public void beforeDelivery(Method method) {
            throw new AssertionError("Nothing here is transacted");
        }

        @Override
        public void afterDelivery() {
            throw new AssertionError("Nothing here is transacted");
        }

        @Override
        public void release() {
            leased.decrementAndGet();
        }
    }

    private final class StoreEndpoint extends Endpoint implements StoreListener {
        @Override
        public DimseStatus store(StoreRequest request, InputStream dataSet) throws IOException {
            return storing.store(request, dataSet);
        }
    }

    private final class AssociationEndpoint extends Endpoint implements AssociationListener {
        @Override
        public Admission requested(Association association) {
            Admission admission = admitting.requested(association);
            if (admission == Admission.ACCEPTED) {
                admitted.add(association);
            }
            return admission;
        }

        @Override
        public void ended(Association association) {
            ended.add(association);
        }
    }

    public final class Factory implements MessageEndpointFactory {

        private final Supplier<Endpoint> endpoint;

        private Factory(Supplier<Endpoint> endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public MessageEndpoint createEndpoint(XAResource resource) throws UnavailableException {
            if (!available) {
                throw new UnavailableException("suspended");
            }
            return endpoint.get();
        }

        @Override
        public MessageEndpoint createEndpoint(XAResource resource, long timeout) throws UnavailableException {
            return createEndpoint(resource);
        }

        @Override
        public boolean isDeliveryTransacted(Method method) {
            return false;
        }

        @Override
        public String getActivationName() {
            return "test";
        }

        @Override
        public Class<?> getEndpointClass() {
            return endpoint.get().getClass();
        }
    }
}
