// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dozo.dicom.data.Element;
import org.dozo.dicom.data.Tag;
import org.jspecify.annotations.Nullable;

/** Reads encapsulated values, PS3.5 §A.4. The source stands behind the element's header, and then behind its delimiter. */
record FragmentReader(
        ReadAhead source,
        Budget budget,
        BoundedSource bounds,
        List<ElementPath.Step> path,
        @Nullable BulkCollector bulk) {

    /**
     * Null if they are not kept.
     *
     * @param end position that no fragment may pass
     */
    @Nullable
    Element read(ElementHeader header, Encoding encoding, long end) throws IOException {
        boolean keep = bulk == null || !bulk.wants(header.tag(), header.length());
        boolean big = encoding.bigEndian();
        long start = source.position();
        List<byte[]> fragments = new ArrayList<>();
        int[] lengths = new int[8];
        for (int count = 0; ; count++) {
            bounds.need(8, header.tag());
            int tag = source.tag(0, big);
            long length = source.u32(4, big);
            if (tag == Tag.SEQUENCE_DELIMITATION_ITEM) {
                if (!keep && bulk != null) {
                    bulk.addFragments(path, header, start, source.position(), Arrays.copyOf(lengths, count));
                }
                bounds.advanceDelimiter(encoding, tag, false, end);
                return keep ? Element.ofFragments(header.tag(), header.vr(), fragments) : null;
            }
            if (tag != Tag.ITEM || length == ElementHeader.UNDEFINED) {
                throw bounds.malformed(header.tag(), "where fragment " + count + " must begin is none (PS3.5 §A.4)");
            }
            source.advance(8);
            budget.element();
            budget.header(8);
            bounds.checkEnd(end, header.tag(), length);
            if (length % 2 != 0) {
                budget.found(Finding.Kind.ODD_LENGTH, header.tag());
            }
            if (keep) {
                fragments.add(bounds.take(header.tag(), length));
            } else {
                bounds.skip(header.tag(), length);
                lengths = count < lengths.length ? lengths : Arrays.copyOf(lengths, 2 * count);
                lengths[count] = (int) length;
            }
        }
    }
}
