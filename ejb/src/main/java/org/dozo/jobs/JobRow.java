// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as operators see it.
 *
 * @param dueAt READY: since when it could be done; WAITING: when it can be; LEASED: the end of the lease; FAILED: when it was given up
 * @param owner the node that does it; null if none
 * @param after the key of the job that must be done before; null if none
 * @param error of the last attempt; empty if there was none
 * @param remedy what to do about a dead letter; empty for others
 */
public record JobRow(
        long id,
        String kind,
        String key,
        String lane,
        int priority,
        String state,
        Instant dueAt,
        Instant announcedAt,
        int attempts,
        int maxAttempts,
        @Nullable String owner,
        @Nullable String after,
        String error,
        String remedy) {}
