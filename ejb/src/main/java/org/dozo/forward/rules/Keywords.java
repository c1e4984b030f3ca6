// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.dozo.dicom.data.Dictionary;
import org.jspecify.annotations.Nullable;

/** The keywords of PS3.6 as the language writes them, beginning in lower case: {@code stationName}, {@code sopClassUID}. Case never counts. */
final class Keywords {

    /** Facts that are no attributes. */
    static final List<String> FACTS = List.of("all", "stat", "rejected", "source.ae", "source.address", "studyAge");

    private static final int FARTHEST = 3;

    private Keywords() {}

    private static final class Lazy {
        static final Map<String, Integer> TAGS = tags();

        private static Map<String, Integer> tags() {
            Map<String, Integer> tags = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            Dictionary.keywords()
                    .forEach(
                            keyword -> tags.put(keyword, Dictionary.tag(keyword).orElseThrow()));
            return java.util.Collections.unmodifiableMap(tags);
        }
    }

    /** The tag of a keyword, whatever its case. */
    static OptionalInt tag(String word) {
        Integer tag = Lazy.TAGS.get(word);
        return tag == null ? OptionalInt.empty() : OptionalInt.of(tag);
    }

    /** Null if the standard has no keyword for it, or has it for several tags and means another one. */
    static @Nullable String of(int tag) {
        String keyword = Dictionary.keyword(tag);
        return keyword == null || Dictionary.tag(keyword).orElse(-1) != tag ? null : beginningInLowerCase(keyword);
    }

    /** {@code SOPClassUID} is {@code sopClassUID}: of the capitals it begins with, the last belongs to the next word. */
    private static String beginningInLowerCase(String keyword) {
        int capitals = 0;
        while (capitals < keyword.length() && Character.isUpperCase(keyword.charAt(capitals))) {
            capitals++;
        }
        int end = capitals > 1 && capitals < keyword.length() && Character.isLetter(keyword.charAt(capitals))
                ? capitals - 1
                : capitals;
        return keyword.substring(0, end).toLowerCase(Locale.ROOT) + keyword.substring(end);
    }

    /** The keyword or fact that was probably meant. */
    static Optional<String> suggestion(String word) {
        String wanted = word.toLowerCase(Locale.ROOT);
        String best = null;
        int least = Math.min(FARTHEST, Math.max(1, word.length() / 3)) + 1;
        List<String> known = new ArrayList<>(FACTS);
        known.addAll(Lazy.TAGS.keySet());
        for (String each : known) {
            if (Math.abs(each.length() - word.length()) < least) {
                int distance = distance(wanted, each.toLowerCase(Locale.ROOT));
                if (distance < least) {
                    least = distance;
                    best = each;
                }
            }
        }
        return Optional.ofNullable(best).map(each -> FACTS.contains(each) ? each : beginningInLowerCase(each));
    }

    /** How many letters must be put in, taken out, changed, or swapped with their neighbour. */
    private static int distance(String from, String to) {
        int[] before = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < last.length; j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] free = before;
            before = last;
            last = row;
            row = free;
        }
        return last[to.length()];
    }
}
