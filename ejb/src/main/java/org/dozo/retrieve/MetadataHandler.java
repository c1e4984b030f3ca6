// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.dozo.index.SeriesEdition;
import org.dozo.index.SeriesEditions;
import org.dozo.index.SeriesTally;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.Lease;
import org.dozo.jobs.LeaseLostException;
import org.dozo.jobs.RetryPlan;
import org.dozo.shared.Database;

/** Prepares the metadata of a series that has come to rest, so that whoever opens it first waits no longer than the next. */
@Singleton
public class MetadataHandler implements JobHandler {

    private static final JobKind KIND = new JobKind(
            SeriesTally.METADATA_JOB,
            1,
            4,
            1,
            JobKind.LEASE,
            new RetryPlan(5, Duration.ofMinutes(1), 2, Duration.ofHours(1), 0.2));

    private final Database database;
    private final SeriesEditions editions;
    private final SeriesDocuments documents;

    @Inject
    public MetadataHandler(Database database, SeriesEditions editions, SeriesDocuments documents) {
        this.database = database;
        this.editions = editions;
        this.documents = documents;
    }

    @Override
    public JobKind kind() {
        return KIND;
    }

    @Override
    public void run(JobRun run) throws IOException, SQLException, LeaseLostException {
        for (Lease lease : run.leases()) {
            if (run.isStopping()) {
                return;
            }
            prepare(run, lease);
        }
    }

    private void prepare(JobRun run, Lease lease) throws IOException, SQLException, LeaseLostException {
        Optional<SeriesEdition> series = editions.ofSeries(Long.parseLong(lease.key()));
        boolean growing = series.isPresent()
                && series.get().lastReceivedAt().plus(SeriesTally.QUIET).isAfter(Instant.now());
        if (!growing && series.isPresent()) {
            documents.prepare(series.get());
        }
        database.<Boolean, LeaseLostException>transaction(connection -> {
            if (growing) {
                run.putOff(connection, lease, SeriesTally.QUIET, "The series is still growing");
            } else {
                run.complete(connection, lease);
            }
            return true;
        });
    }

    @Override
    public String remedy() {
        return "Nothing is lost: the metadata is made when it is asked for. Retry the job, or cancel it";
    }
}
