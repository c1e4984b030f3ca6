// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link InstanceIndex#record} did.
 *
 * @param instanceId its key
 * @param objectId its key; 0 for a {@link Outcome#DUPLICATE}
 * @param discrepancies that were put on the record
 */
public record Recorded(
        Outcome outcome,
        long instanceId,
        long objectId,
        Set<Discrepancy> discrepancies,
        @Nullable Learnt learnt) {

    /** What became of the object. */
    public enum Outcome {
        /** The first of its instance. */
        NEW,
        /** The same content is recorded already: the newcomer's files are not needed. */
        DUPLICATE,
        /** Another content of a known instance, kept beside it. */
        ALTERNATE,
        /** Another content of a known instance, shown from now on; the one before is kept. */
        REPLACEMENT
    }

    /** A series that may be remembered once the transaction has committed. */
    record Learnt(SeriesKey key, long seriesId) {}

    public Recorded {
        discrepancies = Set.copyOf(discrepancies);
    }
}
