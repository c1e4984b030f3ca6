// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** An archive that a {@link Checker} can look into, and what it was sent. */
interface Holdings {

    /** A connection of the caller's own. */
    Connection database() throws SQLException, IOException;

    /** Their directories, by name. */
    Map<String, Path> volumes();

    /** How many good copies an acknowledged object has at least. */
    int minCopies();

    SentObjects sent();
}
