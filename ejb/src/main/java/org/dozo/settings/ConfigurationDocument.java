// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import java.util.List;
import java.util.Map;
import org.dozo.access.KnownPeer;

/**
 * All operational records.
 *
 * @param sections by name; one that the file does not have is left alone
 */
record ConfigurationDocument(List<KnownPeer> peers, Map<String, List<ConfigurationRecord>> sections) {

    ConfigurationDocument {
        peers = List.copyOf(peers);
        sections = Map.copyOf(sections);
    }

    /** The section's records; none if it is not there. */
    List<ConfigurationRecord> section(String name) {
        return sections.getOrDefault(name, List.of());
    }
}
