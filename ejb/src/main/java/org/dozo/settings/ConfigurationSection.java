// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dozo.shared.FailureException;

/** Operational records of one kind in the configuration file, next to the peers. The package that keeps them provides it as a bean. */
public interface ConfigurationSection {

    /** What the section is called in the file. */
    String name();

    /** What one record is called in the lines of a difference. */
    String noun();

    /** All records as this transaction sees them, in an order that does not change by itself. */
    List<ConfigurationRecord> list(Connection connection) throws SQLException;

    /**
     * A record of the file in its regular form.
     *
     * @param aeTitles of all peers that there will be
     * @throws FailureException {@code INVALID_RECORD} naming what is wrong
     */
    ConfigurationRecord read(Map<String, Object> fields, Set<String> aeTitles);

    /** Makes the records these, in the caller's transaction, in which the wanted peers are there already. */
    void replace(Connection connection, List<ConfigurationRecord> wanted) throws SQLException;

    /** Called after {@link #replace} has committed. */
    void forget();
}
