// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.Arrays;

/**
 * The items of an encapsulated value, PS3.5 §A.4: item 0 is the Basic Offset Table (it may be empty), the others are fragments.
 * Kept as lengths only, since each begins 8 bytes after the one before it ends.
 */
public final class Fragments {

    private final int[] lengths;

    /** @param lengths of the items' values in bytes, unsigned; the first is the Basic Offset Table's */
    Fragments(int[] lengths) {
        this.lengths = lengths;
    }

    /** The number of fragments, without the Basic Offset Table. */
    public int count() {
        return Math.max(0, lengths.length - 1);
    }

    /** Bytes of the Basic Offset Table: 0, or 4 a frame. */
    public long basicOffsetTableLength() {
        return lengths.length == 0 ? 0 : Integer.toUnsignedLong(lengths[0]);
    }

    /** @param fragment from 0 */
    public long length(int fragment) {
        return Integer.toUnsignedLong(lengths[fragment + 1]);
    }

    /**
     * Where each fragment's first byte is, counted from {@link BulkValue#offset()}; the Basic Offset Table's is 8.
     *
     * @return one offset a fragment, and last the offset at which the next one's value would begin
     */
    public long[] offsets() {
        long[] offsets = new long[lengths.length];
        long at = 8;
        for (int i = 0; i < lengths.length; i++) {
            at += Integer.toUnsignedLong(lengths[i]) + 8;
            offsets[i] = at;
        }
        return offsets;
    }

    int[] lengths() {
        return lengths;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fragments that && Arrays.equals(lengths, that.lengths);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lengths);
    }

    @Override
    public String toString() {
        return count() + " fragments";
    }
}
