// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.time.Instant;

/**
 * The right to do a job until a moment of the database's clock, unless it is extended. Void as soon as somebody else has leased the
 * job.
 *
 * @param payload a JSON object
 * @param priority 0 to 9
 * @param attempt 1 for the first
 * @param epoch the fencing token: greater than that of every lease before
 * @param expiresAt by the clock of the database, not of this node
 */
public record Lease(
        long jobId,
        String kind,
        String key,
        String lane,
        String payload,
        int priority,
        int attempt,
        long epoch,
        Instant expiresAt) {}
