// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code data-elements.tsv}, found by an open hash over the tags. A tag of a repeating group stands in the hash
 * with its variable digits at zero; a look-up tries the tag itself, then the tag under each of the few masks that occur.
 */
final class ElementTable {

    static final int COLUMNS = 6;

    private static final int SLOTS = 1 << 14;

    private final List<String[]> rows;
    private final int[] tags;
    private final int[] masks;
    private final List<List<VR>> vrs;
    private final short[] slots = new short[SLOTS];
    private final int[] wildcardMasks;
    private final Map<String, Integer> byKeyword;

    ElementTable(List<String[]> rows) {
        this.rows = rows;
        this.tags = new int[rows.size()];
        this.masks = new int[rows.size()];
        this.vrs = new ArrayList<>(rows.size());
        this.byKeyword = HashMap.newHashMap(rows.size());
        Map<String, List<VR>> known = new HashMap<>();
        for (int row = 0; row < tags.length; row++) {
            String[] fields = rows.get(row);
            tags[row] = Integer.parseUnsignedInt(fields[0].replace('x', '0'), 16);
            masks[row] = mask(fields[0]);
            vrs.add(known.computeIfAbsent(fields[1], ElementTable::vrs));
            insert(row);
        }
        this.wildcardMasks =
                Arrays.stream(masks).filter(mask -> mask != -1).distinct().toArray();
        for (int row = 0; row < tags.length; row++) {
            if (!rows.get(row)[3].isEmpty()) {
                byKeyword.put(rows.get(row)[3], firstMember(row));
            }
        }
    }

    private static int mask(String pattern) {
        int mask = 0;
        for (int i = 0; i < pattern.length(); i++) {
            mask = mask << 4 | (pattern.charAt(i) == 'x' ? 0 : 0xF);
        }
        return mask;
    }

    private static List<VR> vrs(String column) {
        return column.equals("-")
                ? List.of()
                : Arrays.stream(column.split("/")).map(VR::valueOf).toList();
    }

    /** A row's tag; of a repetition the first, unless that is an element of its own or a group length. */
    private int firstMember(int row) {
        return row(tags[row]) == row ? tags[row] : tags[row] | Integer.lowestOneBit(~masks[row]);
    }

    private static int slot(int tag) {
        return (tag * 0x9E3779B1) >>> 18;
    }

    private void insert(int row) {
        int slot = slot(tags[row]);
        while (slots[slot] != 0) {
            slot = (slot + 1) % SLOTS;
        }
        slots[slot] = (short) (row + 1);
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

    List<VR> vrs(int row) {
        return vrs.get(row);
    }

    @Nullable
    String keyword(int row) {
        return blankAsNull(rows.get(row)[3]);
    }

    @Nullable
    String name(int row) {
        return blankAsNull(rows.get(row)[4]);
    }

    String vm(int row) {
        return rows.get(row)[2];
    }

    boolean isRetired(int row) {
        return !rows.get(row)[5].isEmpty();
    }

    OptionalInt tag(String keyword) {
        Integer tag = byKeyword.get(keyword);
        return tag == null ? OptionalInt.empty() : OptionalInt.of(tag);
    }

    private static @Nullable String blankAsNull(String field) {
        return field.isEmpty() ? null : field;
    }
}
