// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements with their values, bound by their Java type: text, numbers, dates, null, and arrays; and arrays that come back. */
public final class Statements {

    private Statements() {}

    public static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
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
    public static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** The texts of a column that is an array of them and not null. */
    public static List<String> texts(ResultSet row, int column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    /** Until the transaction ends others may read the table, and who changes it waits. */
    public static void lock(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE");
        }
    }

    private static void bind(PreparedStatement statement, int position, @Nullable Object value) throws SQLException {
        switch (value) {
            case Long[] array -> statement.setArray(position, array(statement, "int8", array));
            case Integer[] array -> statement.setArray(position, array(statement, "int4", array));
            case Boolean[] array -> statement.setArray(position, array(statement, "bool", array));
            case String[] array -> statement.setArray(position, array(statement, "text", array));
            // PostgreSQL knows no NUL.
            case String text -> statement.setString(position, text.replace('\0', ' '));
            case null, default -> statement.setObject(position, value);
        }
    }

    private static java.sql.Array array(PreparedStatement statement, String type, Object[] values) throws SQLException {
        return statement.getConnection().createArrayOf(type, values);
    }
}
