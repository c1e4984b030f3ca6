// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.index.Corrections;
import org.dozo.index.InstanceCatalogue;
import org.dozo.index.SelectedInstances;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.RetryPlan;
import org.dozo.sending.Carrier;
import org.dozo.sending.Carriers;
import org.dozo.sending.Outbox;
import org.dozo.sending.Wishes;
import org.dozo.settings.ForwardSettings;
import org.dozo.shared.Database;

/**
 * Sends what is queued for one destination: the objects of several studies by one carrier. What is recorded as sent is not sent
 * again, by whatever node. A destination that is down costs its jobs no attempts; they wait, the longer the longer it is down.
 */
@Singleton
public class ForwardHandler implements JobHandler {

    static final Duration WHILE_FULL = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger(ForwardHandler.class.getName());
    private static final int BATCH = 16;
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private static final RetryPlan RETRY = new RetryPlan(20, Duration.ofSeconds(5), 2, Duration.ofMinutes(10), 0.2);

    private final Database database;
    private final Carriers carriers;
    private final InstanceCatalogue catalogue;
    private final Corrections corrections;
    private final DeliveryLedger ledger;
    private final ForwardMetrics metrics;
    private final Supplier<LocalTime> clock;
    private final JobKind kind;

    @Inject
    public ForwardHandler(
            Database database,
            Carriers carriers,
            InstanceCatalogue catalogue,
            Corrections corrections,
            DeliveryLedger ledger,
            ForwardMetrics metrics,
            ForwardSettings settings) {
        this(database, carriers, catalogue, corrections, ledger, metrics, settings, LocalTime::now);
    }

    /** @param clock the time of day, for the windows of rules */
    ForwardHandler(
            Database database,
            Carriers carriers,
            InstanceCatalogue catalogue,
            Corrections corrections,
            DeliveryLedger ledger,
            ForwardMetrics metrics,
            ForwardSettings settings,
            Supplier<LocalTime> clock) {
        this.database = database;
        this.carriers = carriers;
        this.catalogue = catalogue;
        this.corrections = corrections;
        this.ledger = ledger;
        this.metrics = metrics;
        this.clock = clock;
        this.kind = new JobKind(
                DeliveryLedger.FORWARD_JOB,
                settings.associations(),
                BATCH,
                settings.associationsPerDestination(),
                JobKind.LEASE,
                RETRY);
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(JobRun run) throws SQLException {
        String name = run.leases().getFirst().lane();
        metrics.watch(name);
        List<Parcel> parcels = new ArrayList<>();
        for (Lease lease : run.leases()) {
            Parcel parcel = database.<Parcel, SQLException>transaction(
                    connection -> DeliveryLedger.parcel(connection, lease, clock.get()));
            if (parcel.items().isEmpty()) {
                settle(run, parcel);
            } else {
                parcels.add(parcel);
            }
        }
        if (parcels.isEmpty()) {
            return;
        }
        Optional<Carrier> carrier = carriers.find(name);
        if (carrier.isEmpty()) {
            String error = "There is no peer or other destination " + name + "; add it with ./dozo peer add " + name
                    + " HOST PORT or by POST /api/destinations, then try again: POST /api/deliveries/retry";
            for (Parcel parcel : parcels) {
                giveUp(run, parcel, error);
            }
            return;
        }
        send(run, parcels, carrier.get());
    }

    private void send(JobRun run, List<Parcel> parcels, Carrier carrier) throws SQLException {
        if (carrier.isPaused()) {
            for (Parcel parcel : parcels) {
                putOff(run, parcel, patience(carrier), carrier.name() + " is down and left alone for now");
            }
            return;
        }
        SelectedInstances selected = catalogue.select(parcels.stream()
                .flatMap(parcel -> parcel.items().stream())
                .mapToLong(Parcel.Item::instanceId)
                .toArray());
        database.<Boolean, SQLException>transaction(connection -> {
            DeliveryLedger.begin(connection, parcels);
            return true;
        });
        Map<Long, Wishes> wishes = new HashMap<>();
        parcels.forEach(parcel -> parcel.items().forEach(item -> wishes.put(item.instanceId(), item.wishes())));
        Outbox outbox = new Outbox(selected, corrections, wishes);
        Shipment shipment = new Shipment(carrier.name(), run, parcels, outbox, database, ledger, metrics);
        carrier.carry(shipment, selected.kinds());
        shipment.close(this);
    }

    /** Nothing of it is to be sent now. */
    private void settle(JobRun run, Parcel parcel) throws SQLException {
        if (!parcel.later().isNegative()) {
            putOff(run, parcel, parcel.later(), "");
            return;
        }
        end(
                parcel,
                () -> database.<Boolean, LeaseLostException>transaction(connection -> {
                    ledger.settle(connection, parcel.deliveryId());
                    run.complete(connection, parcel.lease());
                    return true;
                }));
    }

    /** Not an attempt. */
    void putOff(JobRun run, Parcel parcel, Duration delay, String why) throws SQLException {
        end(
                parcel,
                () -> database.<Boolean, LeaseLostException>transaction(connection -> {
                    DeliveryLedger.waits(connection, parcel.deliveryId());
                    String told = why.isEmpty() ? parcel.why() : why;
                    if (!told.isEmpty()) {
                        DeliveryLedger.error(connection, parcel.deliveryId(), told);
                    }
                    run.putOff(connection, parcel.lease(), delay, why);
                    return true;
                }));
    }

    /** The destination could not be reached, or was lost. */
    void unreached(JobRun run, Parcel parcel, String fault) throws SQLException {
        Optional<Carrier> carrier = carriers.find(parcel.lease().lane());
        if (carrier.isPresent()) {
            putOff(run, parcel, patience(carrier.get()), fault);
        } else {
            fail(run, parcel, fault);
        }
    }

    /** The longer it has been down, the more seldom it is tried: it may be thousands of jobs that wait. */
    private static Duration patience(Carrier carrier) {
        long millis = Math.clamp(carrier.troubled().toMillis() / 5, SHORTEST_WAIT.toMillis(), LONGEST_WAIT.toMillis());
        return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1));
    }

    /** Some objects could not be sent, and may be tried again; after the last attempt the delivery waits for somebody. */
    void fail(JobRun run, Parcel parcel, String error) throws SQLException {
        boolean last = parcel.lease().attempt() >= RETRY.attempts();
        end(
                parcel,
                () -> database.<Boolean, LeaseLostException>transaction(connection -> {
                    DeliveryState state = ledger.settle(connection, parcel.deliveryId());
                    if (state == DeliveryState.QUEUED || state == DeliveryState.SENDING) {
                        if (last) {
                            DeliveryLedger.state(connection, parcel.deliveryId(), DeliveryState.FAILED, "", error);
                            DeliveryLedger.event(connection, parcel.deliveryId(), "failed", error);
                        } else {
                            DeliveryLedger.error(connection, parcel.deliveryId(), error);
                        }
                        run.fail(connection, parcel.lease(), error);
                    } else {
                        // The objects that were in trouble are given up, each with its reason.
                        run.complete(connection, parcel.lease());
                    }
                    return true;
                }));
    }

    private void giveUp(JobRun run, Parcel parcel, String error) throws SQLException {
        end(
                parcel,
                () -> database.<Boolean, LeaseLostException>transaction(connection -> {
                    DeliveryLedger.state(connection, parcel.deliveryId(), DeliveryState.FAILED, "", error);
                    DeliveryLedger.event(connection, parcel.deliveryId(), "failed", error);
                    run.reject(connection, parcel.lease(), error);
                    return true;
                }));
    }

    private interface Ending {
        void end() throws SQLException, LeaseLostException;
    }

    private static void end(Parcel parcel, Ending ending) throws SQLException {
        try {
            ending.end();
        } catch (LeaseLostException e) {
            LOG.log(Level.FINE, e, () -> "Delivery " + parcel.deliveryId() + " is in other hands");
        }
    }

    @Override
    public String remedy() {
        return "Mend what the error names (./dozo peer echo AET or ./dozo destination test NAME tries the"
                + " destination), then POST /api/deliveries/retry, or retry the job";
    }
}
