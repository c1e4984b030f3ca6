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
import java.util.List;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.NewJob;
import org.dozo.jobs.RetryPlan;
import org.dozo.proof.Commitments;
import org.dozo.shared.Database;
import org.dozo.shared.Statements;

/**
 * A destination has answered a request for storage commitment: the deliveries that it is about are looked at again, those too for which
 * something weaker was taken as proof meanwhile.
 */
@Singleton
public class CommitmentAnswerHandler implements JobHandler {

    private static final RetryPlan RETRY = new RetryPlan(20, Duration.ofSeconds(1), 2, Duration.ofMinutes(10), 0.2);

    private static final String CONCERNED = "SELECT delivery_fk FROM delivery_commitment WHERE transaction_uid = ?";

    /** Proof is looked at once more when the last of its answers is there. */
    private static final String REOPEN = """
            UPDATE delivery AS d SET state = 'SENT', proof = '', updated_at = now()
            WHERE d.id = ANY (?)
                AND (d.state = 'SENT' OR d.state = 'VERIFIED' AND d.proof <> 'COMMITTED') AND NOT EXISTS (
                    SELECT FROM delivery_commitment JOIN commitment_asked USING (transaction_uid)
                    WHERE delivery_fk = d.id AND answered_at IS NULL)
            RETURNING d.id, d.destination, d.priority""";

    private final Database database;
    private final Jobs jobs;
    private final JobKind kind = new JobKind(Commitments.ANSWERED_JOB, 2, 16, 2, JobKind.LEASE, RETRY);

    @Inject
    public CommitmentAnswerHandler(Database database, Jobs jobs) {
        this.database = database;
        this.jobs = jobs;
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public void run(JobRun run) throws SQLException, LeaseLostException {
        for (Lease lease : run.leases()) {
            database.<Boolean, LeaseLostException>transaction(connection -> {
                jobs.announce(connection, reopened(connection, lease.key()));
                run.complete(connection, lease);
                return true;
            });
        }
    }

    private static Long[] concerned(Connection connection, String transactionUid) throws SQLException {
        List<Long> deliveries = new ArrayList<>();
        try (PreparedStatement statement = Statements.prepare(connection, CONCERNED, transactionUid);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                deliveries.add(row.getLong(1));
            }
        }
        return deliveries.toArray(Long[]::new);
    }

    private static List<NewJob> reopened(Connection connection, String transactionUid) throws SQLException {
        Long[] concerned = concerned(connection, transactionUid);
        DeliveryLedger.lock(connection, List.of(concerned));
        List<NewJob> proofs = new ArrayList<>();
        try (PreparedStatement statement = Statements.prepare(connection, REOPEN, (Object) concerned);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                proofs.add(new NewJob(DeliveryLedger.PROOF_JOB, "" + row.getLong(1), "{}", row.getInt(3))
                        .inLane(row.getString(2)));
            }
        }
        return proofs;
    }

    @Override
    public String remedy() {
        return "Retry the job; cancelled, the deliveries that wait for this answer are asked for by C-FIND in the end";
    }
}
