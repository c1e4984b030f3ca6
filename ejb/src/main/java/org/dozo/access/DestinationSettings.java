// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.time.Duration;
import org.dozo.dicom.NodeProperties;

/**
 * How this node sends to its peers, keys {@code retrieve.*} of dozo.properties.
 *
 * @param associationsPerDestination at the same time to one peer, on whosever behalf: 1 to 64
 * @param associationsPerMove that one C-MOVE opens: 1 to 16. More than one is faster, but objects come in no order
 * @param failuresBeforePause attempts in a row that must fail until a destination is left alone: 1 to 1000
 * @param pause for which it is left alone
 */
public record DestinationSettings(
        int associationsPerDestination, int associationsPerMove, int failuresBeforePause, Duration pause) {

    public static final DestinationSettings DEFAULT = new DestinationSettings(4, 1, 3, Duration.ofSeconds(30));

    /** @throws IllegalArgumentException naming the key, its value and the range */
    public static DestinationSettings from(NodeProperties properties) {
        return new DestinationSettings(
                properties.integer("retrieve.associations-per-destination", DEFAULT.associationsPerDestination, 1, 64),
                properties.integer("retrieve.associations-per-move", DEFAULT.associationsPerMove, 1, 16),
                properties.integer("retrieve.failures-before-pause", DEFAULT.failuresBeforePause, 1, 1000),
                properties.duration("retrieve.pause", DEFAULT.pause));
    }
}
