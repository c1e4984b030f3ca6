// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.dozo.shared.Statements;

/** {@link Statements} by a short name. */
final class Sql {

    private Sql() {}

    static PreparedStatement prepare(Connection connection, String sql, Object... values) throws SQLException {
        return Statements.prepare(connection, sql, values);
    }

    /** @return rows changed */
    static int update(Connection connection, String sql, Object... values) throws SQLException {
        return Statements.update(connection, sql, values);
    }
}
