// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dozo.access.KnownPeer;
import org.dozo.access.Permission;

/**
 * What an import changes, one line a change: {@code + peer CT1 …}, {@code - peer CT1 …}, {@code ~ peer CT1 port: 104 -> 11112}.
 *
 * @param lines by AE title
 */
public record ConfigurationDiff(List<String> lines) {

    public ConfigurationDiff {
        lines = List.copyOf(lines);
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }

    static ConfigurationDiff of(List<KnownPeer> before, List<KnownPeer> after) {
        Map<String, KnownPeer> old = byAeTitle(before);
        Map<String, KnownPeer> now = byAeTitle(after);
        TreeSet<String> titles = new TreeSet<>(old.keySet());
        titles.addAll(now.keySet());
        List<String> lines = new ArrayList<>();
        for (String title : titles) {
            KnownPeer was = old.get(title);
            KnownPeer is = now.get(title);
            if (was == null && is != null) {
                lines.add("+ peer " + title + " " + fields(is));
            } else if (was != null && is == null) {
                lines.add("- peer " + title + " " + fields(was));
            } else if (was != null && is != null) {
                Map<String, String> values = fields(is);
                fields(was).forEach((field, value) -> {
                    String changed = values.getOrDefault(field, "");
                    if (!changed.equals(value)) {
                        lines.add("~ peer " + title + " " + field + ": " + value + " -> " + changed);
                    }
                });
            }
        }
        return new ConfigurationDiff(lines);
    }

    private static Map<String, KnownPeer> byAeTitle(List<KnownPeer> peers) {
        Map<String, KnownPeer> map = new TreeMap<>();
        peers.forEach(peer -> map.put(peer.aeTitle(), peer));
        return map;
    }

    private static Map<String, String> fields(KnownPeer peer) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("host", peer.host());
        fields.put("port", Integer.toString(peer.port()));
        fields.put("tls", Boolean.toString(peer.tls()));
        fields.put("allow", peer.allow().stream().map(Permission::word).toList().toString());
        fields.put("note", '"' + peer.note().replace("\n", "\\n") + '"');
        return fields;
    }
}
