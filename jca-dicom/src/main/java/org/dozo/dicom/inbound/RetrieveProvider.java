// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import jakarta.resource.spi.UnavailableException;
import java.io.IOException;
import java.util.List;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.GetListener;
import org.dozo.dicom.MoveListener;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveRequest;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.SubOperations;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.DimseMessage;
import org.jspecify.annotations.Nullable;

/** C-MOVE and C-GET as SCP, PS3.7 §9.1.3 and §9.1.4. */
final class RetrieveProvider {

    private static final int CANCELLED = 0xFE00;
    private static final DimseStatus PENDING = new DimseStatus(0xFF00, "");
    private static final DimseStatus NO_DESTINATION = new DimseStatus(0xA801, "The request names no Move Destination");

    /** The longest value with a 16-bit length, PS3.5 §7.1.2. */
    private static final int MOST_UID_BYTES = 0xFFFE;

    private final ServedAssociation served;
    private final IdentifierIntake identifiers;

    RetrieveProvider(ServedAssociation served, IdentifierIntake identifiers) {
        this.served = served;
        this.identifiers = identifiers;
    }

    void perform(DimseMessage message, QueryRetrieve service) throws IOException {
        Exchange exchange = new Exchange(served, message);
        RetrieveResult result = retrieve(message, service, exchange);
        exchange.end();
        served.drain(message.dataSet());
        DimseStatus status = result.status();
        if (service == QueryRetrieve.MOVE) {
            served.statistics().moved(status);
        } else {
            served.statistics().got(status);
        }
        exchange.conclude(
                CommandSet.response(message.command(), status).withCounts(result.counts(), status.code() == CANCELLED),
                failures(result));
    }

    private RetrieveResult retrieve(DimseMessage message, QueryRetrieve service, Exchange exchange) throws IOException {
        try {
            return retrieve(request(message, service), service, new PendingResponses(message.command(), exchange));
        } catch (RefusedException e) {
            return RetrieveResult.refused(e.status());
        }
    }

    private RetrieveRequest request(DimseMessage message, QueryRetrieve service) throws RefusedException, IOException {
        CommandSet command = message.command();
        Dataset identifier = identifiers.take(message, service);
        String destination = service == QueryRetrieve.MOVE ? command.moveDestination() : "";
        if (service == QueryRetrieve.MOVE && destination.isEmpty()) {
            throw new RefusedException(NO_DESTINATION);
        }
        return new RetrieveRequest(
                served.association(),
                command.messageId(),
                command.affectedSopClassUid(),
                command.priority(),
                identifier,
                destination,
                served.agreement().optionsOf(command.affectedSopClassUid()));
    }

    private RetrieveResult retrieve(RetrieveRequest request, QueryRetrieve service, PendingResponses progress) {
        Exchange exchange = progress.exchange();
        String operation = "C-" + service;
        try {
            RetrieveResult result = service == QueryRetrieve.MOVE
                    ? served.listener(MoveListener.class).move(request, progress)
                    : served.listener(GetListener.class).get(request, progress, new GetRequestor(served, exchange));
            return result.status().isPending()
                    ? RetrieveResult.refused(served.failed(operation, notFinal(result.status())))
                    : result;
        } catch (UnavailableException | IOException | RuntimeException e) {
            return RetrieveResult.refused(
                    exchange.failure() == null ? served.failed(operation, e) : ServedAssociation.PROCESSING_FAILURE);
        }
    }

    private static IllegalStateException notFinal(DimseStatus status) {
        return new IllegalStateException("The archive ended a retrieval by " + status + ", which is not final");
    }

    /** The identifier of the last response, PS3.4 §C.4.2.1.4.2; null if it has none. */
    private static @Nullable Dataset failures(RetrieveResult result) {
        List<String> uids = result.failedSopInstanceUids();
        if (uids.isEmpty() || result.status().code() == 0) {
            return null;
        }
        int length = -1;
        int count = 0;
        while (count < uids.size() && length + 1 + uids.get(count).length() <= MOST_UID_BYTES) {
            length += 1 + uids.get(count).length();
            count++;
        }
        return new Dataset()
                .setString(
                        Tag.FAILED_SOP_INSTANCE_UID_LIST,
                        VR.UI,
                        uids.subList(0, count).toArray(String[]::new));
    }

    private record PendingResponses(CommandSet command, Exchange exchange) implements RetrieveProgress {

        @Override
        public void pending(SubOperations counts) throws IOException {
            exchange.respond(CommandSet.response(command, PENDING).withCounts(counts, true), null);
        }

        @Override
        public boolean isCancelled() {
            return exchange.isCancelled();
        }
    }
}
