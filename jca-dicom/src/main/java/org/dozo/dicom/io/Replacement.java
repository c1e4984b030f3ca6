// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.List;

/**
 * Text that takes the place of an attribute's value, or of a missing one. Within a sequence it does so in every item that there is; no
 * item is made for it.
 *
 * @param path the tags of the sequences that lead to it, and its own: at least one; the last one's VR is of text
 * @param values none to empty it
 */
public record Replacement(List<Integer> path, List<String> values) {

    public Replacement {
        path = List.copyOf(path);
        values = List.copyOf(values);
        if (path.isEmpty()) {
            throw new IllegalArgumentException("A path has at least one tag");
        }
    }

    int tag() {
        return path.getLast();
    }

    /** Whether it is the value that is replaced, in whatever item. */
    boolean isOf(ElementPath value) {
        return tag() == value.tag()
                && value.items().stream()
                        .map(ElementPath.Step::sequence)
                        .toList()
                        .equals(path.subList(0, path.size() - 1));
    }
}
