// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.HeaderBlob;
import org.dozo.forward.rules.Facts;
import org.dozo.forward.rules.HeaderFacts;
import org.dozo.forward.rules.Rule;
import org.dozo.forward.rules.RuleBook;
import org.dozo.forward.rules.Trigger;
import org.dozo.index.InstanceIndex;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.NewJob;
import org.dozo.jobs.RetryPlan;
import org.dozo.shared.Database;

/**
 * What has arrived is put to the rules, and queued for their destinations in the transaction that ends the arrival. An object that is
 * sent once more is no arrival, so what comes back in a circle starts nothing.
 */
@Singleton
public class ArrivalHandler implements JobHandler {

    private static final Logger LOG = Logger.getLogger(ArrivalHandler.class.getName());

    /** Headers are read one after the other: some are long. */
    private static final int FETCH = 20;

    private static final String FIND = """
            SELECT object.name, object.id, instance.id, instance.header, object.source_ae_title, object.source_address,
                study.study_instance_uid, series.series_instance_uid
            FROM unnest(?::text[]) AS arrived (name) JOIN stored_object AS object ON object.name = arrived.name
            JOIN instance ON instance.id = object.instance_fk JOIN series ON series.id = instance.series_fk
            JOIN study ON study.id = series.study_fk WHERE object.state = 'CURRENT'""";

    private final JobKind kind = new JobKind(
            InstanceIndex.ARRIVAL_JOB,
            2,
            100,
            2,
            JobKind.LEASE,
            new RetryPlan(20, Duration.ofSeconds(1), 2, Duration.ofMinutes(10), 0.2));

    private final Database database;
    private final RuleBook rules;
    private final DeliveryLedger ledger;
    private final PrefetchLedger prefetches;

    @Inject
    public ArrivalHandler(Database database, RuleBook rules, DeliveryLedger ledger, PrefetchLedger prefetches) {
        this.database = database;
        this.rules = rules;
        this.ledger = ledger;
        this.prefetches = prefetches;
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(JobRun run) throws SQLException, LeaseLostException {
        List<Rule> active = rules.rules().stream()
                .filter(rule -> rule.when() != Trigger.MANUAL)
                .toList();
        PrefetchCalls calls = prefetches.calls();
        database.<Boolean, LeaseLostException>transaction(connection -> {
            if (active.isEmpty() && calls.isIdle()) {
                run.complete(connection, run.leases());
            } else {
                order(connection, run, active, calls);
            }
            return true;
        });
    }

    private void order(Connection connection, JobRun run, List<Rule> active, PrefetchCalls calls)
            throws SQLException, LeaseLostException {
        Map<String, Lease> pending = new HashMap<>();
        run.leases().forEach(lease -> pending.put(lease.key(), lease));
        List<Lease> done = new ArrayList<>();
        Map<Order.Key, Order> orders = new TreeMap<>();
        try (PreparedStatement statement =
                Sql.prepare(connection, FIND, (Object) pending.keySet().toArray(String[]::new))) {
            statement.setFetchSize(FETCH);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Lease lease = pending.remove(row.getString(1));
                    if (lease != null) {
                        match(connection, run, lease, row, active, orders, calls, done);
                    }
                }
            }
        }
        // What is not shown any more, or was deleted, has nothing to be forwarded.
        done.addAll(pending.values());
        for (Order order : orders.values()) {
            ledger.queue(connection, order);
        }
        prefetches.call(connection, calls);
        run.complete(connection, done);
    }

    private static void match(
            Connection connection,
            JobRun run,
            Lease lease,
            ResultSet row,
            List<Rule> active,
            Map<Order.Key, Order> orders,
            PrefetchCalls calls,
            List<Lease> done)
            throws SQLException, LeaseLostException {
        Facts facts;
        try {
            facts = HeaderFacts.of(HeaderBlob.decode(row.getBytes(4)), row.getString(5), row.getString(6));
        } catch (DicomFormatException e) {
            run.reject(
                    connection, lease, "The kept header of object " + lease.key() + " is damaged: " + e.getMessage());
            return;
        }
        try {
            match(facts, row, active, orders);
            calls.look(facts, row.getString(7));
            done.add(lease);
        } catch (RuntimeException e) {
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "DOZO-FWD-004 The rules could not be put to object " + lease.key()
                            + ". Remedy: report it with this stack trace");
            run.fail(connection, lease, "An error inside Dozo while the rules were put to it: see the server's log");
        }
    }

    private static void match(Facts facts, ResultSet row, List<Rule> active, Map<Order.Key, Order> orders)
            throws SQLException {
        for (Rule rule : active) {
            if (!rule.condition().matches(facts)) {
                continue;
            }
            for (String destination : rule.destinations()) {
                Order.Key key = Order.Key.of(rule, destination, row.getString(7), row.getString(8));
                Order.Target target = new Order.Target(
                        row.getLong(3), row.getLong(2), facts.sourceAeTitle().equals(destination));
                orders.computeIfAbsent(key, none -> new Order(key, rule.name(), Order.delay(rule)))
                        .add(target, facts.isStat() ? NewJob.STAT : rule.priority(), Order.delay(rule));
            }
        }
    }

    @Override
    public String remedy() {
        return "Look at the object and the rules that the error names, then retry the job; cancelled, the object is not"
                + " forwarded by any rule";
    }
}
