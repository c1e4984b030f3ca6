// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import org.dozo.dicom.NodeProperties;

/**
 * What one data set may ask of its reader.
 *
 * @param nesting items within items, 1 to 256; the data set itself is level 0
 * @param headerBytes bytes of all that is kept in memory: everything but pixel data and the values that are skipped
 * @param elements elements, items and fragments together; each costs about 100 bytes of heap
 * @param inflatedBytes size of a deflated data set after inflation
 * @param inflateRatio inflated size to deflated size, enforced beyond {@link #RATIO_FLOOR} bytes
 * @param keptValueBytes longest value that an {@link ObjectScanner} keeps; longer ones are recorded as {@link BulkValue}
 */
public record ParseLimits(
        int nesting, long headerBytes, int elements, long inflatedBytes, int inflateRatio, int keptValueBytes) {

    /** Below this inflated size no ratio is suspicious: a blank image deflates a thousandfold. */
    public static final long RATIO_FLOOR = 64L << 20;

    public static final ParseLimits DEFAULT = new ParseLimits(64, 64L << 20, 1_000_000, 4L << 30, 200, 4096);

    static final String NESTING = "limits.nesting";
    static final String HEADER_BYTES = "limits.header-bytes";
    static final String ELEMENTS = "limits.elements";
    static final String INFLATED_BYTES = "limits.inflated-bytes";
    static final String INFLATE_RATIO = "limits.inflate-ratio";
    static final String KEPT_VALUE_BYTES = "limits.kept-value-bytes";

    /** @throws IllegalArgumentException if a setting is malformed or out of its range */
    public static ParseLimits from(NodeProperties properties) {
        return new ParseLimits(
                properties.integer(NESTING, DEFAULT.nesting, 1, 256),
                properties.bytes(HEADER_BYTES, DEFAULT.headerBytes),
                properties.integer(ELEMENTS, DEFAULT.elements, 1000, Integer.MAX_VALUE),
                properties.bytes(INFLATED_BYTES, DEFAULT.inflatedBytes),
                properties.integer(INFLATE_RATIO, DEFAULT.inflateRatio, 2, 100_000),
                (int) Math.min(properties.bytes(KEPT_VALUE_BYTES, DEFAULT.keptValueBytes), 1 << 20));
    }
}
