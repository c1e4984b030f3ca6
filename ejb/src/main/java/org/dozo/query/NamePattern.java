// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dozo.dicom.data.PersonName;
import org.dozo.index.IndexText;
import org.dozo.index.NameKeys;
import org.dozo.index.NameSounds;

/**
 * What a key of VR PN asks, folded as the index folds names. A key without {@code =} is looked for in all three component groups; one
 * with {@code =} asks each group that it fills, and all of them must match.
 *
 * @param groups of a key without {@code =} one; else three: alphabetic, ideographic, phonetic
 * @param sounds the sounds of the key's words for a fuzzy match; empty for none
 */
record NamePattern(List<Group> groups, Set<String> sounds) {

    private static final Pattern DELIMITERS = Pattern.compile("[\\s*^]*");

    NamePattern {
        groups = List.copyOf(groups);
        sounds = Set.copyOf(sounds);
    }

    /**
     * What is asked of one group. Without a {@code ^} the pattern is of the whole group, and a star passes from component to component.
     * With one, each component has a pattern of its own, those left out must be empty, and only a star at the very end passes on.
     *
     * @param whole folded, components joined by {@code ^}, empty ones at the end left out; empty if nothing is asked
     */
    record Group(Glob whole) {

        boolean isUniversal() {
            return whole.pattern().isEmpty() || whole.isUniversal();
        }

        boolean hasComponents() {
            return whole.pattern().indexOf('^') >= 0;
        }

        List<Glob> components() {
            return Stream.of(whole.pattern().split("\\^", -1)).map(Glob::new).toList();
        }

        /** Whether what follows the last component does not matter. */
        boolean isOpen() {
            return whole.pattern().endsWith("*");
        }

        /** What every matching key begins with; empty if that is not known. */
        String prefix() {
            String prefix = whole.prefix();
            int end = prefix.length();
            // "yamada^*" also finds who has a family name only, whose key has no ^.
            while (end > 0 && prefix.charAt(end - 1) == '^') {
                end--;
            }
            return prefix.substring(0, end);
        }

        boolean matches(String key) {
            return isUniversal() || (hasComponents() ? matchesComponents(key) : whole.matches(key));
        }

        private boolean matchesComponents(String key) {
            List<Glob> asked = components();
            String[] parts = key.split("\\^", -1);
            for (int i = 0; i < asked.size(); i++) {
                if (!asked.get(i).matches(i < parts.length ? parts[i] : "")) {
                    return false;
                }
            }
            return isOpen() || parts.length <= asked.size();
        }
    }

    /** @return without any group if the key asks nothing */
    static NamePattern of(String key, boolean fuzzy) {
        Set<String> sounds = fuzzy ? NameSounds.ofWords(withoutLastStar(key)) : Set.of();
        if (key.indexOf('=') < 0) {
            // A pattern is folded like a name: the wildcards stay.
            Group group = group(key, NameKeys.of(PersonName.parse(key)).alphabetic());
            return new NamePattern(
                    group.isUniversal() ? List.of() : List.of(group), wordsOnly(key) ? sounds : Set.of());
        }
        NameKeys keys = NameKeys.of(PersonName.parse(key));
        String[] asked = (key + "==").split("=", -1);
        List<Group> groups = List.of(
                group(asked[0], keys.alphabetic()),
                group(asked[1], keys.ideographic()),
                group(asked[2], keys.phonetic()));
        return new NamePattern(
                groups.stream().allMatch(Group::isUniversal) ? List.of() : groups, wordsOnly(key) ? sounds : Set.of());
    }

    /** Of characters that folding leaves out, nothing would be left to ask: as they stand they match nobody. */
    private static Group group(String asked, String folded) {
        Group group = new Group(new Glob(folded));
        String text = IndexText.of(asked).strip();
        return group.isUniversal() && !DELIMITERS.matcher(text).matches() ? new Group(new Glob(text)) : group;
    }

    private static String withoutLastStar(String key) {
        return key.endsWith("*") ? key.substring(0, key.length() - 1) : key;
    }

    /** What has wildcards within has no sound. */
    private static boolean wordsOnly(String key) {
        return !new Glob(withoutLastStar(key)).hasWildcard();
    }

    boolean isUniversal() {
        return groups.isEmpty();
    }

    /** Whether a name in a data set matches. */
    boolean matches(String name) {
        PersonName parsed = PersonName.parse(name);
        NameKeys keys = NameKeys.of(parsed);
        List<String> known = List.of(keys.alphabetic(), keys.ideographic(), keys.phonetic());
        boolean plain = groups.size() == 1
                ? known.stream().anyMatch(groups.getFirst()::matches)
                : Stream.of(0, 1, 2).allMatch(i -> groups.get(i).matches(known.get(i)));
        return plain
                || (!sounds.isEmpty() && NameSounds.ofWords(IndexText.of(name)).containsAll(sounds));
    }
}
