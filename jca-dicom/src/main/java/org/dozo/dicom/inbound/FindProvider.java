// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import jakarta.resource.spi.UnavailableException;
import java.io.IOException;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.FindListener;
import org.dozo.dicom.FindRequest;
import org.dozo.dicom.Matches;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.DimseMessage;

/** C-FIND as SCP, PS3.7 §9.1.2: matches go out one by one, as they are found. */
final class FindProvider {

    private static final DimseStatus PENDING = new DimseStatus(0xFF00, "");

    private final ServedAssociation served;
    private final IdentifierIntake identifiers;

    FindProvider(ServedAssociation served, IdentifierIntake identifiers) {
        this.served = served;
        this.identifiers = identifiers;
    }

    void perform(DimseMessage message) throws IOException {
        Exchange exchange = new Exchange(served, message);
        DimseStatus status = find(message, exchange);
        exchange.end();
        served.drain(message.dataSet());
        served.statistics().found(status);
        exchange.conclude(CommandSet.response(message.command(), status), null);
    }

    private DimseStatus find(DimseMessage message, Exchange exchange) throws IOException {
        Dataset identifier;
        try {
            identifier = identifiers.take(message, QueryRetrieve.FIND);
        } catch (RefusedException e) {
            return e.status();
        }
        CommandSet command = message.command();
        FindRequest request = new FindRequest(
                served.association(),
                command.messageId(),
                command.affectedSopClassUid(),
                command.priority(),
                identifier,
                served.agreement().optionsOf(command.affectedSopClassUid()));
        try {
            DimseStatus status =
                    served.listener(FindListener.class).find(request, new PendingResponses(command, exchange));
            return status.isPending() ? served.failed("C-FIND", notFinal(status)) : status;
        } catch (UnavailableException | IOException | RuntimeException e) {
            return exchange.failure() == null ? served.failed("C-FIND", e) : ServedAssociation.PROCESSING_FAILURE;
        }
    }

    private static IllegalStateException notFinal(DimseStatus status) {
        return new IllegalStateException("The archive ended a C-FIND by " + status + ", which is not final");
    }

    private record PendingResponses(CommandSet command, Exchange exchange) implements Matches {

        @Override
        public void add(Dataset match) throws IOException {
            exchange.respond(CommandSet.response(command, PENDING), match);
        }

        @Override
        public boolean isCancelled() {
            return exchange.isCancelled();
        }
    }
}
