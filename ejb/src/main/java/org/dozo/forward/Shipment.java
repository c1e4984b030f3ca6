// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Priority;
import org.dozo.index.StoredInstance;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.NewJob;
import org.dozo.sending.Consignment;
import org.dozo.sending.MoveOriginator;
import org.dozo.sending.Outbox;
import org.dozo.shared.Database;

/**
 * What one batch of jobs sends over one association, and its account: outcomes are recorded together, a few at a time, and a parcel that
 * is through is settled at once. For one courier, on the handler's thread: not thread-safe.
 */
final class Shipment implements Consignment {

    private static final Logger LOG = Logger.getLogger(Shipment.class.getName());

    /** What a node that dies will have sent and not recorded: it is sent again. */
    private static final int MOST_UNRECORDED = 50;

    private static final Duration RECORD_INTERVAL = Duration.ofMillis(500);

    /** Then it is the turn of others, who may be waiting to be let in by a destination that serves one association at a time. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final String destination;
    private final JobRun run;
    private final Outbox outbox;
    private final Database database;
    private final DeliveryLedger ledger;
    private final ForwardMetrics metrics;
    private final Map<Long, Open> openOfInstance = new HashMap<>();
    private final List<Outcome> unrecorded = new ArrayList<>();
    /** Failed without an answer: the object's fault only if the destination answers for others. */
    private final List<Outcome> suspects = new ArrayList<>();

    private final long startNanos = System.nanoTime();
    private long recordedNanos = startNanos;
    private String fault = "";
    private boolean full;
    private boolean answering;

    /** A parcel that is not through. */
    private static final class Open {
        final Parcel parcel;
        final Map<Long, Parcel.Item> left = new HashMap<>();
        String trouble = "";
        boolean ended;

        Open(Parcel parcel) {
            this.parcel = parcel;
            parcel.items().forEach(item -> left.put(item.instanceId(), item));
        }
    }

    private final List<Open> open = new ArrayList<>();

    Shipment(
            String destination,
            JobRun run,
            List<Parcel> parcels,
            Outbox outbox,
            Database database,
            DeliveryLedger ledger,
            ForwardMetrics metrics) {
        this.destination = destination;
        this.run = run;
        this.outbox = outbox;
        this.database = database;
        this.ledger = ledger;
        this.metrics = metrics;
        for (Parcel parcel : parcels) {
            Open each = new Open(parcel);
            open.add(each);
            each.left.keySet().forEach(instance -> openOfInstance.put(instance, each));
        }
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public MoveOriginator originator() {
        boolean stat = open.getFirst().parcel.lease().priority() >= NewJob.STAT;
        return MoveOriginator.nobody(stat ? Priority.HIGH : Priority.MEDIUM);
    }

    @Override
    public boolean isStopped() {
        return run.isStopping() || full || System.nanoTime() - startNanos > LONGEST.toNanos();
    }

    @Override
    public void answered(StoredInstance instance, DimseStatus status) throws SQLException {
        answering = true;
        if (status.isDone()) {
            told(instance, true, false, status.code(), status.code() == 0 ? "" : "Taken with the warning " + status);
        } else if ((status.code() & 0xFF00) == 0xA700) {
            // Not this object's fault, and no use to try the others.
            full = true;
            fault = "The destination is out of resources: it answered " + status;
        } else {
            boolean again = status.code() == 0x0110;
            told(instance, false, again, status.code(), "The destination refused it with " + status);
        }
    }

    @Override
    public void failed(StoredInstance instance, String why, boolean again) throws SQLException {
        told(instance, false, again, -1, why);
    }

    @Override
    public void ended(String why) {
        if (!why.isEmpty()) {
            fault = why;
        }
    }

    private void told(StoredInstance instance, boolean sent, boolean again, int status, String reason)
            throws SQLException {
        Open of = openOfInstance.get(instance.instanceId());
        Parcel.Item item = of == null ? null : of.left.remove(instance.instanceId());
        if (of == null || item == null) {
            return;
        }
        metrics.answered(destination, sent);
        boolean suspect = !sent && again && status < 0;
        (suspect ? suspects : unrecorded).add(new Outcome(item, sent, again, status, reason));
        if (!sent) {
            LOG.warning(() -> "DOZO-FWD-002 " + this + ": object " + instance.objectName() + " of class "
                    + instance.sopClassUid() + " in " + instance.transferSyntaxUid() + " was not taken: " + reason);
            of.trouble = again ? reason : of.trouble;
        }
        if (of.left.isEmpty() && of.trouble.isEmpty()) {
            settle(of);
        } else if (unrecorded.size() >= MOST_UNRECORDED
                || System.nanoTime() - recordedNanos > RECORD_INTERVAL.toNanos()) {
            record();
        }
    }

    /** In transactions of their own: what was sent was sent, whoever has the lease by now. */
    private void record() throws SQLException {
        recordedNanos = System.nanoTime();
        if (!unrecorded.isEmpty()) {
            database.<Boolean, SQLException>transaction(connection -> {
                lockUnrecorded(connection, Set.of());
                DeliveryLedger.record(connection, unrecorded);
                return true;
            });
            unrecorded.clear();
        }
    }

    private void lockUnrecorded(Connection connection, Set<Long> andThese) throws SQLException {
        Set<Long> deliveries = new HashSet<>(andThese);
        unrecorded.forEach(each -> deliveries.add(each.item().deliveryId()));
        DeliveryLedger.lock(connection, deliveries);
    }

    /** All of it was tried: what is recorded with it, its delivery's state and its job's end are one transaction. */
    private void settle(Open each) throws SQLException {
        each.ended = true;
        Parcel parcel = each.parcel;
        try {
            database.<Boolean, LeaseLostException>transaction(connection -> {
                lockUnrecorded(connection, Set.of(parcel.deliveryId()));
                DeliveryLedger.record(connection, unrecorded);
                ledger.settle(connection, parcel.deliveryId());
                if (parcel.later().isNegative()) {
                    run.complete(connection, parcel.lease());
                } else {
                    DeliveryLedger.error(connection, parcel.deliveryId(), parcel.why());
                    run.putOff(connection, parcel.lease(), parcel.later(), "");
                }
                return true;
            });
            unrecorded.clear();
        } catch (LeaseLostException e) {
            LOG.log(Level.FINE, "Whoever has the job now settles the delivery", e);
            record();
        }
    }

    /** The courier has ended: every job that is not through is ended now. */
    void close(ForwardHandler handler) throws SQLException {
        if (answering) {
            unrecorded.addAll(suspects);
        }
        record();
        for (Open each : open) {
            if (each.ended) {
                continue;
            }
            if (each.left.isEmpty() && each.trouble.isEmpty()) {
                settle(each);
            } else if (run.isStopping()) {
                handler.putOff(run, each.parcel, Duration.ZERO, "");
            } else if (full) {
                handler.putOff(run, each.parcel, ForwardHandler.WHILE_FULL, fault);
            } else if (!each.trouble.isEmpty()) {
                handler.fail(run, each.parcel, each.trouble);
            } else if (!fault.isEmpty()) {
                handler.unreached(run, each.parcel, fault);
            } else if (System.nanoTime() - startNanos > LONGEST.toNanos()) {
                handler.putOff(run, each.parcel, Duration.ZERO, "");
            } else {
                // What is left was deleted or replaced while it was sent: the next look finds it no more.
                handler.putOff(run, each.parcel, Duration.ofSeconds(1), "");
            }
        }
    }

    @Override
    public String toString() {
        return "Forwarding to " + destination;
    }
}
