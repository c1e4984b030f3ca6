// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.time.Instant;

/**
 * A series as it is at one moment.
 *
 * @param instances those with a current object
 * @param edition changes whenever an object of the series comes, goes or is replaced, or a correction of one
 * @param lastReceivedAt when the newest of its current objects came, by the database's clock
 */
public record SeriesEdition(
        long seriesId,
        String studyInstanceUid,
        String seriesInstanceUid,
        int instances,
        String edition,
        Instant lastReceivedAt) {}
