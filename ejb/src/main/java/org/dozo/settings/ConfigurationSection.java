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

    /** Lets nobody else change the records until the caller's transaction ends. */
    void lock(Connection connection) throws SQLException;

    /** Adds or replaces one, in the caller's transaction, in which what it may name is there already. */
    void put(Connection connection, ConfigurationRecord wanted) throws SQLException;

    /** Removes one, in the caller's transaction, in which those that are gone name it no more. */
    void delete(Connection connection, String name) throws SQLException;

    /** Called after the changes have been committed. */
    void forget();
}
