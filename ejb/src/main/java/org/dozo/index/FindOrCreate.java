// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;

/**
 * The one way to make a row that may exist: the database decides under its unique key who is first. The insert waits for another
 * transaction that is making the same row, so whatever it left is there to be found.
 *
 * @param insert with {@code ON CONFLICT DO NOTHING RETURNING id}
 * @param select of the id by the unique key
 */
record FindOrCreate(String insert, String select) {

    /** @param created whether this transaction made it; nobody else can see or refer to it before the commit */
    record Found(long id, boolean created) {}

    /** Sets all parameters of one of the two statements. */
    @FunctionalInterface
    interface Binding {
        void set(Parameters parameters) throws SQLException;
    }

    Found in(Connection connection, Binding values, Binding key) throws SQLException {
        long created = id(connection, insert, values);
        if (created != 0) {
            return new Found(created, true);
        }
        long found = id(connection, select, key);
        if (found == 0) {
            // It was there a moment ago and was deleted meanwhile; the caller's transaction is to be tried as a whole.
            throw new SQLTransientException("A row was deleted while it was looked up; send the object again", "40001");
        }
        return new Found(found, false);
    }

    /** Identities begin at 1, so 0 means none. */
    private static long id(Connection connection, String sql, Binding binding) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.set(new Parameters(statement));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }
}
