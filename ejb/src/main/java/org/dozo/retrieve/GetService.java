// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.Permission;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.GetListener;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveRequest;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.StorageReceiver;
import org.dozo.index.Corrections;
import org.dozo.index.SelectedInstances;
import org.dozo.index.StoredInstance;
import org.dozo.sending.MoveOriginator;
import org.dozo.sending.ObjectSender;
import org.dozo.sending.Outbox;
import org.dozo.sending.UnsendableException;
import org.dozo.shared.Failure;

/** C-GET as SCP, PS3.4 §C.4.3: back on the association it came on. What {@link GetMdb} lets in ends here. */
@Singleton
public class GetService implements GetListener {

    private static final Logger LOG = Logger.getLogger(GetService.class.getName());
    private static final Duration PENDING_INTERVAL = Duration.ofSeconds(1);

    private final Retrieval retrieval;
    private final Corrections corrections;
    private final ObjectSender sender;

    @Inject
    public GetService(Retrieval retrieval, Corrections corrections, ObjectSender sender) {
        this.retrieval = retrieval;
        this.corrections = corrections;
        this.sender = sender;
    }

    @Override
    public RetrieveResult get(RetrieveRequest request, RetrieveProgress progress, StorageReceiver requestor)
            throws IOException {
        String operation = "C-GET %d of association %d from %s"
                .formatted(
                        request.messageId(),
                        request.association().id(),
                        request.association().callingAeTitle());
        return retrieval.perform(operation, () -> getSelected(operation, request, progress, requestor));
    }

    private RetrieveResult getSelected(
            String operation, RetrieveRequest request, RetrieveProgress progress, StorageReceiver requestor)
            throws IOException, SQLException {
        long start = System.nanoTime();
        SelectedInstances selected = retrieval.select(request, Permission.GET);
        Outbox outbox = new Outbox(selected, corrections);
        Tally tally = new Tally(selected.size());
        FailureLog failures = new FailureLog(operation);
        MoveOriginator nobody = MoveOriginator.ofGet(request);
        boolean cancelled = false;
        try {
            cancelled = sendAll(outbox, progress, tally, item -> send(item, requestor, nobody, tally, failures));
        } catch (SQLException e) {
            // Some may have been sent: the counts tell.
            LOG.log(Level.FINE, "No further object could be looked up", e);
            tally.failRest(Failure.of(e).sentence());
        }
        failures.close();
        RetrieveResult result = tally.result(cancelled);
        Retrieval.report(operation, tally, result, start);
        return result;
    }

    /** Sends one object, or counts it as failed. */
    private interface Send {
        void send(Outbox.Item item) throws IOException;
    }

    /** @return whether the requestor wanted no more */
    private static boolean sendAll(Outbox outbox, RetrieveProgress progress, Tally tally, Send send)
            throws IOException, SQLException {
        long told = System.nanoTime();
        for (Outbox.Item item = outbox.next(); item != null; item = outbox.next()) {
            send.send(item);
            if (System.nanoTime() - told >= PENDING_INTERVAL.toNanos()) {
                progress.pending(tally.counts());
                told = System.nanoTime();
            }
            if (progress.isCancelled()) {
                return true;
            }
        }
        tally.noMore();
        return false;
    }

    private void send(
            Outbox.Item item, StorageReceiver requestor, MoveOriginator nobody, Tally tally, FailureLog failures)
            throws IOException {
        StoredInstance instance = item.instance();
        try {
            DimseStatus status = sender.send(requestor, item, nobody);
            if (status.isDone()) {
                tally.sent(instance, status);
                return;
            }
            fail(instance, "The requestor refused it with " + status, tally, failures);
        } catch (UnsendableException e) {
            if (e.isAssociationLost()) {
                throw e;
            }
            fail(instance, String.valueOf(e.getMessage()), tally, failures);
        }
    }

    private static void fail(StoredInstance instance, String why, Tally tally, FailureLog failures) {
        failures.add(instance, why);
        tally.failed(instance.sopInstanceUid(), why);
    }
}
