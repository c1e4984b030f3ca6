// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

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

    /** A native value's bytes, so that they can be read in little endian. */
    public Frame asFrame() {
        return new Frame(List.of(new Frame.Slice(offset, length)), 0, 8 * length, vr);
    }
}
