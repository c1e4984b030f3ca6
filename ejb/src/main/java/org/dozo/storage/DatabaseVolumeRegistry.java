// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** The table {@code volume}. */
@Singleton
public final class DatabaseVolumeRegistry implements VolumeRegistry {

    private final DataSource database;

    @Inject
    public DatabaseVolumeRegistry(DataSource database) {
        this.database = database;
    }

    @Override
    public Optional<Registration> find(String volumeName) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return find(connection, volumeName);
        }
    }

    @Override
    public Registration register(String volumeName, UUID marker) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into volume (name, marker) values (?, ?) on conflict (name) do nothing")) {
            connection.setAutoCommit(true);
            insert.setString(1, volumeName);
            insert.setObject(2, marker);
            insert.executeUpdate();
            return find(connection, volumeName)
                    .orElseThrow(() -> new SQLException("Volume " + volumeName + " was registered but is not found"));
        }
    }

    private static Optional<Registration> find(Connection connection, String volumeName) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select id, marker from volume where name = ?")) {
            select.setString(1, volumeName);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Registration(rows.getShort(1), rows.getObject(2, UUID.class)))
                        : Optional.empty();
            }
        }
    }
}
