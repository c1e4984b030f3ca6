// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.List;
import org.dozo.dicom.data.Tag;

/** Where an element is: the items that lead to it from the outermost data set, and its tag. */
public record ElementPath(List<Step> items, int tag) {

    /**
     * One item on the way.
     *
     * @param item its index in the sequence, from 0
     */
    public record Step(int sequence, int item) {}

    public ElementPath {
        items = List.copyOf(items);
    }

    public static ElementPath of(int tag) {
        return new ElementPath(List.of(), tag);
    }

    /** As in {@code (5400,0100)[0].(5400,1010)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : items) {
            text.append(Tag.toString(step.sequence))
                    .append('[')
                    .append(step.item)
                    .append("].");
        }
        return text.append(Tag.toString(tag)).toString();
    }
}
