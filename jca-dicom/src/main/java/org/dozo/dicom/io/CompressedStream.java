// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import org.dozo.dicom.data.TransferSyntax;

/** What shows in a fragment where a compressed stream begins or ends: the markers of JPEG, JPEG-LS, JPEG 2000 and JPEG XL. */
final class CompressedStream {

    private static final String JPEG_FAMILY = "1.2.840.10008.1.2.4.";
    private static final int FIRST_VIDEO = 100;
    private static final int LAST_VIDEO = 108;
    private static final int LOOKED_AT = 12;

    private CompressedStream() {}

    /** Whether pixel data is MPEG-2, H.264 or HEVC, PS3.5 §8.2.5 to §8.2.9. */
    static boolean isVideo(TransferSyntax syntax) {
        if (!syntax.uid().startsWith(JPEG_FAMILY)) {
            return false;
        }
        String[] rest = syntax.uid().substring(JPEG_FAMILY.length()).split("\\.", 2);
        int number = rest[0].matches("[1-9][0-9]{2}") ? Integer.parseInt(rest[0]) : 0;
        return number >= FIRST_VIDEO && number <= LAST_VIDEO;
    }

    /** For each fragment whether a stream begins with it. */
    static boolean[] beginnings(BulkValue pixels, Fragments fragments, DataSetFile file) throws IOException {
        boolean[] begins = new boolean[fragments.count()];
        long[] offsets = fragments.offsets();
        for (int fragment = 0; fragment < begins.length; fragment++) {
            long length = Math.min(LOOKED_AT, fragments.length(fragment));
            begins[fragment] = isBeginning(file.bytes(pixels.offset() + offsets[fragment], length, LOOKED_AT));
        }
        return begins;
    }

    /** For each fragment whether it is the first, or the one before it ends a stream (an EOI or EOC marker, and padding). */
    static boolean[] afterEnds(BulkValue pixels, Fragments fragments, DataSetFile file) throws IOException {
        boolean[] begins = new boolean[fragments.count()];
        long[] offsets = fragments.offsets();
        begins[0] = true;
        for (int fragment = 0; fragment < begins.length - 1; fragment++) {
            long length = Math.min(LOOKED_AT, fragments.length(fragment));
            long at = pixels.offset() + offsets[fragment] + fragments.length(fragment) - length;
            begins[fragment + 1] = isEnd(file.bytes(at, length, LOOKED_AT));
        }
        return begins;
    }

    private static boolean isBeginning(byte[] bytes) {
        return startsWith(bytes, 0xFF, 0xD8, 0xFF)
                || startsWith(bytes, 0xFF, 0x4F, 0xFF, 0x51)
                || startsWith(bytes, 0xFF, 0x0A)
                || startsWith(bytes, 0, 0, 0, 0x0C, 'j', 'P', ' ', ' ')
                || startsWith(bytes, 0, 0, 0, 0x0C, 'J', 'X', 'L', ' ');
    }

    private static boolean startsWith(byte[] bytes, int... marker) {
        if (bytes.length < marker.length) {
            return false;
        }
        for (int i = 0; i < marker.length; i++) {
            if ((bytes[i] & 0xFF) != marker[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEnd(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end >= 2 && (bytes[end - 2] & 0xFF) == 0xFF && (bytes[end - 1] & 0xFF) == 0xD9;
    }
}
