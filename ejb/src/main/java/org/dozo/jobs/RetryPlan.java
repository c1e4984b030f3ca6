// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a failed job is tried again.
 *
 * @param attempts in all, 1 to 1000; then it is a dead letter
 * @param delay after the first failure
 * @param multiplier by which the delay grows with each further failure, at least 1
 * @param cap the longest delay
 * @param jitter the share of the delay, 0 to 1, that chance takes away or adds, so that many do not come back at once
 */
public record RetryPlan(int attempts, Duration delay, double multiplier, Duration cap, double jitter) {

    public RetryPlan {
        if (attempts < 1 || attempts > 1000) {
            throw new IllegalArgumentException("Attempts " + attempts + " are not 1 to 1000");
        }
        if (delay.isNegative() || cap.compareTo(delay) < 0) {
            throw new IllegalArgumentException("A delay of " + delay + " up to " + cap + " is none");
        }
        if (!(multiplier >= 1) || !(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException(
                    "Multiplier " + multiplier + " is below 1, or jitter " + jitter + " is not in 0 to 1");
        }
    }

    /** Before the attempt after {@code attempt} (1 for the first). */
    Duration after(int attempt) {
        double millis = Math.min(delay.toMillis() * Math.pow(multiplier, attempt - 1.0), (double) cap.toMillis());
        double chance = ThreadLocalRandom.current().nextDouble(-1, 1);
        return Duration.ofMillis((long) (millis * (1 + jitter * chance)));
    }
}
