// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalTime;
import org.dozo.shared.Bytes;
import org.jspecify.annotations.Nullable;

/** Sets the parameters of a statement one after the other. Types stay the same for null, so that server-side plans are kept. */
final class Parameters {

    private final PreparedStatement statement;
    private int position;

    Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    Parameters text(String value) throws SQLException {
        statement.setString(++position, value);
        return this;
    }

    Parameters id(long value) throws SQLException {
        statement.setLong(++position, value);
        return this;
    }

    Parameters number(@Nullable Integer value) throws SQLException {
        if (value == null) {
            statement.setNull(++position, Types.INTEGER);
        } else {
            statement.setInt(++position, value);
        }
        return this;
    }

    Parameters bytes(Bytes value) throws SQLException {
        statement.setBytes(++position, value.toArray());
        return this;
    }

    Parameters date(@Nullable LocalDate value) throws SQLException {
        if (value == null) {
            statement.setNull(++position, Types.DATE);
        } else {
            statement.setObject(++position, value);
        }
        return this;
    }

    Parameters time(@Nullable LocalTime value) throws SQLException {
        if (value == null) {
            statement.setNull(++position, Types.TIME);
        } else {
            statement.setObject(++position, value);
        }
        return this;
    }

    Parameters array(String type, Object[] values) throws SQLException {
        statement.setArray(++position, statement.getConnection().createArrayOf(type, values));
        return this;
    }
}
