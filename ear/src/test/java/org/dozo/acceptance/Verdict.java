// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
        System.out.printf(
                "%-44s load %-28s faults %3d, bad inputs %5d, acknowledged %5d, lost %d, dup %d, torn %d, phantom %d,"
                        + " orphan %d, recovery %d ms, seed %d%n",
                test,
                load,
                faults,
                badInputs,
                acknowledged,
                lost.size(),
                duplicates.size(),
                torn.size(),
                phantoms.size(),
                orphans.size(),
                recovery.toMillis(),
                seed);
        String line =
                ("{\"test\":\"%s\",\"load\":\"%s\",\"faults\":%d,\"badInputs\":%d,\"acknowledged\":%d,\"lost\":%d,"
                                + "\"dup\":%d,\"torn\":%d,\"phantom\":%d,\"orphan\":%d,\"recoveryMillis\":%d,\"seed\":%d}")
                        .formatted(
                                test,
                                load,
                                faults,
                                badInputs,
                                acknowledged,
                                lost.size(),
                                duplicates.size(),
                                torn.size(),
                                phantoms.size(),
                                orphans.size(),
                                recovery.toMillis(),
                                seed);
        String before = Files.exists(FILE) ? Files.readString(FILE).strip() : "[]";
        String entries = before.substring(1, before.length() - 1).strip();
        Files.writeString(FILE, "[\n" + (entries.isEmpty() ? "" : entries + ",\n") + line + "\n]\n");
        return this;
    }
}
