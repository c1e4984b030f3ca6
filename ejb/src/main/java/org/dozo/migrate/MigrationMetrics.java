// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.dozo.shared.Database;
import org.dozo.shared.Refreshed;

/** What {@code /metrics} says of migrations: what this node has certified, and what is open in the whole archive. */
@Singleton
public class MigrationMetrics {

    private static final Duration LIFETIME = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMillis(400);

    private static final String OPEN = """
            SELECT count(*) FROM migration_study JOIN migration ON migration.id = migration_study.migration_fk
            WHERE migration.state = 'RUNNING' AND migration_study.state IN ('QUEUED', 'PULLING')""";

    private final MeterRegistry registry;

    @Inject
    public MigrationMetrics(MeterRegistry registry, Database database) {
        this.registry = registry;
        Refreshed<Long> open = new Refreshed<>(() -> open(database), LIFETIME, PATIENCE);
        Gauge.builder(
                        "dozo.migration.open",
                        open,
                        each -> each.get().map(Long::doubleValue).orElse(Double.NaN))
                .description("Studies of running migrations that are not brought yet")
                .register(registry);
    }

    private static long open(Database database) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(OPEN);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    void certified(Certificate certificate) {
        String outcome = certificate.complete() ? "complete" : "incomplete";
        registry.counter("dozo.migration.studies", "source", certificate.source(), "outcome", outcome)
                .increment();
        registry.counter("dozo.migration.objects", "source", certificate.source())
                .increment(certificate.held());
    }
}
