// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs an operator means: those that fit all that is not null.
 *
 * @param state {@code READY}, {@code WAITING}, {@code LEASED} or {@code FAILED}
 * @param error a part of the last error, whatever the case of its letters
 */
public record JobFilter(
        @Nullable Long id,
        @Nullable String kind,
        @Nullable String lane,
        @Nullable String state,
        @Nullable String key,
        @Nullable String error) {

    private static final Set<String> STATES = Set.of("READY", "WAITING", "LEASED", "FAILED");

    /** @throws FailureException {@link Failure#INVALID_RECORD} if there is no such state */
    public JobFilter {
        if (state != null && !STATES.contains(state)) {
            throw new FailureException(
                    Failure.INVALID_RECORD,
                    "No job is in state " + state + "; the states are READY, WAITING, LEASED and FAILED");
        }
    }

    public static JobFilter ofId(long id) {
        return new JobFilter(id, null, null, null, null, null);
    }

    /** The condition that {@link #bind} gives its values. */
    String condition() {
        List<String> conditions = new ArrayList<>();
        conditions.add(id == null ? "" : "id = ?");
        conditions.add(kind == null ? "" : "kind = ?");
        conditions.add(lane == null ? "" : "lane = ?");
        conditions.add(state == null ? "" : "state = ?");
        conditions.add(key == null ? "" : "job_key = ?");
        conditions.add(error == null ? "" : "strpos(lower(last_error), lower(?)) > 0");
        return conditions.stream()
                .filter(condition -> !condition.isEmpty())
                .map(condition -> " AND " + condition)
                .collect(Collectors.joining());
    }

    /** @return the index of the parameter after those of the condition */
    int bind(PreparedStatement statement, int first) throws SQLException {
        int next = first;
        if (id != null) {
            statement.setLong(next++, id);
        }
        for (String value : new @Nullable String[] {kind, lane, state, key, error}) {
            if (value != null) {
                // PostgreSQL knows no NUL, and no job has one.
                statement.setString(next++, value.replace('\0', ' '));
            }
        }
        return next;
    }
}
