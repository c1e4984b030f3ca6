// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dozo.forward.rules.PrefetchRegistry;
import org.dozo.forward.rules.PrefetchRule;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.RetryPlan;
import org.dozo.shared.Database;

/**
 * Selects the priors that a rule wants for a study that has come or is ordered, and has them delivered as what is forwarded. One prior to
 * one destination is one transaction, and changes nothing if it is done twice.
 */
@Singleton
public class PrefetchHandler implements JobHandler {

    private final JobKind kind = new JobKind(
            PrefetchLedger.PREFETCH_JOB,
            2,
            1,
            2,
            JobKind.LEASE,
            new RetryPlan(20, Duration.ofSeconds(1), 2, Duration.ofMinutes(10), 0.2));

    private final Database database;
    private final PrefetchRegistry rules;
    private final ForwardService forward;

    @Inject
    public PrefetchHandler(Database database, PrefetchRegistry rules, ForwardService forward) {
        this.database = database;
        this.rules = rules;
        this.forward = forward;
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(JobRun run) throws SQLException, LeaseLostException {
        for (Lease lease : run.leases()) {
            prefetch(run, lease);
        }
    }

    /** @param priors what is to be delivered, the newest first */
    private record Plan(List<Order.Key> priors, boolean again) {}

    private void prefetch(JobRun run, Lease lease) throws SQLException, LeaseLostException {
        PrefetchCalls.Key key = PrefetchCalls.Key.of(lease.key());
        // A rule that is gone wants nothing.
        Optional<PrefetchRule> rule = rules.get(key.rule());
        Plan plan = rule.isEmpty()
                ? new Plan(List.of(), false)
                : database.read(connection -> plan(connection, key, rule.get()));
        for (Order.Key prior : plan.priors()) {
            if (run.isStopping()) {
                return;
            }
            database.<Boolean, LeaseLostException>transaction(connection -> {
                run.hold(connection, lease);
                forward.prefetch(connection, prior, key.rule(), lease.priority(), plan.again());
                return true;
            });
        }
        database.<Boolean, LeaseLostException>transaction(connection -> {
            if (plan.again()) {
                PrefetchLedger.done(connection, key);
            }
            run.complete(connection, lease);
            return true;
        });
    }

    private static Plan plan(Connection connection, PrefetchCalls.Key key, PrefetchRule rule) throws SQLException {
        Optional<PriorSearch.Subject> subject = PrefetchLedger.subject(connection, key);
        if (subject.isEmpty()) {
            return new Plan(List.of(), false);
        }
        boolean again = subject.get().again();
        List<String> priors =
                PriorSearch.priors(connection, subject.get(), rule.priors()).selected();
        Set<Order.Key> there = again ? Set.of() : PriorSearch.there(connection, priors, rule.destinations());
        List<Order.Key> missing = new ArrayList<>();
        for (String prior : priors) {
            for (String destination : rule.destinations()) {
                missing.add(new Order.Key(prior, destination, ""));
            }
        }
        missing.removeAll(there);
        return new Plan(missing, again);
    }

    @Override
    public String remedy() {
        return "Look at the rule and the study that the key names, then retry the job; cancelled, the priors are not sent for"
                + " this study";
    }
}
