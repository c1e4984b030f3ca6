// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.dozo.dicom.data.VR;

/**
 * One frame: bytes of the data set, as they lie there or put in order.
 *
 * @param slices in order; their bytes together are the frame, and what fills its last word in big endian
 * @param leadingBits bits of the first byte that belong to the frame before: 0 to 7, more than 0 only of packed bits (PS3.5 §8.1.1)
 * @param bits of the frame; 0 if it is all of the slices
 * @param vr whose numbers are to be turned into little endian; OB if there is nothing to turn
 */
public record Frame(List<Slice> slices, int leadingBits, long bits, VR vr) {

    private static final int BLOCK = 64 << 10;

    /**
     * Bytes that lie together.
     *
     * @param offset from the first byte of the (inflated) data set
     */
    public record Slice(long offset, long length) {}

    public Frame {
        slices = List.copyOf(slices);
    }

    static Frame of(List<Slice> slices) {
        return new Frame(slices, 0, 0, VR.OB);
    }

    /** In bytes. */
    public long length() {
        return bits == 0 ? slices.stream().mapToLong(Slice::length).sum() : (bits + 7) / 8;
    }

    /** The frame's bytes; numbers are in little endian, packed bits begin with the lowest bit of the first byte. */
    public InputStream open(DataSetFile file) throws IOException {
        if (slices.size() > 1) {
            List<InputStream> parts = new ArrayList<>();
            for (Slice slice : slices) {
                parts.add(file.open(slice.offset(), slice.length()));
            }
            return new SequenceInputStream(Collections.enumeration(parts));
        }
        InputStream bytes = slices.isEmpty()
                ? new ByteArrayInputStream(new byte[0])
                : file.open(slices.getFirst().offset(), slices.getFirst().length());
        if (leadingBits != 0 || bits % 8 != 0) {
            return new ShiftedBits(bytes, leadingBits, bits);
        }
        return vr.swapUnit() > 1 && file.syntax().bigEndian()
                ? new BoundedStream(new SwappedStream(bytes, vr, BLOCK), length())
                : bytes;
    }
}
