// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads what a statement returned. */
@FunctionalInterface
public interface SqlReading<T> {

    T read(ResultSet rows) throws SQLException;
}
