// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.sql.Connection;
import java.sql.SQLException;

/** What is done within a transaction. Must neither commit, roll back nor close the connection. */
@FunctionalInterface
public interface SqlWork<T, X extends Exception> {

    T run(Connection connection) throws SQLException, X;
}
