// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import jakarta.resource.spi.UnavailableException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.dozo.dicom.Association;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.inbound.Endpoints.Lease;
import org.dozo.dicom.net.AbortReason;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.DataSetInputStream;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.LogLine;
import org.dozo.dicom.net.OperatorLog;
import org.dozo.dicom.net.ProtocolViolationException;
import org.dozo.dicom.net.UpperLayer;
import org.jspecify.annotations.Nullable;

/** What the operations of one association share: the connection, what was agreed on, one endpoint a listener. For one thread. */
final class ServedAssociation implements AutoCloseable {

    static final DimseStatus PROCESSING_FAILURE = new DimseStatus(0x0110, "The archive failed; see its log");

    private final Association association;
    private final Agreement agreement;
    private final UpperLayer upper;
    private final ListenerContext context;
    private final Map<Class<?>, Lease<?>> leases = new HashMap<>();

    ServedAssociation(Association association, Agreement agreement, UpperLayer upper, ListenerContext context) {
        this.association = association;
        this.agreement = agreement;
        this.upper = upper;
        this.context = context;
    }

    Association association() {
        return association;
    }

    Agreement agreement() {
        return agreement;
    }

    UpperLayer upper() {
        return upper;
    }

    ListenerSettings settings() {
        return context.settings();
    }

    ListenerStatistics statistics() {
        return context.statistics();
    }

    OperatorLog log() {
        return context.log();
    }

    /** Whether somebody listens. */
    boolean has(Class<?> listener) {
        return context.endpoints().has(listener);
    }

    /** The archive; the same endpoint for the whole association. */
    <T> T listener(Class<T> type) throws UnavailableException {
        Lease<?> lease = leases.get(type);
        if (lease == null) {
            lease = context.endpoints().lease(type);
            leases.put(type, lease);
        }
        return type.cast(lease.listener());
    }

    /** Ends an operation whose response has no data set. */
    void answer(DimseMessage request, DimseStatus status) throws IOException {
        upper.send(request.context().id(), CommandSet.response(request.command(), status));
    }

    /** 0110, and the cause in the log. */
    DimseStatus failed(String operation, Exception cause) {
        log().write(
                        LogLine.ENDPOINT_FAILED,
                        operation + " on association " + association.id() + " of " + association.callingAeTitle()
                                + " answered 0110: the archive failed",
                        cause);
        return PROCESSING_FAILURE;
    }

    /**
     * Throws away what was not read of a data set. Throws again what broke the stream, whatever the archive made of it: a
     * request that is not whole gets no answer.
     */
    void drain(@Nullable DataSetInputStream dataSet) throws IOException {
        if (dataSet != null && !dataSet.drain(settings().maxUnread())) {
            log().write(
                            LogLine.DATA_SET_NOT_DRAINED,
                            "The data set that " + association.callingAeTitle() + " sends was refused, and more than "
                                    + settings().maxUnread() + " bytes of it were left (dicom.max-unread)");
            throw new ProtocolViolationException(AbortReason.SERVICE_USER, "A refused data set goes on for too long");
        }
    }

    @Override
    public void close() {
        leases.values().forEach(Lease::release);
    }
}
