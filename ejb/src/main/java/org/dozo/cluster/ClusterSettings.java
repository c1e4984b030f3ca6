// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import org.dozo.dicom.NodeProperties;

/**
 * Where the other nodes reach this one, keys {@code cluster.*} of dozo.properties.
 *
 * @param bind an address of this machine; empty for a node that has no others
 * @param port TCP, 1 to 65534; the next one is used as well
 */
public record ClusterSettings(String bind, int port) {

    /** @throws IllegalArgumentException naming key, value and range */
    public static ClusterSettings of(NodeProperties properties) {
        return new ClusterSettings(
                properties.text("cluster.bind", ""), properties.integer("cluster.port", 7800, 1, 65534));
    }

    boolean isAlone() {
        return bind.isEmpty();
    }
}
