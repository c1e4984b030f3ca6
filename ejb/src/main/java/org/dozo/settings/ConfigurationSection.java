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
     * @param names of all peers, and other destinations, that there will be
     * @throws FailureException {@code INVALID_RECORD} naming what is wrong
     */
    ConfigurationRecord read(Map<String, Object> fields, Set<String> names);

    /** Whether records of other sections name its records, as they name peers: then those come first. */
    default boolean isNamedByOthers() {
        return false;
    }

    /**
     * Makes the records these, in the caller's transaction, in which the wanted peers are there already. One that others may still name
     * is left to {@link #prune}.
     */
    void replace(Connection connection, List<ConfigurationRecord> wanted) throws SQLException;

    /** Removes what is not wanted and may have been named by others until all sections were replaced, in the same transaction. */
    default void prune(Connection connection, List<ConfigurationRecord> wanted) throws SQLException {}

    /** Called after {@link #replace} has committed. */
    void forget();
}
