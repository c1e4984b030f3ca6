// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.StorageReceiver;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.net.AcceptedContext;
import org.dozo.dicom.net.CommandSet;

/** Who asked by C-GET, as SCP of the C-STORE sub-operations on his own association, PS3.7 §9.1.3. */
final class GetRequestor implements StorageReceiver {

    private static final int LAST_MESSAGE_ID = 0xFFFF;

    private final ServedAssociation served;
    private final Exchange exchange;
    private int messageId;

    GetRequestor(ServedAssociation served, Exchange exchange) {
        this.served = served;
        this.exchange = exchange;
    }

    @Override
    public Set<String> acceptedTransferSyntaxUids(String abstractSyntaxUid) {
        Set<String> uids = new LinkedHashSet<>();
        contextsFor(abstractSyntaxUid).forEach(context -> uids.add(context.transferSyntaxUid()));
        return uids;
    }

    @Override
    public DimseStatus store(StoreOperation operation, InputStream dataSet) throws IOException {
        AcceptedContext context = context(operation);
        // Ids of this side's requests: the peer's are another series, PS3.7 §9.1.
        messageId = messageId == LAST_MESSAGE_ID ? 1 : messageId + 1;
        return exchange.ask(context, CommandSet.storeRequest(messageId, operation), dataSet);
    }

    private AcceptedContext context(StoreOperation operation) {
        for (AcceptedContext context : contextsFor(operation.sopClassUid())) {
            if (context.transferSyntaxUid().equals(operation.transferSyntaxUid())) {
                return context;
            }
        }
        throw new IllegalArgumentException(served.association().callingAeTitle() + " takes no "
                + SopClasses.name(operation.sopClassUid()) + " in transfer syntax " + operation.transferSyntaxUid());
    }

    private List<AcceptedContext> contextsFor(String abstractSyntaxUid) {
        return served.agreement().fetched().contains(abstractSyntaxUid)
                ? served.upper().contextsFor(abstractSyntaxUid)
                : List.of();
    }
}
