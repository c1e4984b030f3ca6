// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import org.dozo.dicom.data.Tag;

/** A fault that was read over, because what was meant is certain. Listed in docs/conformance/leniency.md. */
public record Finding(Kind kind, int tag) {

    /** Kinds of faults, each against PS3.5 unless it says otherwise. */
    public enum Kind {
        /** A value of odd length, §7.1.1. It is read as it is. */
        ODD_LENGTH,
        /** VR letters that the standard does not know, §6.2. Two capitals are read as UN with a 32-bit length. */
        UNKNOWN_VR,
        /** A tag smaller than the one before it, §7.1. */
        OUT_OF_ORDER,
        /** A tag that was there already; the first one counts, §7.1. */
        DUPLICATE,
        /** A Group Length that does not lead to the group's end, §7.2. It is ignored. */
        WRONG_GROUP_LENGTH,
        /** Data Set Trailing Padding (FFFC,FFFC): allowed in files only, PS3.10 §7.2. */
        TRAILING_PADDING,
        /** Zero bytes after the last element. */
        TRAILING_ZEROS,
        /** Bytes after the end of the deflated stream, beyond the one that makes its length even, §A.5. */
        DEFLATED_TRAILER,
        /** A zlib header before the deflated stream, which RFC 1951 does not have, §A.5. */
        ZLIB_WRAPPED,
        /** A delimitation item where nothing was to be delimited, §7.5. */
        STRAY_DELIMITER,
        /** A delimitation item beyond the end that the sequence or item around it declared, §7.5. */
        DELIMITER_PAST_END,
        /** A delimitation item with a length, §7.5. The length is ignored. */
        DELIMITER_WITH_LENGTH,
        /** A sequence by the dictionary whose bytes are no items, in implicit VR. It is read as UN. */
        NOT_A_SEQUENCE,
        /** An item encoded in implicit VR within an explicit VR data set, §7.1. */
        IMPLICIT_ITEM,
        /** An explicit VR item in a sequence of VR UN, which §6.2.2 says is implicit VR. */
        EXPLICIT_ITEM_IN_UN,
        /** An element of group 0001, 0003, 0005, 0007 or FFFF, §7.8.1. */
        ILLEGAL_GROUP,
        /** Fragments in a transfer syntax of native pixel data, §A.1 to A.3. */
        ENCAPSULATED_IN_NATIVE_SYNTAX,
        /** Native pixel data in a transfer syntax of encapsulated ones, §A.4. */
        NATIVE_IN_ENCAPSULATED_SYNTAX
    }

    @Override
    public String toString() {
        return kind + " " + Tag.toString(tag);
    }
}
