// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The data elements of PS3.6 §6 to §9 and the command elements of PS3.7 E, by tag (group in the upper 16 bits) and by
 * keyword. The facts are in {@code data-elements.tsv}, which names its edition and source; they are read at the first
 * question. Private elements are unknown here, but for their creators.
 */
public final class Dictionary {

    private Dictionary() {}

    private static final class Lazy {
        static final ElementTable TABLE = new ElementTable(DataFile.text("data-elements.tsv"));
    }

    private static final class LazyKeywords {
        static final Map<String, Integer> TAGS = Lazy.TABLE.tagsByKeyword();
    }

    /**
     * The VR to read an element with whose VR is not transmitted (implicit VR): UN if unknown, UL for any group length, LO
     * for a private creator. Where the standard allows several, OW if it is one of them (PS3.5 A.1), else US: the real one
     * depends on Pixel Representation, see {@link #vrs}.
     */
    public static VR vr(int tag) {
        List<VR> vrs = vrs(tag);
        if (vrs.isEmpty()) {
            return VR.UN;
        }
        return vrs.contains(VR.OW) ? VR.OW : vrs.getFirst();
    }

    /** All VRs the standard allows for it, in the standard's order; empty if unknown, or an item or delimiter. */
    public static List<VR> vrs(int tag) {
        int row = Lazy.TABLE.row(tag);
        if (row >= 0) {
            return Lazy.TABLE.vrs(row);
        }
        if (isGroupLength(tag)) {
            return List.of(VR.UL);
        }
        return isPrivateCreator(tag) ? List.of(VR.LO) : List.of();
    }

    /** Its keyword, as {@code PatientName}; null if unknown. All members of a repeating group share one. */
    public static @Nullable String keyword(int tag) {
        int row = Lazy.TABLE.row(tag);
        return row < 0 ? null : Lazy.TABLE.keyword(row);
    }

    /** Its name, as {@code Patient's Name}; null if unknown. */
    public static @Nullable String name(int tag) {
        int row = Lazy.TABLE.row(tag);
        return row < 0 ? null : Lazy.TABLE.name(row);
    }

    /** Its value multiplicity as PS3.6 writes it ({@code 1}, {@code 1-n}, {@code 2-2n}); null if unknown. */
    public static @Nullable String vm(int tag) {
        int row = Lazy.TABLE.row(tag);
        return row < 0 ? null : Lazy.TABLE.vm(row);
    }

    /** Whether the standard knows it and has retired it. */
    public static boolean isRetired(int tag) {
        int row = Lazy.TABLE.row(tag);
        return row >= 0 && Lazy.TABLE.isRetired(row);
    }

    /** The tag of a keyword (case counts); of a repeating group, its first member. */
    public static OptionalInt tag(String keyword) {
        Integer tag = LazyKeywords.TAGS.get(keyword);
        return tag == null ? OptionalInt.empty() : OptionalInt.of(tag);
    }

    /** All keywords, each once, in no order. */
    public static Set<String> keywords() {
        return Collections.unmodifiableSet(LazyKeywords.TAGS.keySet());
    }

    private static boolean isGroupLength(int tag) {
        return (tag & 0xFFFF) == 0;
    }

    private static boolean isPrivateCreator(int tag) {
        int element = tag & 0xFFFF;
        return (tag >>> 16 & 1) == 1 && element >= 0x10 && element <= 0xFF;
    }
}
