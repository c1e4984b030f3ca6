// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Binds values by their Java type: text, numbers, and arrays of them. */
final class Sql {

    private Sql() {}

    static PreparedStatement prepare(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                bind(statement, i + 1, values[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /** @return rows changed */
    static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, int position, Object value) throws SQLException {
        switch (value) {
            case Long[] array -> statement.setArray(position, array(statement, "int8", array));
            case Integer[] array -> statement.setArray(position, array(statement, "int4", array));
            case Boolean[] array -> statement.setArray(position, array(statement, "bool", array));
            case String[] array -> statement.setArray(position, array(statement, "text", array));
            // PostgreSQL knows no NUL.
            case String text -> statement.setString(position, text.replace('\0', ' '));
            default -> statement.setObject(position, value);
        }
    }

    private static java.sql.Array array(PreparedStatement statement, String type, Object[] values) throws SQLException {
        return statement.getConnection().createArrayOf(type, values);
    }
}
