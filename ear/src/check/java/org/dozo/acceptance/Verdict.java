// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** What a {@link Checker} found. Each list names the objects; all must be empty. */
record Verdict(
        int acknowledged,
        List<String> lost,
        List<String> torn,
        List<String> duplicates,
        List<String> phantoms,
        List<String> orphans) {

    private static final Path FILE = Path.of("target", "acceptance.json");

    boolean isClean() {
        return lost.isEmpty() && torn.isEmpty() && duplicates.isEmpty() && phantoms.isEmpty() && orphans.isEmpty();
    }

    void assertClean() {
        if (!isClean()) {
            throw new AssertionError("LOST %s%nTORN %s%nDUP %s%nPHANTOM %s%nORPHAN %s"
                    .formatted(some(lost), some(torn), some(duplicates), some(phantoms), some(orphans)));
        }
    }

    private static String some(List<String> names) {
        return names.size() + " " + names.subList(0, Math.min(5, names.size()));
    }

    /** Prints one line and adds it to target/acceptance.json. */
    Verdict report(String test, String load, int faults, int badInputs, Duration recovery, long seed)
            throws IOException {
        SequencedMap<String, Number> figures = new LinkedHashMap<>();
        figures.put("faults", faults);
        figures.put("badInputs", badInputs);
        figures.put("acknowledged", acknowledged);
        figures.put("lost", lost.size());
        figures.put("dup", duplicates.size());
        figures.put("torn", torn.size());
        figures.put("phantom", phantoms.size());
        figures.put("orphan", orphans.size());
        figures.put("recoveryMillis", recovery.toMillis());
        figures.put("seed", seed);
        System.out.printf("%-28s %-44s %s%n", test, load, joined(figures, "%s %s", ", "));
        add("{\"test\":\"%s\",\"load\":\"%s\",%s}".formatted(test, load, joined(figures, "\"%s\":%s", ",")));
        return this;
    }

    private static String joined(Map<String, Number> figures, String form, String between) {
        return figures.entrySet().stream()
                .map(figure -> form.formatted(figure.getKey(), figure.getValue()))
                .collect(Collectors.joining(between));
    }

    private static void add(String line) throws IOException {
        String before = Files.exists(FILE) ? Files.readString(FILE).strip() : "[]";
        String entries = before.substring(1, before.length() - 1).strip();
        Files.writeString(FILE, "[\n" + (entries.isEmpty() ? "" : entries + ",\n") + line + "\n]\n");
    }
}
