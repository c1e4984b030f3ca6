// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

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

    DatabaseHistory {
        if (timeline < 1 || timeline > LAST) {
            throw new IllegalArgumentException("Timeline " + timeline + " is not 1 to " + LAST);
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
