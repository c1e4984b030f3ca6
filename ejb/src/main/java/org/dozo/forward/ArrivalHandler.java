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
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.forward.rules.Rule;
import org.dozo.forward.rules.RuleBook;
import org.dozo.forward.rules.Trigger;
import org.dozo.index.InstanceIndex;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.NewJob;
import org.dozo.jobs.RetryPlan;
import org.dozo.settings.AvailabilitySettings;
import org.dozo.shared.Database;
import org.dozo.shared.Statements;

/**
 * What has arrived is put to the rules, and queued for their destinations in the transaction that ends the arrival. An object that is
 * sent once more is no arrival, so what comes back in a circle starts nothing.
 */
@Singleton
public class ArrivalHandler implements JobHandler {

    private static final Logger LOG = Logger.getLogger(ArrivalHandler.class.getName());

    private static final String FIND = Matching.SELECT + "object.name = ANY (?)";

    private static final String STUDIES = """
            SELECT DISTINCT study.study_instance_uid FROM stored_object AS object
            JOIN instance ON instance.id = object.instance_fk JOIN series ON series.id = instance.series_fk
            JOIN study ON study.id = series.study_fk WHERE object.state = 'CURRENT' AND object.name = ANY (?)""";

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
    private final Jobs jobs;
    private final AvailabilitySettings availability;
    private final PrefetchLedger prefetches;

    @Inject
    public ArrivalHandler(
            Database database,
            RuleBook rules,
            DeliveryLedger ledger,
            Jobs jobs,
            AvailabilitySettings availability,
            PrefetchLedger prefetches) {
        this.database = database;
        this.rules = rules;
        this.ledger = ledger;
        this.jobs = jobs;
        this.availability = availability;
        this.prefetches = prefetches;
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(JobRun run) throws SQLException, LeaseLostException {
        List<Rule> active = rules.rules().stream()
                .filter(rule -> rule.when() != Trigger.MANUAL && rule.when() != Trigger.COMMITMENT)
                .toList();
        PrefetchCalls calls = prefetches.calls();
        database.<Boolean, LeaseLostException>transaction(connection -> {
            announceAvailability(connection, run);
            if (active.isEmpty() && calls.isIdle()) {
                run.complete(connection, run.leases());
            } else {
                order(connection, run, active, calls);
            }
            return true;
        });
    }

    /** Peers that want it are told of the studies once those are quiet. */
    private void announceAvailability(Connection connection, JobRun run) throws SQLException {
        List<KnownPeer> wanting = PeerRegistry.list(connection).stream()
                .filter(KnownPeer::notified)
                .toList();
        if (wanting.isEmpty()) {
            return;
        }
        List<NewJob> told = new ArrayList<>();
        String[] names = run.leases().stream().map(Lease::key).toArray(String[]::new);
        try (PreparedStatement statement = Statements.prepare(connection, STUDIES, (Object) names);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                for (KnownPeer peer : wanting) {
                    String key = row.getString(1) + "/" + peer.aeTitle();
                    told.add(new NewJob(InstanceIndex.AVAILABLE_JOB, key, "{}", NewJob.ROUTINE)
                            .inLane(peer.aeTitle())
                            .delayed(availability.quiet()));
                }
            }
        }
        jobs.announce(connection, told);
    }

    private void order(Connection connection, JobRun run, List<Rule> active, PrefetchCalls calls)
            throws SQLException, LeaseLostException {
        Map<String, Lease> pending = new HashMap<>();
        run.leases().forEach(lease -> pending.put(lease.key(), lease));
        List<Lease> done = new ArrayList<>();
        Matching matching = new Matching(active);
        try (PreparedStatement statement =
                Statements.prepare(connection, FIND, (Object) pending.keySet().toArray(String[]::new))) {
            statement.setFetchSize(Matching.FETCH);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Lease lease = pending.remove(row.getString(1));
                    if (lease != null) {
                        match(connection, run, lease, row, matching, calls, done);
                    }
                }
            }
        }
        // What is not shown any more, or was deleted, has nothing to be forwarded.
        done.addAll(pending.values());
        matching.queue(connection, ledger);
        prefetches.call(connection, calls);
        run.complete(connection, done);
    }

    private static void match(
            Connection connection,
            JobRun run,
            Lease lease,
            ResultSet row,
            Matching matching,
            PrefetchCalls calls,
            List<Lease> done)
            throws SQLException, LeaseLostException {
        try {
            calls.look(matching.add(row), row.getString(7));
            done.add(lease);
        } catch (DicomFormatException e) {
            run.reject(
                    connection, lease, "The kept header of object " + lease.key() + " is damaged: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "DOZO-FWD-004 The rules could not be put to object " + lease.key()
                            + ". Remedy: report it with this stack trace");
            run.fail(connection, lease, "An error inside Dozo while the rules were put to it: see the server's log");
        }
    }

    @Override
    public String remedy() {
        return "Look at the object and the rules that the error names, then retry the job; cancelled, the object is not"
                + " forwarded by any rule";
    }
}
