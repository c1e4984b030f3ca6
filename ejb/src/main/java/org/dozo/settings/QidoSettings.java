// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import org.dozo.dicom.NodeProperties;

/**
 * What one answer of QIDO-RS gives.
 *
 * @param maxResults {@code qido.max-results}: matches at most, whatever limit is asked for; 1 to 1,000,000
 */
public record QidoSettings(int maxResults) {

    /** @throws IllegalArgumentException naming the key, its value and the range */
    static QidoSettings of(NodeProperties properties) {
        return new QidoSettings(properties.integer("qido.max-results", 10_000, 1, 1_000_000));
    }
}
