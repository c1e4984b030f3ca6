// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dozo.shared.Database;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** The destinations that are no application entities, as rows. A change is seen by every node at once. */
@Singleton
public class DestinationRegistry {

    private static final String COLUMNS =
            "SELECT name, kind, address, secret, note, endpoint, region, path_style, encryption FROM destination";

    /** A row that would not change keeps its version and its time. */
    private static final String PUT = """
            INSERT INTO destination AS d (name, kind, address, secret, note, endpoint, region, path_style, encryption)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, address = excluded.address, secret = excluded.secret,
                note = excluded.note, endpoint = excluded.endpoint, region = excluded.region, path_style = excluded.path_style,
                encryption = excluded.encryption, version = d.version + 1, updated_at = now()
            WHERE (d.kind, d.address, d.secret, d.note, d.endpoint, d.region, d.path_style, d.encryption) IS DISTINCT FROM
                (excluded.kind, excluded.address, excluded.secret, excluded.note, excluded.endpoint, excluded.region,
                excluded.path_style, excluded.encryption)""";

    private final Database database;

    @Inject
    public DestinationRegistry(Database database) {
        this.database = database;
    }

    /** All, by name. */
    public List<NamedDestination> list() throws SQLException {
        return database.read(DestinationRegistry::list);
    }

    /** All as this transaction sees them. */
    public static List<NamedDestination> list(Connection connection) throws SQLException {
        List<NamedDestination> destinations = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS + " ORDER BY name");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                destinations.add(destination(row));
            }
        }
        return destinations;
    }

    public Optional<NamedDestination> get(String name) throws SQLException {
        return database.read(connection -> get(connection, name));
    }

    private static Optional<NamedDestination> get(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS + " WHERE name = ?")) {
            // PostgreSQL knows no NUL, and no destination has one.
            statement.setString(1, name.replace('\0', ' '));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(destination(row)) : Optional.empty();
            }
        }
    }

    /** @throws FailureException {@link Failure#CONFLICT} if there is a destination or a peer of this name */
    public void add(NamedDestination destination) throws SQLException {
        database.transaction(connection -> {
            if (get(connection, destination.name()).isPresent()) {
                throw new FailureException(
                        Failure.CONFLICT,
                        "There is a destination " + destination.name()
                                + " already: change it by PUT, or remove it first");
            }
            return put(connection, destination);
        });
    }

    /**
     * Adds or replaces.
     *
     * @throws FailureException {@link Failure#CONFLICT} if a peer has its name
     */
    public void put(NamedDestination destination) throws SQLException {
        database.transaction(connection -> put(connection, destination));
    }

    /**
     * @return whether there was one
     * @throws FailureException {@link Failure#CONFLICT} if a rule names it
     */
    public boolean delete(String name) throws SQLException {
        return database.transaction(connection -> delete(connection, name.replace('\0', ' ')));
    }

    /** As {@link #put(NamedDestination)}, in the caller's transaction. */
    public static boolean put(Connection connection, NamedDestination destination) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PUT)) {
            statement.setString(1, destination.name());
            statement.setString(2, destination.kind().word());
            statement.setString(3, destination.address());
            statement.setString(4, destination.secret());
            statement.setString(5, destination.note());
            statement.setString(6, destination.s3().endpoint());
            statement.setString(7, destination.s3().region());
            statement.setBoolean(8, destination.s3().pathStyle());
            statement.setString(9, destination.s3().encryption());
            return statement.executeUpdate() > 0;
        } catch (SQLException e) {
            throw SharedNames.explained(e, "destination", destination.name());
        }
    }

    /** As {@link #delete(String)}, in the caller's transaction. */
    public static boolean delete(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM destination WHERE name = ?")) {
            statement.setString(1, name);
            return statement.executeUpdate() > 0;
        } catch (SQLException e) {
            throw SharedNames.explained(e, "destination", name);
        }
    }

    private static NamedDestination destination(ResultSet row) throws SQLException {
        return new NamedDestination(
                row.getString(1),
                DestinationKind.of(row.getString(2)),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                new S3Options(row.getString(6), row.getString(7), row.getBoolean(8), row.getString(9)));
    }
}
