// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import org.dozo.dicom.NodeProperties;

/**
 * How this node forwards, keys {@code forward.*} of dozo.properties.
 *
 * @param associationsPerDestination at the same time to one peer: 1 to 32
 * @param associations to all peers together: 1 to 1000
 */
public record ForwardSettings(int associationsPerDestination, int associations) {

    public static final ForwardSettings DEFAULT = new ForwardSettings(2, 16);

    /** @throws IllegalArgumentException naming the key, its value and the range */
    public static ForwardSettings from(NodeProperties properties) {
        return new ForwardSettings(
                properties.integer("forward.associations-per-destination", DEFAULT.associationsPerDestination, 1, 32),
                properties.integer("forward.associations", DEFAULT.associations, 1, 1000));
    }
}
