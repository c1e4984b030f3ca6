// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.ArrayList;
import java.util.List;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/**
 * A value that was left where it is: pixel data, or longer than {@link ParseLimits#keptValueBytes}.
 *
 * @param offset of the value's first byte (of the Basic Offset Table's item, if it is encapsulated) from the first byte of the
 *     data set; of the inflated data set, if that is deflated
 * @param length of the value in bytes; if it is encapsulated, with its item headers but without the Sequence Delimitation Item
 * @param fragments null for a native value
 */
public record BulkValue(
        ElementPath path,
        VR vr,
        long offset,
        long length,
        @Nullable Fragments fragments) {

    /** The value's bytes: a native one's in little endian, the others' fragments one after the other. */
    public Frame asFrame() {
        if (fragments == null) {
            return new Frame(List.of(new Frame.Slice(offset, length)), 0, 8 * length, vr);
        }
        long[] offsets = fragments.offsets();
        List<Frame.Slice> slices = new ArrayList<>();
        for (int fragment = 0; fragment < fragments.count(); fragment++) {
            slices.add(new Frame.Slice(offset + offsets[fragment], fragments.length(fragment)));
        }
        return Frame.of(slices);
    }
}
