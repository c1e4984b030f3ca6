// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is compared.
 *
 * @param name as the language writes it
 * @param path of an attribute; null of any other fact
 */
record Operand(String name, Kind kind, @Nullable AttributePath path) {

    static final Operand SOURCE_AE = new Operand("source.ae", Kind.TEXT, null);
    static final Operand SOURCE_ADDRESS = new Operand("source.address", Kind.ADDRESS, null);
    static final Operand STUDY_AGE = new Operand("studyAge", Kind.STUDY_AGE, null);

    static Operand of(AttributePath path) {
        return new Operand(path.toString(), Kind.of(path.last()), path);
    }

    Operand as(Kind other) {
        return new Operand(name, other, path);
    }

    boolean exists(Facts facts) {
        return path == null ? !values(facts).isEmpty() : facts.exists(path);
    }

    List<String> values(Facts facts) {
        if (path != null) {
            List<String> values = facts.values(path);
            return kind == Kind.NAME ? groups(values) : values;
        }
        String value = switch (kind) {
            case ADDRESS -> facts.sourceAddress();
            case STUDY_AGE -> facts.studyDate().map(Object::toString).orElse("");
            default -> facts.sourceAeTitle();
        };
        return value.isBlank() ? List.of() : List.of(value);
    }

    /** Names, and the groups of those that have several, PS3.5 §6.2.1, each without trailing delimiters. */
    private static List<String> groups(List<String> names) {
        List<String> all = new ArrayList<>(names.size());
        for (String name : names) {
            all.add(withoutTrailing(name));
            if (name.indexOf('=') >= 0) {
                for (String group : name.split("=")) {
                    if (!group.isBlank()) {
                        all.add(withoutTrailing(group));
                    }
                }
            }
        }
        return all;
    }

    static String withoutTrailing(String name) {
        int end = name.length();
        while (end > 0 && "^= ".indexOf(name.charAt(end - 1)) >= 0) {
            end--;
        }
        return name.substring(0, end).strip();
    }
}
