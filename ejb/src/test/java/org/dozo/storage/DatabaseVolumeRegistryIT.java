// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import org.dozo.storage.VolumeRegistry.Registration;
import org.junit.jupiter.api.Test;

class DatabaseVolumeRegistryIT {

    @Test
    void theFirstRegistrationOfAVolumeCounts() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create table volume (id smallint generated always as identity primary key,"
                        + " name text not null unique, marker uuid not null unique,"
                        + " registered_at timestamptz not null default now())");
            }
            VolumeRegistry registry = new DatabaseVolumeRegistry(postgres.getPostgresDatabase());
            assertEquals(Optional.empty(), registry.find("main"));
            UUID first = UUID.randomUUID();
            Registration registration = registry.register("main", first);
            assertEquals(first, registration.marker());
            assertEquals(registration, registry.register("main", UUID.randomUUID()));
            assertEquals(Optional.of(registration), registry.find("main"));
        }
    }
}
