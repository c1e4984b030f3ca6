// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Data Set or an Item, PS3.5 §7.1: elements in ascending unsigned order of their tags. Values are kept as bytes and
 * decoded on access. Items take the character set of the data set that holds them unless they have their own (PS3.5
 * §6.1.2.2).
 *
 * <p>Getters are lenient: what is absent, empty or not of the asked kind is null, the fallback or an empty list.
 *
 * <p><em>Pitfalls:</em> not thread-safe. Text is encoded when it is set: set Specific Character Set first, and make items with
 * {@link #addItem(int)}, so that they know it. {@link #toString} shows no values.
 */
public final class Dataset implements Iterable<Element> {

    private static final Element[] NONE = {};

    private Element[] elements = NONE;
    private int size;
    private @Nullable Dataset parent;
    private @Nullable SpecificCharacterSet characterSet;

    public Dataset() {}

    // --- elements

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public boolean contains(int tag) {
        return indexOf(tag) >= 0;
    }

    public @Nullable Element get(int tag) {
        int index = indexOf(tag);
        return index < 0 ? null : elements[index];
    }

    /** Puts an element in its place; one with the same tag is replaced. */
    public Dataset set(Element element) {
        int tag = element.tag();
        int index = size == 0 || Integer.compareUnsigned(elements[size - 1].tag(), tag) < 0 ? ~size : indexOf(tag);
        if (index < 0) {
            index = ~index;
            if (size == elements.length) {
                elements = Arrays.copyOf(elements, Math.max(8, size + (size >> 1)));
            }
            System.arraycopy(elements, index, elements, index + 1, size - index);
            size++;
        }
        elements[index] = element;
        if (tag == Tag.SPECIFIC_CHARACTER_SET) {
            characterSet = null;
        }
        for (Dataset item : element.items()) {
            item.parent = this;
        }
        return this;
    }

    /** The element that was taken out, or null if there was none. */
    public @Nullable Element remove(int tag) {
        int index = indexOf(tag);
        if (index < 0) {
            return null;
        }
        Element removed = elements[index];
        System.arraycopy(elements, index + 1, elements, index, --size - index);
        Arrays.fill(elements, size, size + 1, null);
        if (tag == Tag.SPECIFIC_CHARACTER_SET) {
            characterSet = null;
        }
        return removed;
    }

    /** In ascending order of tags. The data set must not be changed meanwhile. */
    @Override
    public Iterator<Element> iterator() {
        return Arrays.asList(elements).subList(0, size).iterator();
    }

    private int indexOf(int tag) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compareUnsigned(elements[middle].tag(), tag);
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return ~low;
    }

    // --- the character set

    /** Its own (0008,0005), or the holder's, or the default repertoire. */
    public SpecificCharacterSet characterSet() {
        SpecificCharacterSet own = characterSet;
        if (own == null) {
            Element element = get(Tag.SPECIFIC_CHARACTER_SET);
            if (element == null || element.isEmpty()) {
                // Not kept: the holder may change its own later.
                return parent == null ? SpecificCharacterSet.DEFAULT : parent.characterSet();
            }
            own = SpecificCharacterSet.of(Values.strings(element, SpecificCharacterSet.DEFAULT));
            characterSet = own;
        }
        return own;
    }

    /** The data set that holds this item, or null. */
    public @Nullable Dataset parent() {
        return parent;
    }

    // --- reading values

    /** The first value without its padding (PS3.5 §6.2), or null if it is absent or empty. */
    public @Nullable String getString(int tag) {
        List<String> values = getStrings(tag);
        return values.isEmpty() || values.getFirst().isEmpty() ? null : values.getFirst();
    }

    public String getString(int tag, String fallback) {
        String value = getString(tag);
        return value == null ? fallback : value;
    }

    /** All values without their padding; empty ones in between are kept as "". Numbers are given in decimal. */
    public List<String> getStrings(int tag) {
        Element element = get(tag);
        return element == null ? List.of() : Values.strings(element, characterSet());
    }

    /** The first value of a numeric VR, IS or DS, or the fallback if there is none that fits an int. */
    public int getInt(int tag, int fallback) {
        long value = getLong(tag, Long.MIN_VALUE);
        return value == (int) value ? (int) value : fallback;
    }

    /** As {@link #getInt}; a UV beyond the range of a long is negative. */
    public long getLong(int tag, long fallback) {
        Element element = get(tag);
        return element == null ? fallback : Values.firstLong(element, fallback);
    }

    public double getDouble(int tag, double fallback) {
        Element element = get(tag);
        return element == null ? fallback : Values.firstDouble(element, fallback);
    }

    /** The first value of DS, IS or a numeric VR, exactly; null if there is none or it is no finite number. */
    public @Nullable BigDecimal getDecimal(int tag) {
        Element element = get(tag);
        return element == null ? null : Values.firstDecimal(element);
    }

    /** All values; one that is no whole number is 0. Tags (AT) are given as {@link Tag}s. */
    public int[] getInts(int tag) {
        return Arrays.stream(getLongs(tag)).mapToInt(value -> (int) value).toArray();
    }

    public long[] getLongs(int tag) {
        Element element = get(tag);
        return element == null ? new long[0] : Values.longs(element);
    }

    /** All values; one that is no number is NaN. */
    public double[] getDoubles(int tag) {
        Element element = get(tag);
        return element == null ? new double[0] : Values.doubles(element);
    }

    /** The value's little-endian bytes as they are kept, or null if there is no such element. */
    public byte @Nullable [] getBytes(int tag) {
        Element element = get(tag);
        return element == null ? null : element.bytes();
    }

    public List<Dataset> getItems(int tag) {
        Element element = get(tag);
        return element == null ? List.of() : element.items();
    }

    /** The first item, or null if there is none. */
    public @Nullable Dataset getItem(int tag) {
        List<Dataset> items = getItems(tag);
        return items.isEmpty() ? null : items.getFirst();
    }

    // --- writing values

    /** Sets text (or a number written in decimal, of any VR), encoded in the present character set; none empties it. */
    public Dataset setString(int tag, VR vr, String... values) {
        return setStrings(tag, vr, List.of(values));
    }

    /** @throws IllegalArgumentException if the VR cannot hold text, or a number is not one or out of the VR's range */
    public Dataset setStrings(int tag, VR vr, List<String> values) {
        // Specific Character Set itself is written in the default repertoire, whatever it was before.
        return setBytes(tag, vr, Values.encodeStrings(tag, vr, values, characterSet()));
    }

    /** @throws IllegalArgumentException if the VR is not of numbers or tags, nor IS or DS, or a value is out of its range */
    public Dataset setInts(int tag, VR vr, int... values) {
        return setLongs(tag, vr, Arrays.stream(values).asLongStream().toArray());
    }

    /** As {@link #setInts}. */
    public Dataset setLongs(int tag, VR vr, long... values) {
        return setBytes(tag, vr, Values.encodeLongs(tag, vr, values));
    }

    /** Sets FD, FL or DS. */
    public Dataset setDoubles(int tag, VR vr, double... values) {
        return setBytes(tag, vr, Values.encodeDoubles(tag, vr, values));
    }

    /** @param bytes in little endian; kept, not copied */
    public Dataset setBytes(int tag, VR vr, byte[] bytes) {
        return set(Element.ofBytes(tag, vr, bytes));
    }

    public Dataset setItems(int tag, Dataset... items) {
        return set(Element.ofItems(tag, List.of(items)));
    }

    /** Adds an empty item to a sequence, which is made if it is not there, and returns it. */
    public Dataset addItem(int tag) {
        Element sequence = get(tag);
        if (sequence == null || !sequence.isSequence()) {
            sequence = Element.ofItems(tag, List.of());
            set(sequence);
        }
        Dataset item = new Dataset();
        item.parent = this;
        sequence.add(item);
        return item;
    }

    // --- private elements, PS3.5 §7.8

    /** Who owns a private tag's block here, or null if nobody or if the tag is not private. */
    public @Nullable String privateCreator(int tag) {
        int creator = Tag.creatorOf(tag);
        return creator == 0 ? null : getString(creator);
    }

    /**
     * Where a creator's element is in this data set.
     *
     * @param tag the odd group, and the element's two low digits, as conformance statements print it: {@code (0019,xx0A)}
     * @return its full tag, or -1 if the creator has no block in that group
     */
    public int privateTag(String creator, int tag) {
        int group = tag & 0xFFFF_0000;
        for (int block = 0x10; block <= 0xFF; block++) {
            if (creator.equals(getString(group | block))) {
                return group | (block << 8) | (tag & 0xFF);
            }
        }
        return -1;
    }

    /**
     * As {@link #privateTag}, but reserves the first free block if the creator has none yet.
     *
     * @throws IllegalArgumentException if the group is even, or has no free block left
     */
    public int reservePrivateTag(String creator, int tag) {
        if (!Tag.isPrivate(tag)) {
            throw new IllegalArgumentException(Tag.toString(tag) + " is not private: its group is even");
        }
        int known = privateTag(creator, tag);
        int group = tag & 0xFFFF_0000;
        for (int block = 0x10; known == -1 && block <= 0xFF; block++) {
            if (!contains(group | block)) {
                setString(group | block, VR.LO, creator);
                return group | (block << 8) | (tag & 0xFF);
            }
        }
        if (known == -1) {
            throw new IllegalArgumentException("All 240 blocks of private group " + Tag.toString(group) + " are taken");
        }
        return known;
    }

    // --- values

    /** The same elements in the same order; where the data set is held does not matter. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Dataset that && Arrays.equals(elements, 0, size, that.elements, 0, that.size);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (Element element : this) {
            hash = 31 * hash + element.hashCode();
        }
        return hash;
    }

    /** Tags, VRs and sizes only: values may be a patient's. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach(element -> text.append(text.isEmpty() ? "" : ", ").append(element));
        return text.toString();
    }
}
