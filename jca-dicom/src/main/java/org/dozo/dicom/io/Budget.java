// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.data.Tag;

/** What one data set has used of its {@link ParseLimits}, and the findings made in it. */
final class Budget {

    private static final int MAX_FINDINGS = 100;
    /** More elements in disorder than this are no slip, and each costs a search and a move. */
    private static final int MAX_DISORDER = 1000;

    private final ParseLimits limits;
    private Set<Finding> findings = new LinkedHashSet<>();
    private long headerBytes;
    private int elements;
    private int disorder;

    Budget(ParseLimits limits) {
        this.limits = limits;
    }

    ParseLimits limits() {
        return limits;
    }

    /** Counts bytes of the header, before they are read. */
    void header(long bytes) throws DicomLimitException {
        headerBytes += bytes;
        // No Java array is longer, whatever the setting.
        long limit = Math.min(limits.headerBytes(), Integer.MAX_VALUE - 16);
        if (headerBytes > limit) {
            throw new DicomLimitException(
                    "The data set's header, with " + headerBytes + " bytes or more,", limit, ParseLimits.HEADER_BYTES);
        }
    }

    /** Counts one element, item or fragment. */
    void element() throws DicomLimitException {
        if (++elements > limits.elements()) {
            throw new DicomLimitException(
                    "The data set's number of elements, " + elements + " or more,",
                    limits.elements(),
                    ParseLimits.ELEMENTS);
        }
    }

    /** @param depth of an item: 1 in a sequence of the data set itself */
    void nesting(int depth) throws DicomLimitException {
        if (depth > limits.nesting()) {
            throw new DicomLimitException(
                    "The nesting of items, " + depth + " deep or more,", limits.nesting(), ParseLimits.NESTING);
        }
    }

    void disorder(int tag) throws DicomFormatException {
        if (++disorder > MAX_DISORDER) {
            throw new DicomFormatException(Tag.toString(tag) + ": more than " + MAX_DISORDER
                    + " elements are duplicated or out of order; this is no data set");
        }
    }

    void found(Finding.Kind kind, int tag) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(new Finding(kind, tag));
        }
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** Remembers the findings so far, for {@link #forgetBack}. */
    List<Finding> mark() {
        return new ArrayList<>(findings);
    }

    /** Forgets what was found since the mark: it was found in bytes that turned out to be something else. */
    void forgetBack(List<Finding> mark) {
        findings = new LinkedHashSet<>(mark);
    }
}
