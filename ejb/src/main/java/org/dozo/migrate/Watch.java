// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.SubOperations;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Lease;

/** Whether a pull is still wanted: the job is ours, the node goes on, and nobody has halted the migration. Not thread-safe. */
final class Watch implements RetrieveProgress {

    private static final Logger LOG = Logger.getLogger(Watch.class.getName());
    private static final long LOOK_NANOS = 1_000_000_000;

    private final JobRun run;
    private final Lease lease;
    private final long migrationId;
    private final MigrationLedger ledger;
    private long lookedNanos = System.nanoTime();
    private boolean halted;

    Watch(JobRun run, Lease lease, long migrationId, MigrationLedger ledger) {
        this.run = run;
        this.lease = lease;
        this.migrationId = migrationId;
        this.ledger = ledger;
    }

    @Override
    public void pending(SubOperations counts) {
        // The account is of what is held, not of what the source says that it has sent.
    }

    @Override
    public boolean isCancelled() {
        if (!halted && System.nanoTime() - lookedNanos > LOOK_NANOS) {
            lookedNanos = System.nanoTime();
            try {
                halted = !ledger.isRunning(migrationId);
            } catch (SQLException e) {
                LOG.log(Level.FINE, "Whether migration " + migrationId + " is halted could not be looked up", e);
            }
        }
        return halted || run.isStopping() || !run.holds(lease);
    }
}
