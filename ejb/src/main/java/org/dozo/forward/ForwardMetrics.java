// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.shared.Database;

/** What {@code /metrics} says of each destination: on this node what was sent, in the whole archive what is open. */
@Singleton
public class ForwardMetrics {

    private static final Logger LOG = Logger.getLogger(ForwardMetrics.class.getName());
    private static final Duration LIFETIME = Duration.ofSeconds(10);
    private static final int MOST_DESTINATIONS = 1000;

    private static final String OPEN = """
            SELECT destination, count(*) FILTER (WHERE state <> 'FAILED'), count(*) FILTER (WHERE state = 'FAILED'),
                coalesce(extract(epoch FROM clock_timestamp() - min(created_at) FILTER (WHERE state <> 'FAILED')), 0)
            FROM delivery WHERE state NOT IN ('VERIFIED', 'SKIPPED') GROUP BY destination""";

    private record Count(long open, long failed, double oldestSeconds) {
        static final Count NONE = new Count(0, 0, 0);
    }

    private final MeterRegistry registry;
    private final Database database;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private Map<String, Count> counts = Map.of();
    private long countedNanos = System.nanoTime() - LIFETIME.toNanos();

    @Inject
    public ForwardMetrics(MeterRegistry registry, Database database) {
        this.registry = registry;
        this.database = database;
    }

    void answered(String destination, boolean sent) {
        registry.counter("dozo.forward.objects", "destination", destination, "outcome", sent ? "sent" : "failed")
                .increment();
    }

    /** From now on the destination is among the meters. */
    void watch(String destination) {
        if (known.size() < MOST_DESTINATIONS && known.add(destination)) {
            Gauge.builder("dozo.forward.open", this, each ->
                            (double) each.count(destination).open())
                    .description("Deliveries that are not done")
                    .tag("destination", destination)
                    .register(registry);
            Gauge.builder("dozo.forward.failed", this, each ->
                            (double) each.count(destination).failed())
                    .description("Deliveries that wait for somebody to try again")
                    .tag("destination", destination)
                    .register(registry);
            Gauge.builder(
                            "dozo.forward.oldest",
                            this,
                            each -> each.count(destination).oldestSeconds())
                    .description("Age of the oldest delivery that is not done")
                    .baseUnit("seconds")
                    .tag("destination", destination)
                    .register(registry);
        }
    }

    private synchronized Count count(String destination) {
        if (System.nanoTime() - countedNanos >= LIFETIME.toNanos()) {
            countedNanos = System.nanoTime();
            try {
                counts = database.read(connection -> {
                    Map<String, Count> fresh = new TreeMap<>();
                    try (PreparedStatement statement = connection.prepareStatement(OPEN);
                            ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            fresh.put(row.getString(1), new Count(row.getLong(2), row.getLong(3), row.getDouble(4)));
                        }
                    }
                    return fresh;
                });
            } catch (SQLException e) {
                LOG.log(Level.FINE, "The deliveries could not be counted", e);
            }
        }
        return counts.getOrDefault(destination, Count.NONE);
    }
}
