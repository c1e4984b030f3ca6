// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dozo.dicom.NodeProperties;

/**
 * The settings {@code jobs.*} of one node.
 *
 * @param drain {@code jobs.drain}: how long running jobs may go on when the node stops; 0 to 5 min
 * @param windows {@code jobs.window.KIND}: when jobs of a kind are begun, by this node's clock and time zone; STAT ones at any time
 * @param concurrency {@code jobs.concurrency.KIND}: batches at once on this node, 1 to 256
 * @param connections {@code jobs.connections}: database connections that all jobs but STAT ones may hold at once on this node; below
 *     {@code database.pool-size}, so that C-STORE and STAT always get one
 */
public record JobSettings(
        Duration drain, Map<String, List<Window>> windows, Map<String, Integer> concurrency, int connections) {

    private static final String WINDOW = "jobs.window.";
    private static final String CONCURRENCY = "jobs.concurrency.";
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(5);

    /** For every kind as its handler has it. Below the limit that it is checked against. */
    public static final JobSettings DEFAULT = new JobSettings(Duration.ofSeconds(10), Map.of(), Map.of());

    /** With the default share of the database connections. */
    public JobSettings(Duration drain, Map<String, List<Window>> windows, Map<String, Integer> concurrency) {
        this(drain, windows, concurrency, 16);
    }

    public JobSettings {
        windows = Map.copyOf(windows);
        concurrency = Map.copyOf(concurrency);
        if (drain.compareTo(LONGEST_DRAIN) > 0) {
            throw new IllegalArgumentException("jobs.drain is longer than " + LONGEST_DRAIN.toMinutes() + " min");
        }
    }

    /** @throws IllegalArgumentException naming the key, its value and the range */
    public static JobSettings of(NodeProperties properties) {
        Map<String, List<Window>> windows = new TreeMap<>();
        for (String kind : properties.namesUnder(WINDOW)) {
            windows.put(kind, windows(WINDOW + kind, properties.list(WINDOW + kind, List.of())));
        }
        Map<String, Integer> concurrency = new TreeMap<>();
        for (String kind : properties.namesUnder(CONCURRENCY)) {
            concurrency.put(kind, properties.integer(CONCURRENCY + kind, 1, 1, 256));
        }
        int pool = properties.integer("database.pool-size", 32, 2, 1000);
        int connections = properties.integer("jobs.connections", pool / 2, 1, pool - 1);
        return new JobSettings(properties.duration("jobs.drain", DEFAULT.drain()), windows, concurrency, connections);
    }

    private static List<Window> windows(String key, List<String> texts) {
        try {
            return texts.stream().map(Window::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("dozo.properties: " + key + ": " + e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException if a key names a kind that there is not */
    void requireKinds(Set<String> kinds) {
        Set<String> unknown = new TreeSet<>(windows.keySet());
        unknown.addAll(concurrency.keySet());
        unknown.removeAll(kinds);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("dozo.properties: there are no jobs of kind "
                    + String.join(", ", unknown) + " to have a jobs.window or jobs.concurrency; the kinds are "
                    + String.join(", ", new TreeSet<>(kinds)));
        }
    }

    JobKind applied(JobKind kind) {
        return kind.withConcurrency(concurrency.getOrDefault(kind.name(), kind.concurrency()));
    }

    /** Whether jobs of the kind are begun at this time of day. */
    boolean isOpen(String kind, LocalTime now) {
        List<Window> mine = windows.getOrDefault(kind, List.of());
        return mine.isEmpty() || mine.stream().anyMatch(window -> window.contains(now));
    }
}
