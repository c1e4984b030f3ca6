// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which history a PostgreSQL writes. Each promotion of a standby begins a new timeline, so that of two servers with the same data the
 * one on the older timeline is what was the primary.
 *
 * @param system the identifier that initdb gave and every physical copy keeps
 * @param timeline 1 to 4294967295
 */
record DatabaseHistory(long system, long timeline) {

    private static final long LAST = 0xFFFF_FFFFL;
    private static final Pattern FORM = Pattern.compile("(-?[0-9]{1,19}) ([0-9]{1,10})");

    /** The database gives the timeline only as part of a file's name; a standby writes none. */
    private static final String ASK = """
            SELECT system_identifier, CASE WHEN pg_is_in_recovery() THEN NULL
                ELSE left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END
            FROM pg_control_system()""";

    DatabaseHistory {
        if (timeline < 1 || timeline > LAST) {
            throw new IllegalArgumentException("Timeline " + timeline + " is not 1 to " + LAST);
        }
    }

    /**
     * What the server of this connection writes, by one round trip.
     *
     * @return empty if it is a standby
     */
    static Optional<DatabaseHistory> ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ASK)) {
            row.next();
            long system = row.getLong(1);
            return Optional.ofNullable(row.getString(2))
                    .map(timeline -> new DatabaseHistory(system, Long.parseLong(timeline, 16)));
        }
    }

    /** @return empty if it is none */
    static Optional<DatabaseHistory> of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DatabaseHistory(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether this is what became of the same database after a promotion. */
    boolean isAfter(DatabaseHistory other) {
        return system == other.system && timeline > other.timeline;
    }

    /** As {@link #of} reads it. */
    @Override
    public String toString() {
        return system + " " + timeline;
    }
}
