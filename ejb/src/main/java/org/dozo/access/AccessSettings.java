// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.util.List;
import org.dozo.dicom.NodeProperties;

/**
 * Who we are, and whom we let in without knowing him.
 *
 * @param aeTitle our own AE title when we call: the first of {@code dicom.ae-title}
 * @param evaluation whether callers from loopback addresses need not be known
 */
public record AccessSettings(String aeTitle, boolean evaluation) {

    public static AccessSettings from(NodeProperties properties) {
        return new AccessSettings(
                properties.list("dicom.ae-title", List.of("DOZO")).getFirst(),
                properties.flag("evaluation.enabled", false));
    }
}
