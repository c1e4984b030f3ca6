// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.jspecify.annotations.Nullable;

/**
 * Frames in fragments, PS3.5 §A.4. Which fragments make a frame is told by the Extended Offset Table, the Basic Offset Table, the
 * numbers of frames and fragments, or the compressed streams' own beginnings and ends, whichever first makes sense.
 */
final class EncapsulatedFrames implements FrameIndex {

    private static final int LONGEST_TABLE = 64 << 20;

    private final BulkValue pixels;
    private final Fragments fragments;
    private final long[] fragmentOffsets;
    /** The first fragment of each frame, and last the number of fragments. */
    private final int[] firstFragments;
    /** Of each frame, without padding; empty if not told. */
    private final long[] frameLengths;

    private EncapsulatedFrames(BulkValue pixels, Fragments fragments, int[] firstFragments, long[] frameLengths) {
        this.pixels = pixels;
        this.fragments = fragments;
        this.fragmentOffsets = fragments.offsets();
        this.firstFragments = firstFragments;
        this.frameLengths = frameLengths;
    }

    static EncapsulatedFrames of(ScannedObject object, BulkValue pixels, Fragments fragments, DataSetFile file)
            throws IOException {
        int frames = FrameIndex.countOf(object.header());
        if (fragments.count() == 0) {
            throw new DicomFormatException("The encapsulated pixel data has no fragment (PS3.5 §A.4)");
        }
        long[] extended = table(object, Tag.EXTENDED_OFFSET_TABLE, file);
        long[] lengths = table(object, Tag.EXTENDED_OFFSET_TABLE_LENGTHS, file);
        int[] first = fromOffsets(extended, frames, fragments);
        if (first != null && lengths.length == frames && fit(lengths, first, fragments)) {
            return new EncapsulatedFrames(pixels, fragments, first, lengths);
        }
        first = fromOffsets(basicTable(pixels, fragments, file), frames, fragments);
        if (first == null) {
            first = withoutTable(object.syntax(), pixels, fragments, frames, file);
        }
        return new EncapsulatedFrames(pixels, fragments, first, new long[0]);
    }

    // --- offset tables

    private static long[] table(ScannedObject object, int tag, DataSetFile file) throws IOException {
        byte[] kept = object.header().getBytes(tag);
        if (kept != null) {
            return numbers(kept, 8);
        }
        ElementPath path = ElementPath.of(tag);
        for (BulkValue value : object.bulkValues()) {
            if (value.path().equals(path) && value.fragments() == null) {
                return numbers(file.bytes(value.offset(), value.length(), LONGEST_TABLE), 8);
            }
        }
        return new long[0];
    }

    private static long[] basicTable(BulkValue pixels, Fragments fragments, DataSetFile file) throws IOException {
        long length = fragments.basicOffsetTableLength();
        return length == 0 ? new long[0] : numbers(file.bytes(pixels.offset() + 8, length, LONGEST_TABLE), 4);
    }

    /** Little endian, as encapsulated pixel data always is. */
    private static long[] numbers(byte[] bytes, int size) {
        long[] numbers = new long[bytes.length / size];
        for (int i = 0; i < numbers.length; i++) {
            for (int at = size - 1; at >= 0; at--) {
                numbers[i] = numbers[i] << 8 | (bytes[i * size + at] & 0xFF);
            }
        }
        return numbers;
    }

    /** The first fragment of each frame; null unless there is one offset a frame, each of a fragment, in order from the first. */
    private static int @Nullable [] fromOffsets(long[] offsets, int frames, Fragments fragments) {
        if (offsets.length != frames || offsets[0] != 0) {
            return null;
        }
        long[] starts = fragments.offsets();
        int[] first = new int[frames + 1];
        int fragment = 0;
        for (int frame = 0; frame < frames; frame++) {
            // Offsets count from the first fragment's item tag, 8 bytes before its value.
            while (fragment < fragments.count() && starts[fragment] - starts[0] < offsets[frame]) {
                fragment++;
            }
            boolean there = fragment < fragments.count() && starts[fragment] - starts[0] == offsets[frame];
            if (!there || (frame > 0 && fragment == first[frame - 1])) {
                return null;
            }
            first[frame] = fragment;
        }
        first[frames] = fragments.count();
        return first;
    }

    private static boolean fit(long[] lengths, int[] first, Fragments fragments) {
        for (int frame = 0; frame < lengths.length; frame++) {
            long room = 0;
            for (int fragment = first[frame]; fragment < first[frame + 1]; fragment++) {
                room += fragments.length(fragment);
            }
            if (lengths[frame] < 1 || lengths[frame] > room) {
                return false;
            }
        }
        return true;
    }

    // --- no table

    private static int[] withoutTable(
            TransferSyntax syntax, BulkValue pixels, Fragments fragments, int frames, DataSetFile file)
            throws IOException {
        if (frames == 1) {
            return new int[] {0, fragments.count()};
        }
        if (CompressedStream.isVideo(syntax)) {
            throw new DicomFormatException("The " + frames + " frames are one video stream (" + syntax.name()
                    + "), which is not taken apart: retrieve the whole instance or its bulk data");
        }
        if (fragments.count() == frames) {
            int[] first = new int[frames + 1];
            Arrays.setAll(first, frame -> frame);
            return first;
        }
        if (fragments.count() > frames) {
            int[] first = firstFragments(CompressedStream.beginnings(pixels, fragments, file), fragments);
            if (first.length == frames + 1) {
                return first;
            }
            first = firstFragments(CompressedStream.afterEnds(pixels, fragments, file), fragments);
            if (first.length == frames + 1) {
                return first;
            }
        }
        throw new DicomFormatException("The " + frames + " frames in " + fragments.count()
                + " fragments can't be told apart: no valid offset table, no beginnings or ends of compressed streams");
    }

    private static int[] firstFragments(boolean[] begins, Fragments fragments) {
        List<Integer> first = new ArrayList<>();
        for (int fragment = 0; fragment < begins.length; fragment++) {
            if (begins[fragment]) {
                first.add(fragment);
            }
        }
        first.add(fragments.count());
        return begins[0] ? first.stream().mapToInt(Integer::intValue).toArray() : new int[0];
    }

    // --- frames

    @Override
    public int count() {
        return firstFragments.length - 1;
    }

    @Override
    public boolean isEncapsulated() {
        return true;
    }

    @Override
    public Frame frame(int number) {
        long left = frameLengths.length == 0 ? Long.MAX_VALUE : frameLengths[number - 1];
        List<Frame.Slice> slices = new ArrayList<>();
        for (int fragment = firstFragments[number - 1]; fragment < firstFragments[number]; fragment++) {
            long length = Math.min(left, fragments.length(fragment));
            if (length > 0) {
                slices.add(new Frame.Slice(pixels.offset() + fragmentOffsets[fragment], length));
            }
            left -= length;
        }
        return Frame.of(slices);
    }
}
