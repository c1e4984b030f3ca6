// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import java.time.Duration;
import org.dozo.dicom.NodeProperties;

/**
 * How a node starts.
 *
 * @param rehearsal {@code node.rehearsal}: how long its parts may prepare before it is ready, 0 to 60 s
 */
public record NodeStart(Duration rehearsal) {

    private static final Duration LONGEST = Duration.ofSeconds(60);

    public NodeStart {
        if (rehearsal.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("node.rehearsal is longer than " + LONGEST.toSeconds() + " s");
        }
    }

    /** @throws IllegalArgumentException naming key, value and range */
    public static NodeStart of(NodeProperties properties) {
        return new NodeStart(properties.duration("node.rehearsal", Duration.ofSeconds(5)));
    }
}
