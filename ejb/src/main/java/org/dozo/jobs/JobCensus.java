// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.dozo.shared.Database;

/** What there is to be done, counted now and then: the more there is to count, the more rarely. */
final class JobCensus {

    /** Of one kind. */
    record Count(long ready, long failed, double oldestSeconds) {}

    private static final Count NONE = new Count(0, 0, 0);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /** A count may take the hundredth part of the time. */
    private static final int PATIENCE = 100;

    private static final String COUNT = """
            SELECT kind, count(*) FILTER (WHERE state IN ('READY', 'WAITING')), count(*) FILTER (WHERE state = 'FAILED'),
                   coalesce(extract(epoch FROM clock_timestamp() - min(due_at) FILTER (WHERE state = 'READY')), 0)
            FROM job GROUP BY kind""";

    private final Database database;
    private volatile Map<String, Count> counts = Map.of();
    private long nextNanos = System.nanoTime();

    JobCensus(Database database) {
        this.database = database;
    }

    Count of(String kind) {
        return counts.getOrDefault(kind, NONE);
    }

    /** Counts if it is time to. For one thread. */
    void refresh() throws SQLException {
        long start = System.nanoTime();
        if (start - nextNanos >= 0) {
            counts = database.read(connection -> {
                Map<String, Count> read = new HashMap<>();
                try (PreparedStatement statement = connection.prepareStatement(COUNT);
                        ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        read.put(row.getString(1), new Count(row.getLong(2), row.getLong(3), row.getDouble(4)));
                    }
                }
                return read;
            });
            long end = System.nanoTime();
            nextNanos = end + Math.max(INTERVAL.toNanos(), PATIENCE * (end - start));
        }
    }
}
