// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.jspecify.annotations.Nullable;

/** Compares the Group Lengths of one data set or item with its groups, PS3.5 §7.2. */
final class GroupLength {

    private final Budget budget;
    private int group = -1;
    private long declaredEnd = -1;
    private long end;

    GroupLength(Budget budget) {
        this.budget = budget;
    }

    /** An element begins, of the same group or another. */
    void next(int tag) {
        if (Tag.group(tag) != group) {
            end();
            group = Tag.group(tag);
        }
    }

    /** An element has ended at this position; null if its value was not kept. */
    void seen(@Nullable Element element, long position) {
        end = position;
        if (element != null && Tag.isGroupLength(element.tag()) && element.bytes().length == 4) {
            byte[] bytes = element.bytes();
            long length = (bytes[0] & 0xFFL)
                    | ((bytes[1] & 0xFFL) << 8)
                    | ((bytes[2] & 0xFFL) << 16)
                    | ((bytes[3] & 0xFFL) << 24);
            declaredEnd = position + length;
        }
    }

    /** The last element of a group has been seen. */
    void end() {
        if (declaredEnd >= 0 && declaredEnd != end) {
            budget.found(Finding.Kind.WRONG_GROUP_LENGTH, group << 16);
        }
        declaredEnd = -1;
    }
}
