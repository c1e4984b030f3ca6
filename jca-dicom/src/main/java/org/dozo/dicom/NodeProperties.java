// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one node ({@code dozo.properties}), read with types, units and ranges. Every domain binds its own keys to a
 * record; a key that no record asked for stops the start.
 *
 * <p><em>Pitfalls:</em> call {@link #refuseUnknown} only after every record of that prefix was bound. Not thread-safe.
 */
public final class NodeProperties {

    /** System property that names the file. */
    public static final String LOCATION = "dozo.properties";

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|min|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB|TiB)?");
    private static final Map<String, Long> SIZES =
            Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

    private final Map<String, String> values = new TreeMap<>();
    private final TreeSet<String> asked = new TreeSet<>();

    public NodeProperties(Properties properties) {
        for (String key : properties.stringPropertyNames()) {
            values.put(key, properties.getProperty(key).strip());
        }
    }

    /** The file named by the system property {@value #LOCATION}. */
    public static NodeProperties ofThisNode() throws IOException {
        String location = System.getProperty(LOCATION);
        if (location == null) {
            throw new IOException("System property " + LOCATION + " is not set: it names the node's settings file");
        }
        return load(Path.of(location));
    }

    public static NodeProperties load(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return new NodeProperties(properties);
    }

    /** What follows the prefix in the keys that have it: for settings of things that have names. Each is still to be asked for. */
    public Set<String> namesUnder(String prefix) {
        return values.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A text; {@code fallback} if the key is absent or empty. */
    public String text(String key, String fallback) {
        String value = value(key);
        return value == null ? fallback : value;
    }

    /** Texts separated by commas, without the spaces around them. */
    public List<String> list(String key, List<String> fallback) {
        String value = value(key);
        return value == null
                ? fallback
                : Arrays.stream(value.split(",", -1))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList();
    }

    public boolean flag(String key, boolean fallback) {
        String value = value(key);
        return switch (value == null ? Boolean.toString(fallback) : value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refusal(key, "is neither true nor false");
        };
    }

    public int integer(String key, int fallback, int min, int max) {
        String value = value(key);
        try {
            int number = value == null ? fallback : Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the refusal below, which names key, value and range.
        }
        throw refusal(key, "is not a whole number from " + min + " to " + max);
    }

    /** A span of time: a whole number with ms, s, min, h or d. */
    public Duration duration(String key, Duration fallback) {
        String value = value(key);
        if (value == null) {
            return fallback;
        }
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw refusal(key, "is not a duration such as 500 ms, 30 s, 5 min, 2 h or 7 d");
        }
        TimeUnit unit = switch (matcher.group(2)) {
            case "ms" -> TimeUnit.MILLISECONDS;
            case "s" -> TimeUnit.SECONDS;
            case "min" -> TimeUnit.MINUTES;
            case "h" -> TimeUnit.HOURS;
            default -> TimeUnit.DAYS;
        };
        return Duration.of(Long.parseLong(matcher.group(1)), unit.toChronoUnit());
    }

    /** A zone by its name in the time zone database, such as Asia/Tokyo, or a fixed offset such as +09:00. */
    public ZoneId zone(String key, ZoneId fallback) {
        String value = value(key);
        try {
            return value == null ? fallback : ZoneId.of(value);
        } catch (DateTimeException e) {
            // Falls through to the refusal below, which names key, value and forms.
        }
        throw refusal(key, "is neither a zone such as Asia/Tokyo nor an offset such as +09:00");
    }

    /** A number of bytes: a whole number, with B (or nothing), KiB, MiB, GiB or TiB. */
    public long bytes(String key, long fallback) {
        String value = value(key);
        if (value == null) {
            return fallback;
        }
        Matcher matcher = SIZE.matcher(value);
        if (!matcher.matches()) {
            throw refusal(key, "is not a size such as 512 KiB or 64 MiB");
        }
        long unit = SIZES.getOrDefault(matcher.group(2) == null ? "B" : matcher.group(2), 1L);
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        } catch (ArithmeticException e) {
            throw refusal(key, "is more than " + Long.MAX_VALUE + " bytes");
        }
    }

    /**
     * Stops the start if a key under one of the prefixes was never asked for: it is misspelt or of another release.
     *
     * @throws IllegalArgumentException naming the keys
     */
    public void refuseUnknown(String... prefixes) {
        refuse(key -> Arrays.stream(prefixes).anyMatch(key::startsWith));
    }

    /**
     * As {@link #refuseUnknown}, for all keys but those that begin with one of the prefixes: they are somebody else's.
     *
     * @throws IllegalArgumentException naming the keys
     */
    public void refuseUnknownExcept(String... prefixes) {
        refuse(key -> Arrays.stream(prefixes).noneMatch(key::startsWith));
    }

    private void refuse(Predicate<String> ours) {
        List<String> unknown = values.keySet().stream()
                .filter(key -> !asked.contains(key))
                .filter(ours)
                .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("dozo.properties has keys that Dozo does not know: "
                    + String.join(", ", unknown) + ". Correct or remove them; config/dozo.properties lists all.");
        }
    }

    private @Nullable String value(String key) {
        asked.add(key);
        String value = values.get(key);
        return value == null || value.isEmpty() ? null : value;
    }

    private IllegalArgumentException refusal(String key, String fault) {
        return new IllegalArgumentException("dozo.properties: " + key + "=" + values.get(key) + " " + fault);
    }
}
