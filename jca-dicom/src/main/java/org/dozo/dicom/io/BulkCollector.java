// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.util.ArrayList;
import java.util.List;
import org.dozo.dicom.data.Tag;

/** Chooses which values a scan leaves where they are, and lists them. */
final class BulkCollector {

    private final int keptValueBytes;
    private final List<BulkValue> values = new ArrayList<>();

    BulkCollector(int keptValueBytes) {
        this.keptValueBytes = keptValueBytes;
    }

    boolean wants(int tag, long length) {
        return length > keptValueBytes || (length > 0 && Tag.isPixelData(tag));
    }

    void addNative(List<ElementPath.Step> path, ElementHeader header, long offset) {
        values.add(new BulkValue(new ElementPath(path, header.tag()), header.vr(), offset, header.length(), null));
    }

    void addFragments(List<ElementPath.Step> path, ElementHeader header, long start, long end, int[] lengths) {
        values.add(new BulkValue(
                new ElementPath(path, header.tag()), header.vr(), start, end - start, new Fragments(lengths)));
    }

    /** Whether this element is among the first {@code count}. */
    boolean contains(List<ElementPath.Step> path, int tag, int count) {
        ElementPath wanted = new ElementPath(path, tag);
        return values.subList(0, count).stream().anyMatch(value -> value.path().equals(wanted));
    }

    int size() {
        return values.size();
    }

    void truncate(int count) {
        values.subList(count, values.size()).clear();
    }

    List<BulkValue> values() {
        return values;
    }
}
