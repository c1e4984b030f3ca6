// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import java.time.Duration;
import org.dozo.dicom.NodeProperties;

/**
 * How this node brings studies from other archives, keys {@code pull.*} of dozo.properties.
 *
 * @param associations studies at once from all sources together: 1 to 64
 * @param associationsPerSource studies at once from one source: 1 to 16
 * @param attempts for a study that comes short, until it is reported: 1 to 20
 * @param retryDelay before the next attempt, 0 s to 1 d
 * @param matchLimit an answer to C-FIND of so many matches counts as cut by the source: 2 to 10000
 */
public record PullSettings(
        int associations, int associationsPerSource, int attempts, Duration retryDelay, int matchLimit) {

    public static final PullSettings DEFAULT = new PullSettings(8, 4, 4, Duration.ofMinutes(1), 100);

    private static final Duration LONGEST_DELAY = Duration.ofDays(1);

    /** @throws IllegalArgumentException naming the key, its value and the range */
    public static PullSettings from(NodeProperties properties) {
        Duration delay = properties.duration("pull.retry-delay", DEFAULT.retryDelay);
        if (delay.compareTo(LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException("pull.retry-delay=" + delay + " is longer than 1 d");
        }
        return new PullSettings(
                properties.integer("pull.associations", DEFAULT.associations, 1, 64),
                properties.integer("pull.associations-per-source", DEFAULT.associationsPerSource, 1, 16),
                properties.integer("pull.attempts", DEFAULT.attempts, 1, 20),
                delay,
                properties.integer("pull.match-limit", DEFAULT.matchLimit, 2, 10_000));
    }
}
