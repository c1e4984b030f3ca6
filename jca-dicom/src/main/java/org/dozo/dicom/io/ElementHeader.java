// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;

/**
 * Tag, VR and length of an element, PS3.5 §7.1.
 *
 * @param length in bytes, or {@link #UNDEFINED}
 * @param known whether the VR was one of the standard's
 * @param size of the header itself in bytes
 */
record ElementHeader(int tag, VR vr, long length, boolean known, int size) {

    static final long UNDEFINED = 0xFFFF_FFFFL;

    boolean undefined() {
        return length == UNDEFINED;
    }

    /** Takes an element's header, of which the first 8 bytes are there. */
    static ElementHeader take(ReadAhead source, Encoding encoding) throws IOException {
        boolean big = encoding.bigEndian();
        int tag = source.tag(0, big);
        if (!encoding.explicit()) {
            long length = source.u32(4, big);
            source.advance(8);
            return new ElementHeader(tag, Dictionary.vr(tag), length, true, 8);
        }
        VR vr = VR.of(source.u8(4), source.u8(5));
        boolean longLength = vr == null ? isFutureVr(source) : vr.hasLongLength();
        if (vr == null && !longLength && !(isPrintable(source.u8(4)) && isPrintable(source.u8(5)))) {
            throw new DicomFormatException(Tag.toString(tag) + " at offset " + source.position()
                    + ": no Value Representation where explicit VR has one (PS3.5 §7.1.2)");
        }
        if (!longLength) {
            int length = source.u16(6, big);
            source.advance(8);
            return new ElementHeader(tag, vr == null ? VR.UN : vr, length, vr != null, 8);
        }
        if (!source.has(12)) {
            throw truncated(source, tag);
        }
        long length = source.u32(8, big);
        source.advance(12);
        return new ElementHeader(tag, vr == null ? VR.UN : vr, length, vr != null, 12);
    }

    static DicomFormatException truncated(ReadAhead source, int tag) {
        return new DicomFormatException(
                Tag.toString(tag) + " at offset " + source.position() + ": the data set ends within it");
    }

    /** Two capitals and two zero bytes: a VR of a future edition, which has a 32-bit length, PS3.5 §6.2. */
    private static boolean isFutureVr(ReadAhead source) {
        return isCapital(source.u8(4)) && isCapital(source.u8(5)) && source.u16(6, false) == 0;
    }

    private static boolean isCapital(int letter) {
        return letter >= 'A' && letter <= 'Z';
    }

    private static boolean isPrintable(int letter) {
        return letter >= ' ' && letter <= '~';
    }

    /** Whether the element that lies ahead (8 bytes are there) is in implicit VR though its data set is in explicit VR. */
    static boolean looksImplicit(ReadAhead source) {
        if (VR.of(source.u8(4), source.u8(5)) != null || (isCapital(source.u8(4)) && isCapital(source.u8(5)))) {
            return false;
        }
        boolean undefined = source.i32(4, false) == -1;
        return undefined || !isPrintable(source.u8(4)) || !isPrintable(source.u8(5));
    }

    /** Whether the element that lies ahead (8 bytes are there) is in explicit VR though its data set is in implicit VR. */
    static boolean looksExplicit(ReadAhead source) {
        VR vr = VR.of(source.u8(4), source.u8(5));
        return vr != null && (!vr.hasLongLength() || source.u16(6, false) == 0);
    }
}
