// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.time.Duration;

/**
 * How one kind of work is done.
 *
 * @param name as announced
 * @param concurrency batches at once on a node. While all are taken, a lane that has none may begin one more, up to twice as many;
 *     and STAT work may begin one more in each lane, up to that many again: a lane that hangs keeps nobody waiting
 * @param batch the most leases of a batch
 * @param laneConcurrency batches of one lane at once on a node
 * @param lease how long a node may be silent before others take its jobs, at least 1 s
 */
public record JobKind(String name, int concurrency, int batch, int laneConcurrency, Duration lease, RetryPlan retry) {

    /** How long a job waits for a node that died. */
    public static final Duration LEASE = Duration.ofSeconds(15);

    public JobKind {
        if (concurrency < 1 || batch < 1 || laneConcurrency < 1) {
            throw new IllegalArgumentException("Job kind " + name + " needs at least one place, lane place and lease");
        }
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("The lease of job kind " + name + ", " + lease + ", is below 1 s");
        }
    }

    JobKind withConcurrency(int other) {
        return new JobKind(name, other, batch, laneConcurrency, lease, retry);
    }
}
