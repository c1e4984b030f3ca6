// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A migration, and how far it is.
 *
 * @param from null for a list of studies
 * @param to null for a list of studies
 * @param studies how many are in which state; states without one are absent
 * @param spansOpen parts of the range of dates that the source is still to be asked for
 * @param spansCut parts that may hold more studies than the source has named
 * @param objects instances held of the studies that have a certificate
 * @param error what keeps it back, and what to do; empty for nothing
 */
public record Migration(
        long id,
        String source,
        MigrationState state,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        String modality,
        int studiesAtOnce,
        int studiesPerHour,
        int objectsPerSecond,
        String hours,
        int matchLimit,
        int priority,
        String note,
        Map<StudyState, Long> studies,
        long spansOpen,
        long spansCut,
        long objects,
        String error,
        Instant createdAt,
        Instant updatedAt) {

    public Migration {
        studies = Map.copyOf(studies);
    }

    public long count(StudyState wanted) {
        return studies.getOrDefault(wanted, 0L);
    }
}
