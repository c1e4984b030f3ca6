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
 * @param lines by kind and name
 */
public record ConfigurationDiff(List<String> lines) {

    public ConfigurationDiff {
        lines = List.copyOf(lines);
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Of the peers first, then of those sections that {@code after} has. */
    static ConfigurationDiff of(
            ConfigurationDocument before, ConfigurationDocument after, List<ConfigurationSection> sections) {
        List<String> lines = new ArrayList<>();
        compare("peer", peers(before), peers(after), lines);
        for (ConfigurationSection section : sections) {
            if (after.sections().containsKey(section.name())) {
                List<ConfigurationRecord> was = before.section(section.name());
                compare(section.noun(), byName(was), byName(after.section(section.name())), lines);
            }
        }
        return new ConfigurationDiff(lines);
    }

    private static void compare(
            String noun,
            Map<String, Map<String, String>> before,
            Map<String, Map<String, String>> after,
            List<String> lines) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            Map<String, String> was = before.get(name);
            Map<String, String> is = after.get(name);
            if (was == null && is != null) {
                lines.add("+ " + noun + " " + name + " " + is);
            } else if (was != null && is == null) {
                lines.add("- " + noun + " " + name + " " + was);
            } else if (was != null && is != null) {
                was.forEach((field, value) -> {
                    String changed = is.getOrDefault(field, "");
                    if (!changed.equals(value)) {
                        lines.add("~ " + noun + " " + name + " " + field + ": " + value + " -> " + changed);
                    }
                });
            }
        }
    }

    private static Map<String, Map<String, String>> peers(ConfigurationDocument document) {
        Map<String, Map<String, String>> map = new TreeMap<>();
        document.peers().forEach(peer -> map.put(peer.aeTitle(), fields(peer)));
        return map;
    }

    private static Map<String, Map<String, String>> byName(List<ConfigurationRecord> records) {
        Map<String, Map<String, String>> map = new TreeMap<>();
        for (ConfigurationRecord each : records) {
            Map<String, String> fields = new TreeMap<>();
            each.fields().forEach((field, value) -> fields.put(field, shown(field, value)));
            fields.remove("name");
            map.put(each.name(), fields);
        }
        return map;
    }

    private static String shown(String field, Object value) {
        return field.equals("note") ? quoted(String.valueOf(value)) : String.valueOf(value);
    }

    private static String quoted(String note) {
        return '"' + note.replace("\n", "\\n") + '"';
    }

    private static Map<String, String> fields(KnownPeer peer) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("host", peer.host());
        fields.put("port", Integer.toString(peer.port()));
        fields.put("tls", Boolean.toString(peer.tls()));
        fields.put("allow", peer.allow().stream().map(Permission::word).toList().toString());
        fields.put("note", quoted(peer.note()));
        fields.put("proof", peer.proof().word());
        fields.put("notify", Boolean.toString(peer.notified()));
        fields.put("characterSet", quoted(peer.characterSet().toString()));
        return fields;
    }
}
