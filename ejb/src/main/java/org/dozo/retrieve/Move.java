// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.Destination;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveRequest;
import org.dozo.dicom.RetrieveResult;
import org.dozo.index.ObjectKind;
import org.dozo.index.StoredInstance;
import org.dozo.sending.Consignment;
import org.dozo.sending.Courier;
import org.dozo.sending.MoveOriginator;
import org.dozo.sending.ObjectSender;
import org.dozo.sending.Outbox;

/**
 * One C-MOVE on its way: couriers send, each on a thread of its own, while the requestor's thread tells him how far it is and hears
 * whether he still wants it. So a destination that does not answer keeps nobody from cancelling.
 */
final class Move implements Consignment {

    private static final Logger LOG = Logger.getLogger(Move.class.getName());
    private static final Duration GLANCE = Duration.ofMillis(200);
    private static final Duration PENDING_INTERVAL = Duration.ofSeconds(1);

    private final RetrieveRequest request;
    private final Outbox outbox;
    private final ObjectSender sender;
    private final Tally tally;
    private final FailureLog failures;
    private final AtomicInteger couriers = new AtomicInteger();
    private volatile String lastFault = "";
    private volatile boolean stopped;

    Move(RetrieveRequest request, Outbox outbox, ObjectSender sender, Tally tally) {
        this.request = request;
        this.outbox = outbox;
        this.sender = sender;
        this.tally = tally;
        this.failures = new FailureLog(toString());
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public MoveOriginator originator() {
        return MoveOriginator.ofMove(request);
    }

    /**
     * Sends everything.
     *
     * @param associations how many at the same time, if the destination has as many places free
     * @throws IOException if the requestor is gone; what is on its way then is the last
     */
    RetrieveResult run(Destination destination, List<ObjectKind> kinds, int associations, RetrieveProgress progress)
            throws IOException {
        couriers.set(associations);
        for (int i = 0; i < associations; i++) {
            Thread.ofVirtual()
                    .name("dozo-move-" + request.association().id() + "-" + i)
                    .start(new Courier(this, destination, kinds, sender));
        }
        boolean cancelled = false;
        long told = System.nanoTime();
        try {
            while (!isOver()) {
                tally.await(GLANCE);
                if (!cancelled && progress.isCancelled()) {
                    cancelled = true;
                    stopped = true;
                }
                if (System.nanoTime() - told >= PENDING_INTERVAL.toNanos()) {
                    progress.pending(tally.counts());
                    told = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopped = true;
        }
        if (!cancelled && tally.remaining() > 0) {
            settleRest();
        }
        failures.close();
        return tally.result(cancelled);
    }

    /** What nobody brought: given up with its destination, or deleted since it was selected. */
    private void settleRest() {
        String fault = lastFault.isEmpty() ? "The node stops" : lastFault;
        try {
            for (int i = 0; i < Tally.MOST_FAILED_UIDS; i++) {
                Outbox.Item left = outbox.next();
                if (left == null) {
                    tally.noMore();
                    return;
                }
                failed(left.instance(), fault);
            }
        } catch (SQLException e) {
            LOG.log(Level.FINE, "What was not sent could not be looked up", e);
        }
        tally.failRest(fault);
    }

    /** All are counted, or nobody is left to bring more. A courier that is still trying to open a second association is not waited for. */
    private boolean isOver() {
        return tally.remaining() == 0 || couriers.get() == 0;
    }

    @Override
    public boolean isStopped() {
        return stopped;
    }

    @Override
    public void answered(StoredInstance instance, DimseStatus status) {
        if (status.isDone()) {
            tally.sent(instance, status);
        } else {
            failed(instance, "The destination refused it with " + status);
        }
    }

    @Override
    public void failed(StoredInstance instance, String why, boolean again) {
        failed(instance, why);
    }

    private void failed(StoredInstance instance, String why) {
        failures.add(instance, why);
        tally.failed(instance.sopInstanceUid(), why);
    }

    @Override
    public void ended(String fault) {
        if (!fault.isEmpty()) {
            lastFault = fault;
        }
        couriers.decrementAndGet();
        tally.wake();
    }

    @Override
    public String toString() {
        return "C-MOVE %d of association %d from %s to %s"
                .formatted(
                        request.messageId(),
                        request.association().id(),
                        request.association().callingAeTitle(),
                        request.moveDestination());
    }
}
