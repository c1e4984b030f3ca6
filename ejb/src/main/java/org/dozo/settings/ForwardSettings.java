// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import java.time.Duration;
import org.dozo.dicom.NodeProperties;

/**
 * How this node forwards, keys {@code forward.*} of dozo.properties.
 *
 * @param associationsPerDestination at the same time to one peer: 1 to 32
 * @param associations to all peers together: 1 to 1000
 * @param commitmentWait for the answer to a request for storage commitment; then the peer is asked by C-FIND
 */
public record ForwardSettings(int associationsPerDestination, int associations, Duration commitmentWait) {

    public static final ForwardSettings DEFAULT = new ForwardSettings(2, 16, Duration.ofHours(1));

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    /** What was asked is forgotten after 30 days. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(29);

    /** @throws IllegalArgumentException naming the key, its value and the range */
    public static ForwardSettings from(NodeProperties properties) {
        Duration wait = properties.duration("forward.commitment-wait", DEFAULT.commitmentWait);
        if (wait.compareTo(SHORTEST_WAIT) < 0 || wait.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException("forward.commitment-wait=" + wait + " is not from 1 s to 29 d");
        }
        return new ForwardSettings(
                properties.integer("forward.associations-per-destination", DEFAULT.associationsPerDestination, 1, 32),
                properties.integer("forward.associations", DEFAULT.associations, 1, 1000),
                wait);
    }
}
