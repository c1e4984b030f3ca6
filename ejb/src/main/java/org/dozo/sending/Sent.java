// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.util.Map;
import java.util.Set;
import org.dozo.shared.Bytes;

/**
 * What a destination has acknowledged of a study.
 *
 * @param instances SOP Instance UIDs by Series Instance UID
 * @param digests SHA-256 of whole files, by SOP Instance UID, of what was brought as a file
 */
public record Sent(String study, Map<String, Set<String>> instances, Map<String, Bytes> digests) {

    public Sent {
        instances = Map.copyOf(instances);
        digests = Map.copyOf(digests);
    }
}
