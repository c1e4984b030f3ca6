// SPDX-License-Identifier: Apache-2.0
package org.dozo.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dozo.access.KnownPeer;
import org.dozo.access.Permission;
import org.dozo.access.ProofWanted;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The form of the configuration file: {@code version: 1}, a list of {@code peers}, and one of each section. Strict: what is not known is
 * refused.
 */
final class ConfigurationYaml {

    private static final int VERSION = 1;
    private static final int MOST_CHARACTERS = 16 << 20;
    private static final Set<String> PEER_FIELDS =
            Set.of("aeTitle", "host", "port", "tls", "allow", "note", "proof", "notify", "characterSet");

    private ConfigurationYaml() {}

    static String write(ConfigurationDocument records, List<ConfigurationSection> sections) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put(
                "peers", records.peers().stream().map(ConfigurationYaml::toMap).toList());
        for (ConfigurationSection section : sections) {
            document.put(
                    section.name(),
                    records.section(section.name()).stream()
                            .map(ConfigurationRecord::fields)
                            .toList());
        }
        DumpSettings settings =
                DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        return new Dump(settings).dumpToString(written(document));
    }

    private static Map<String, Object> toMap(KnownPeer peer) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("aeTitle", peer.aeTitle());
        map.put("host", peer.host());
        map.put("port", peer.port());
        map.put("tls", peer.tls());
        map.put("allow", peer.allow().stream().map(Permission::word).toList());
        map.put("note", peer.note());
        map.put("proof", peer.proof().word());
        map.put("notify", peer.notified());
        map.put("characterSet", peer.characterSet().toString());
        return map;
    }

    /** Lists and mappings of their own: one that is met twice would be written as an alias, and those are refused. */
    private static Object written(Object value) {
        return switch (value) {
            case List<?> list -> {
                List<Object> copy = new ArrayList<>();
                list.forEach(each -> copy.add(written(each)));
                yield copy;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((field, each) -> copy.put(field, written(each)));
                yield copy;
            }
            default -> value;
        };
    }

    /**
     * @param sections those that others name come first
     * @param names by section, of what others may name, for those that the file does not have
     * @throws FailureException {@link Failure#INVALID_RECORD} naming what is wrong
     */
    static ConfigurationDocument read(
            String yaml, List<ConfigurationSection> sections, Map<String, Set<String>> names) {
        Map<String, Object> document = map(parse(yaml), "The file");
        Set<String> known = new HashSet<>(Set.of("version", "peers"));
        sections.forEach(section -> known.add(section.name()));
        refuseUnknown(document, known, "The file");
        if (!Integer.valueOf(VERSION).equals(document.get("version"))) {
            throw refusal("The file must begin with version: " + VERSION);
        }
        List<KnownPeer> peers = new ArrayList<>();
        Set<String> titles = new HashSet<>();
        for (Object entry : list(document.get("peers"), "peers")) {
            KnownPeer peer = peer(map(entry, "Each of peers"));
            if (!titles.add(peer.aeTitle())) {
                throw refusal("Peer " + peer.aeTitle() + " is there twice");
            }
            peers.add(peer);
        }
        Map<String, List<ConfigurationRecord>> records = new HashMap<>();
        Set<String> named = new HashSet<>(titles);
        for (ConfigurationSection section : sections) {
            if (!document.containsKey(section.name())) {
                named.addAll(names.getOrDefault(section.name(), Set.of()));
                continue;
            }
            List<ConfigurationRecord> each = records(section, document.get(section.name()), named);
            records.put(section.name(), each);
            if (section.isNamedByOthers()) {
                each.forEach(record -> name(section, record, named));
            }
        }
        return new ConfigurationDocument(peers, records);
    }

    private static void name(ConfigurationSection section, ConfigurationRecord record, Set<String> named) {
        if (!named.add(record.name())) {
            throw refusal("The " + section.noun() + " " + record.name()
                    + " has the name of another record that rules may mean: choose another one");
        }
    }

    private static List<ConfigurationRecord> records(
            ConfigurationSection section, @Nullable Object value, Set<String> named) {
        List<ConfigurationRecord> records = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Object entry : list(value, section.name())) {
            ConfigurationRecord each = section.read(map(entry, "Each of " + section.name()), named);
            if (!names.add(each.name())) {
                throw refusal("The " + section.noun() + " " + each.name() + " is there twice");
            }
            records.add(each);
        }
        return records;
    }

    private static @Nullable Object parse(String yaml) {
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setAllowDuplicateKeys(false)
                    .setCodePointLimit(MOST_CHARACTERS)
                    .setMaxAliasesForCollections(0)
                    .build();
            return new Load(settings).loadFromString(yaml);
        } catch (YamlEngineException e) {
            throw new FailureException(Failure.INVALID_RECORD, "The file is no YAML: " + e.getMessage(), e);
        }
    }

    private static KnownPeer peer(Map<String, Object> map) {
        String title = value(map, "aeTitle", String.class, null);
        String name = "Peer " + title;
        refuseUnknown(map, PEER_FIELDS, name);
        Set<Permission> allow = EnumSet.noneOf(Permission.class);
        list(map.getOrDefault("allow", List.of()), name + ": allow")
                .forEach(word -> allow.add(Permission.of(String.valueOf(word))));
        return new KnownPeer(
                title,
                value(map, "host", String.class, null),
                value(map, "port", Integer.class, null),
                value(map, "tls", Boolean.class, false),
                allow,
                value(map, "note", String.class, ""),
                ProofWanted.of(value(map, "proof", String.class, ProofWanted.COMMITMENT.word())),
                value(map, "notify", Boolean.class, false),
                KnownPeer.characterSetOf(value(map, "characterSet", String.class, "")));
    }

    private static <T> T value(Map<String, Object> map, String field, Class<T> type, @Nullable T fallback) {
        Object value = map.containsKey(field) ? map.get(field) : fallback;
        if (!type.isInstance(value)) {
            throw refusal("A peer's " + field + " is missing or not a " + type.getSimpleName()
                    + "; put quotes around texts that look like numbers");
        }
        return type.cast(value);
    }

    private static Map<String, Object> map(@Nullable Object value, String what) {
        if (!(value instanceof Map<?, ?> raw)) {
            throw refusal(what + " must be a mapping of names to values");
        }
        Map<String, Object> map = new LinkedHashMap<>();
        raw.forEach((key, entry) -> map.put(String.valueOf(key), entry));
        return map;
    }

    private static List<?> list(@Nullable Object value, String what) {
        if (value == null) {
            return Collections.emptyList();
        }
        if (!(value instanceof List<?> list)) {
            throw refusal(what + " must be a list");
        }
        return list;
    }

    private static void refuseUnknown(Map<String, Object> map, Set<String> known, String what) {
        for (String key : map.keySet()) {
            if (!known.contains(key)) {
                throw refusal(what + " has \"" + key + "\", which Dozo does not know; correct or remove it");
            }
        }
    }

    private static FailureException refusal(String message) {
        return new FailureException(Failure.INVALID_RECORD, message);
    }
}
