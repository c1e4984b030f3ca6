// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.List;
import org.dozo.dicom.data.Tag;

/**
 * Where an attribute is: the sequences that lead to it, and itself.
 *
 * @param steps at least one
 */
public record AttributePath(List<Step> steps) {

    /**
     * One attribute of a data set.
     *
     * @param tag of a private element with a creator, its group and the two low digits of its element
     * @param creator the owner of a private block, PS3.5 §7.8.1; empty for any other attribute, and for a private one by its full tag
     */
    public record Step(int tag, String creator) {

        @Override
        public String toString() {
            if (!creator.isEmpty()) {
                return "(%04X,%s,%02X)".formatted(tag >>> 16, Literal.quote(creator), tag & 0xFF);
            }
            String keyword = Keywords.of(tag);
            return keyword == null ? Tag.toString(tag) : keyword;
        }
    }

    public AttributePath {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("A path has at least one step");
        }
    }

    public static AttributePath of(int... tags) {
        return new AttributePath(
                java.util.Arrays.stream(tags).mapToObj(tag -> new Step(tag, "")).toList());
    }

    /** The tags of the steps. */
    public int[] tags() {
        return steps.stream().mapToInt(Step::tag).toArray();
    }

    Step last() {
        return steps.getLast();
    }

    /** As the condition language writes it: {@code requestAttributesSequence.accessionNumber}. */
    @Override
    public String toString() {
        return String.join(".", steps.stream().map(Step::toString).toList());
    }
}
