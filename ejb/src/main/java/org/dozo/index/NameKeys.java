// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dozo.dicom.data.NameFolding;
import org.dozo.dicom.data.PersonName;

/** A person's name folded for search, a key for each of its groups: components joined by {@code ^}, empty ones at the end left out. */
public record NameKeys(String alphabetic, String ideographic, String phonetic) {

    public static NameKeys of(PersonName name) {
        return new NameKeys(key(name.alphabetic()), key(name.ideographic()), key(name.phonetic()));
    }

    private static String key(PersonName.Group group) {
        String joined = Stream.of(group.family(), group.given(), group.middle(), group.prefix(), group.suffix())
                .map(NameFolding::fold)
                .collect(Collectors.joining("^"));
        int end = joined.length();
        while (end > 0 && joined.charAt(end - 1) == '^') {
            end--;
        }
        return IndexText.of(joined.substring(0, end));
    }
}
