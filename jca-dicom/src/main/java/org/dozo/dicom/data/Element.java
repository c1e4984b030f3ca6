// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * One Data Element: a value as little-endian bytes, or the items of a sequence, or the fragments of an encapsulated
 * value (PS3.5 §7.1, §7.5, A.4; the first fragment is the Basic Offset Table).
 *
 * <p><em>Pitfalls:</em> arrays are handed out as they are kept, not copied; whoever changes one changes the element.
 */
public final class Element {

    private static final byte[] NOTHING = {};

    private final int tag;
    private final VR vr;
    private final byte[] bytes;
    private final List<Dataset> items;
    private final List<byte[]> fragments;
    private final boolean encapsulated;

    private Element(int tag, VR vr, byte[] bytes, List<Dataset> items, List<byte[]> fragments, boolean encapsulated) {
        this.tag = tag;
        this.vr = vr;
        this.bytes = bytes;
        this.items = items;
        this.fragments = fragments;
        this.encapsulated = encapsulated;
    }

    /** @param bytes numbers in little endian, text in the character set of the data set it will be put into */
    public static Element ofBytes(int tag, VR vr, byte[] bytes) {
        if (vr == VR.SQ) {
            throw new IllegalArgumentException(Tag.toString(tag) + " of VR SQ holds items, not bytes");
        }
        return new Element(tag, vr, bytes, List.of(), List.of(), false);
    }

    public static Element ofItems(int tag, List<Dataset> items) {
        return new Element(tag, VR.SQ, NOTHING, new ArrayList<>(items), List.of(), false);
    }

    /** @param fragments the Basic Offset Table (it may be empty), then the fragments; kept, not copied */
    public static Element ofFragments(int tag, VR vr, List<byte[]> fragments) {
        return new Element(tag, vr, NOTHING, List.of(), fragments, true);
    }

    public int tag() {
        return tag;
    }

    public VR vr() {
        return vr;
    }

    /** The value in little endian; empty for a sequence or an encapsulated value. */
    public byte[] bytes() {
        return bytes;
    }

    public boolean isSequence() {
        return vr == VR.SQ;
    }

    public boolean isEncapsulated() {
        return encapsulated;
    }

    /** Whether it has no value, no item and no fragment. */
    public boolean isEmpty() {
        return bytes.length == 0 && items.isEmpty() && !encapsulated;
    }

    public List<Dataset> items() {
        return Collections.unmodifiableList(items);
    }

    /** Only for a sequence. */
    void add(Dataset item) {
        items.add(item);
    }

    public List<byte[]> fragments() {
        return Collections.unmodifiableList(fragments);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Element that
                && tag == that.tag
                && vr == that.vr
                && encapsulated == that.encapsulated
                && Arrays.equals(bytes, that.bytes)
                && items.equals(that.items)
                && Arrays.deepEquals(fragments.toArray(), that.fragments.toArray());
    }

    @Override
    public int hashCode() {
        return 31 * (31 * tag + Arrays.hashCode(bytes)) + items.hashCode();
    }

    /** Tag, VR and size only: values may be a patient's. */
    @Override
    public String toString() {
        String size = isSequence()
                ? items.size() + " items"
                : encapsulated ? fragments.size() + " fragments" : bytes.length + " bytes";
        return Tag.toString(tag) + " " + vr + " " + size;
    }
}
