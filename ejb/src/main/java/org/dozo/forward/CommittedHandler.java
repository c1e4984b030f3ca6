// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.forward.rules.Rule;
import org.dozo.forward.rules.RuleBook;
import org.dozo.forward.rules.Trigger;
import org.dozo.index.InstanceIndex;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.RetryPlan;
import org.dozo.shared.Database;
import org.dozo.shared.Statements;

/**
 * A study whose sender was told that objects of it are safe is put to the rules that wait for that, with all that is there of it. What
 * was queued before is not queued again.
 */
@Singleton
public class CommittedHandler implements JobHandler {

    private static final String FIND = Matching.SELECT + "study.study_instance_uid = ? ORDER BY instance.id";

    private final JobKind kind = new JobKind(
            InstanceIndex.COMMITTED_JOB,
            2,
            1,
            2,
            JobKind.LEASE,
            new RetryPlan(20, Duration.ofSeconds(1), 2, Duration.ofMinutes(10), 0.2));

    private final Database database;
    private final RuleBook rules;
    private final DeliveryLedger ledger;

    @Inject
    public CommittedHandler(Database database, RuleBook rules, DeliveryLedger ledger) {
        this.database = database;
        this.rules = rules;
        this.ledger = ledger;
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(JobRun run) throws SQLException, LeaseLostException {
        List<Rule> waiting = rules.rules().stream()
                .filter(rule -> rule.when() == Trigger.COMMITMENT)
                .toList();
        for (Lease lease : run.leases()) {
            database.<Boolean, LeaseLostException>transaction(connection -> {
                String damaged = waiting.isEmpty() ? "" : order(connection, lease.key(), new Matching(waiting));
                if (damaged.isEmpty()) {
                    run.complete(connection, lease);
                } else {
                    run.reject(connection, lease, damaged);
                }
                return true;
            });
        }
    }

    /** @return what is wrong with one of the objects, while the others are queued; empty for nothing */
    private String order(Connection connection, String study, Matching matching) throws SQLException {
        String damaged = "";
        try (PreparedStatement statement = Statements.prepare(connection, FIND, study)) {
            statement.setFetchSize(Matching.FETCH);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    try {
                        matching.add(row);
                    } catch (DicomFormatException e) {
                        damaged = "The kept header of object " + row.getString(1) + " is damaged: " + e.getMessage();
                    }
                }
            }
        }
        matching.queue(connection, ledger);
        return damaged;
    }

    @Override
    public String remedy() {
        return "Look at the object and the rules that the error names, then retry the job; cancelled, the study is forwarded by"
                + " no rule that waits for its commitment";
    }
}
