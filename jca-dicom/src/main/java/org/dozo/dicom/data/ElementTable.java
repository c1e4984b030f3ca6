// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code data-elements.tsv}, kept as one text and found by an open hash over the tags. A tag of a repeating group
 * stands in the hash with its variable digits at zero; a look-up tries the tag itself, then the tag under each of the few
 * masks that occur.
 */
final class ElementTable {

    private static final int SLOTS = 1 << 14;
    private static final int CAPACITY = SLOTS / 2;
    private static final int TAG_DIGITS = 8;

    private final String text;
    private final int[] starts = new int[CAPACITY];
    private final int[] tags = new int[CAPACITY];
    private final int[] masks = new int[CAPACITY];
    private final List<List<VR>> vrs = new ArrayList<>(CAPACITY);
    private final short[] slots = new short[SLOTS];
    private final int[] wildcardMasks;

    /** @param text a line for each element: tag, VR, VM, keyword, name, retired, between tabs */
    ElementTable(String text) {
        this.text = text;
        Map<String, List<VR>> known = new HashMap<>();
        for (int start = 0; start < text.length(); start = text.indexOf('\n', start) + 1) {
            if (text.charAt(start) != '#') {
                add(start, known);
            }
        }
        this.wildcardMasks = wildcardMasks();
    }

    private void add(int start, Map<String, List<VR>> known) {
        int row = vrs.size();
        int tag = 0;
        int mask = 0;
        for (int i = start; i < start + TAG_DIGITS; i++) {
            char c = text.charAt(i);
            tag = tag << 4 | (c == 'x' ? 0 : Character.digit(c, 16));
            mask = mask << 4 | (c == 'x' ? 0 : 0xF);
        }
        starts[row] = start;
        tags[row] = tag;
        masks[row] = mask;
        vrs.add(known.computeIfAbsent(field(row, 1), ElementTable::vrs));
        int slot = slot(tag);
        while (slots[slot] != 0) {
            slot = (slot + 1) % SLOTS;
        }
        slots[slot] = (short) (row + 1);
    }

    private static List<VR> vrs(String column) {
        return column.equals("-")
                ? List.of()
                : Arrays.stream(column.split("/")).map(VR::valueOf).toList();
    }

    private int[] wildcardMasks() {
        int[] distinct = new int[0];
        for (int row = 0; row < size(); row++) {
            int mask = masks[row];
            boolean known = mask == -1;
            for (int each : distinct) {
                known |= each == mask;
            }
            if (!known) {
                distinct = Arrays.copyOf(distinct, distinct.length + 1);
                distinct[distinct.length - 1] = mask;
            }
        }
        return distinct;
    }

    private static int slot(int tag) {
        return (tag * 0x9E3779B1) >>> 18;
    }

    int size() {
        return vrs.size();
    }

    /** The row of a tag, or -1. */
    int row(int tag) {
        int row = find(tag, -1);
        // The odd groups among 50xx, 60xx and 7Fxx are private, and a group's length is never a member of the
        // repetition.
        if (row >= 0 || (tag & 0x10000) != 0 || (tag & 0xFFFF) == 0) {
            return row;
        }
        for (int mask : wildcardMasks) {
            row = find(tag & mask, mask);
            if (row >= 0) {
                return row;
            }
        }
        return -1;
    }

    private int find(int tag, int mask) {
        int slot = slot(tag);
        while (slots[slot] != 0) {
            int row = slots[slot] - 1;
            if (tags[row] == tag && masks[row] == mask) {
                return row;
            }
            slot = (slot + 1) % SLOTS;
        }
        return -1;
    }

    /** A row's tag; of a repetition the first, unless that is an element of its own or a group length. */
    int firstMember(int row) {
        return row(tags[row]) == row ? tags[row] : tags[row] | Integer.lowestOneBit(~masks[row]);
    }

    List<VR> vrs(int row) {
        return vrs.get(row);
    }

    String vm(int row) {
        return field(row, 2);
    }

    @Nullable
    String keyword(int row) {
        return blankAsNull(field(row, 3));
    }

    @Nullable
    String name(int row) {
        return blankAsNull(field(row, 4));
    }

    boolean isRetired(int row) {
        return !field(row, 5).isEmpty();
    }

    /** The tags of all keywords. */
    Map<String, Integer> tagsByKeyword() {
        Map<String, Integer> byKeyword = HashMap.newHashMap(size());
        for (int row = 0; row < size(); row++) {
            String keyword = keyword(row);
            if (keyword != null) {
                byKeyword.put(keyword, firstMember(row));
            }
        }
        return byKeyword;
    }

    private String field(int row, int column) {
        int end = text.indexOf('\n', starts[row]);
        int from = starts[row];
        for (int i = 0; i < column; i++) {
            from = text.indexOf('\t', from) + 1;
            if (from == 0 || from > end) {
                return "";
            }
        }
        int tab = text.indexOf('\t', from);
        return text.substring(from, tab < 0 || tab > end ? end : tab);
    }

    private static @Nullable String blankAsNull(String field) {
        return field.isEmpty() ? null : field;
    }
}
