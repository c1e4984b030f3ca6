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
import org.dozo.dicom.CommitmentListener;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.FindListener;
import org.dozo.dicom.FindRequest;
import org.dozo.dicom.GetListener;
import org.dozo.dicom.Matches;
import org.dozo.dicom.MoveListener;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveRequest;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.StorageReceiver;
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

    public interface Finding {
        DimseStatus find(FindRequest request, Matches matches) throws IOException;
    }

    public interface Moving {
        RetrieveResult move(RetrieveRequest request, RetrieveProgress progress) throws IOException;
    }

    public interface Getting {
        RetrieveResult get(RetrieveRequest request, RetrieveProgress progress, StorageReceiver requestor)
                throws IOException;
    }

    public interface Committing {
        DimseStatus requested(Association association, CommitmentRequest request);
    }

    public interface Reporting {
        DimseStatus reported(Association association, CommitmentResult result);
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Stored(StoreRequest request, byte[] dataSet) {}

    public final List<Stored> stored = new CopyOnWriteArrayList<>();
    public final List<Association> admitted = new CopyOnWriteArrayList<>();
    public final List<Association> ended = new CopyOnWriteArrayList<>();
    public final AtomicInteger leased = new AtomicInteger();
    public volatile Storing storing = this::keep;
    public volatile Admitting admitting = association -> Admission.ACCEPTED;
    public volatile Finding finding = (request, matches) -> DimseStatus.SUCCESS;
    public volatile Moving moving = (request, progress) -> RetrieveResult.refused(DimseStatus.SUCCESS);
    public volatile Getting getting = (request, progress, requestor) -> RetrieveResult.refused(DimseStatus.SUCCESS);
    public volatile Committing committing = (association, request) -> DimseStatus.SUCCESS;
    public volatile Reporting reporting = (association, result) -> DimseStatus.SUCCESS;
    public volatile boolean available = true;

    public final Factory stores = new Factory(StoreEndpoint::new);
    public final Factory finds = new Factory(FindEndpoint::new);
    public final Factory moves = new Factory(MoveEndpoint::new);
    public final Factory gets = new Factory(GetEndpoint::new);
    public final Factory commitments = new Factory(CommitmentEndpoint::new);
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

    private final class FindEndpoint extends Endpoint implements FindListener {
        @Override
        public DimseStatus find(FindRequest request, Matches matches) throws IOException {
            return finding.find(request, matches);
        }
    }

    private final class MoveEndpoint extends Endpoint implements MoveListener {
        @Override
        public RetrieveResult move(RetrieveRequest request, RetrieveProgress progress) throws IOException {
            return moving.move(request, progress);
        }
    }

    private final class GetEndpoint extends Endpoint implements GetListener {
        @Override
        public RetrieveResult get(RetrieveRequest request, RetrieveProgress progress, StorageReceiver requestor)
                throws IOException {
            return getting.get(request, progress, requestor);
        }
    }

    private final class CommitmentEndpoint extends Endpoint implements CommitmentListener {
        @Override
        public DimseStatus requested(Association association, CommitmentRequest request) {
            return committing.requested(association, request);
        }

        @Override
        public DimseStatus reported(Association association, CommitmentResult result) {
            return reporting.reported(association, result);
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
