// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.NewJob;
import org.dozo.shared.Database;
import org.jspecify.annotations.Nullable;

/**
 * The counters: differences are inserted by {@link InstanceIndex}, folded into series, study and total by one node at a time, and
 * completed by every reader with what is not folded yet. So they are exact in every snapshot, and no store waits for a counter.
 * Whoever folds knows which series have grown, and announces that their metadata is to be prepared.
 */
@Singleton
public class SeriesTally implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SeriesTally.class.getName());
    private static final int BATCH = 20_000;
    private static final int LOCK = 0x444F_5A4F;

    private static final String COUNTS = """
            SELECT total.patients + rest.patients, total.studies + rest.studies, total.series + rest.series,
                   total.instances + rest.instances, total.bytes + rest.bytes
            FROM archive_total AS total,
                 (SELECT coalesce(sum(patients), 0) AS patients, coalesce(sum(studies), 0) AS studies,
                         coalesce(sum(series), 0) AS series, coalesce(sum(instances), 0) AS instances,
                         coalesce(sum(bytes), 0) AS bytes FROM series_tally) AS rest""";

    /** A row is deleted once only, so nothing is ever folded twice; the lock spares several nodes from waiting for each other. */
    private static final String FOLD = """
            WITH taken AS (
                DELETE FROM series_tally WHERE ctid = ANY (ARRAY(SELECT ctid FROM series_tally LIMIT ?))
                RETURNING series_fk, patients, studies, series, instances, bytes),
            by_series AS (
                SELECT series_fk, sum(series) AS series, sum(instances) AS instances, sum(bytes) AS bytes
                FROM taken GROUP BY series_fk),
            folded_series AS (
                UPDATE series SET instance_count = instance_count + by_series.instances,
                                  byte_count = byte_count + by_series.bytes
                FROM by_series WHERE series.id = by_series.series_fk
                RETURNING series.id, series.instance_count AS now, series.study_fk, by_series.series, by_series.instances,
                          by_series.bytes),
            folded_study AS (
                UPDATE study SET series_count = series_count + by_study.series,
                                 instance_count = instance_count + by_study.instances,
                                 byte_count = byte_count + by_study.bytes
                FROM (SELECT study_fk, sum(series) AS series, sum(instances) AS instances, sum(bytes) AS bytes
                      FROM folded_series GROUP BY study_fk) AS by_study
                WHERE study.id = by_study.study_fk),
            folded_total AS (
                UPDATE archive_total SET patients = archive_total.patients + rest.patients,
                                         studies = archive_total.studies + rest.studies,
                                         series = archive_total.series + rest.series,
                                         instances = archive_total.instances + rest.instances,
                                         bytes = archive_total.bytes + rest.bytes
                FROM (SELECT sum(patients) AS patients, sum(studies) AS studies, sum(series) AS series,
                             sum(instances) AS instances, sum(bytes) AS bytes, count(*) AS rows FROM taken) AS rest
                WHERE rest.rows > 0)
            SELECT (SELECT count(*) FROM taken),
                   ARRAY(SELECT id FROM folded_series WHERE instances > 0 AND now >= ?)""";

    /** Its key is {@code series.id}. */
    public static final String METADATA_JOB = "metadata";

    /** A series that has not grown for so long is likely to be whole. */
    public static final Duration QUIET = Duration.ofSeconds(10);

    private final Database database;
    private final Jobs jobs;
    private @Nullable Thread ticker;

    @Inject
    public SeriesTally(Database database, Jobs jobs) {
        this.database = database;
        this.jobs = jobs;
    }

    /** Exact as of one moment. */
    public ArchiveCounts counts() throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(COUNTS);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return new ArchiveCounts(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
            }
        });
    }

    /** Folds what there is, unless another node is doing it; returns the number of rows folded, at most {@value #BATCH}. */
    int fold() throws SQLException {
        return database.transaction(connection -> {
            try (PreparedStatement lock =
                            connection.prepareStatement("SELECT pg_try_advisory_xact_lock(" + LOCK + ")");
                    ResultSet row = lock.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    return 0;
                }
            }
            try (PreparedStatement fold = connection.prepareStatement(FOLD)) {
                fold.setInt(1, BATCH);
                fold.setInt(2, SeriesDocument.KEPT_FROM);
                try (ResultSet row = fold.executeQuery()) {
                    row.next();
                    jobs.announce(connection, metadata((Long[]) row.getArray(2).getArray()));
                    return row.getInt(1);
                }
            }
        });
    }

    private static List<NewJob> metadata(Long[] series) {
        return Stream.of(series)
                .map(id -> new NewJob(METADATA_JOB, id.toString(), "{}", NewJob.BULK).delayed(QUIET))
                .toList();
    }

    /** Folds every {@code interval} until closed. */
    public synchronized void start(Duration interval) {
        if (ticker == null) {
            ticker = Thread.ofPlatform().name("dozo-tally").daemon().start(() -> foldUntilInterrupted(interval));
        }
    }

    @Override
    public synchronized void close() {
        if (ticker != null) {
            ticker.interrupt();
            ticker = null;
        }
    }

    private void foldUntilInterrupted(Duration interval) {
        try {
            while (true) {
                Thread.sleep(interval);
                tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        try {
            while (fold() == BATCH) {
                LOG.fine("More to fold");
            }
        } catch (SQLException | RuntimeException e) {
            // The counters stay exact; only reading them gets slower until the database answers again.
            LOG.log(Level.FINE, "The tally could not be folded", e);
        }
    }
}
