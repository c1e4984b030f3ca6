// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import org.dozo.dicom.data.Tag;

/**
 * Bytes that must be there, within what is around them and within the budget. Every fault names the tag and the offset. Not
 * thread-safe.
 */
record BoundedSource(ReadAhead source, Budget budget) {

    /** @throws DicomFormatException if fewer bytes are left */
    void need(int count, int tag) throws IOException {
        if (!source.has(count)) {
            throw truncated(tag);
        }
    }

    /** @param length bytes, at most {@link Integer#MAX_VALUE}; counted as header */
    byte[] take(int tag, long length) throws IOException {
        budget.header(length);
        byte[] bytes = source.take((int) length);
        if (bytes == null) {
            throw truncated(tag);
        }
        return bytes;
    }

    void skip(int tag, long length) throws IOException {
        if (!source.skip(length)) {
            throw truncated(tag);
        }
    }

    /** @param end position that the next {@code length} bytes may not pass */
    void checkEnd(long end, int tag, long length) throws DicomFormatException {
        if (length > end - source.position()) {
            throw malformed(tag, "its " + length + " bytes pass the end of the item or sequence around it");
        }
    }

    /** Passes a delimitation item, PS3.5 §7.5; {@code stray} if it ends nothing. */
    void advanceDelimiter(Encoding encoding, int tag, boolean stray, long end) throws IOException {
        if (end - source.position() < 8) {
            throw malformed(tag, "it passes the end of the item or sequence around it");
        }
        budget.header(8);
        if (stray) {
            budget.found(Finding.Kind.STRAY_DELIMITER, tag);
        }
        if (source.i32(4, encoding.bigEndian()) != 0) {
            budget.found(Finding.Kind.DELIMITER_WITH_LENGTH, tag);
        }
        source.advance(8);
    }

    /** An item or sequence of undefined length reached the end that what is around it declared: its delimiter must follow. */
    void takeDelimiterPastEnd(Encoding encoding, int tag) throws IOException {
        need(8, tag);
        if (source.tag(0, encoding.bigEndian()) != tag) {
            throw malformed(tag, "it is missing: the item or sequence around has ended");
        }
        budget.found(Finding.Kind.DELIMITER_PAST_END, tag);
        advanceDelimiter(encoding, tag, false, Long.MAX_VALUE);
    }

    DicomFormatException malformed(int tag, String fault) {
        return new DicomFormatException(Tag.toString(tag) + " at offset " + source.position() + ": " + fault);
    }

    private DicomFormatException truncated(int tag) {
        return malformed(tag, "the data set ends within it");
    }
}
