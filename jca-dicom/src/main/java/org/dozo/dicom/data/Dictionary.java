// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.data;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The data elements of PS3.6 §6 to §9. Signatures first. */
public final class Dictionary {

    private Dictionary() {}

    /** The VR to read an implicit VR element with; UN if unknown. */
    public static VR vr(int tag) {
        return VR.UN;
    }

    /** All VRs the standard allows; empty if unknown. */
    public static List<VR> vrs(int tag) {
        return List.of();
    }

    public static @Nullable String keyword(int tag) {
        return null;
    }

    public static @Nullable String name(int tag) {
        return null;
    }

    public static @Nullable String vm(int tag) {
        return null;
    }

    public static boolean isRetired(int tag) {
        return false;
    }

    public static OptionalInt tag(String keyword) {
        return OptionalInt.empty();
    }
}
