// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Sets the parameters of a statement. */
@FunctionalInterface
public interface SqlBinding {

    void bind(PreparedStatement statement) throws SQLException;
}
