// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import org.dozo.dicom.AddressRanges;
import org.dozo.dicom.NodeProperties;

/**
 * Whose word about a web caller's address counts.
 *
 * @param addresses of the balancers, as the node sees them
 */
public record Balancers(AddressRanges addresses) {

    public static Balancers from(NodeProperties properties) {
        return new Balancers(AddressRanges.from(properties, "http.forwarded-from"));
    }
}
