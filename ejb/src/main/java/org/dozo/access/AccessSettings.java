// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import org.dozo.dicom.NodeProperties;

/**
 * Keys {@code evaluation.*}.
 *
 * @param evaluation whether callers from loopback addresses need not be known
 */
public record AccessSettings(boolean evaluation) {

    public static AccessSettings from(NodeProperties properties) {
        return new AccessSettings(properties.flag("evaluation.enabled", false));
    }
}
