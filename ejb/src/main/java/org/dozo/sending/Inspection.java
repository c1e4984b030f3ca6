// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.util.Set;

/**
 * What a look at a destination has shown.
 *
 * @param missing SOP Instance UIDs of what is not there, or not as it was brought; empty with {@link Depth#NONE}
 * @param fault the reason of the first of them, without patient data; empty if there is none
 */
public record Inspection(Depth depth, Set<String> missing, String fault) {

    /** How closely was looked. */
    public enum Depth {
        /** The destination can't be looked at. */
        NONE,
        /** It names every object that it has. */
        NAMES,
        /** Every object was read again, or the destination told its digest, and it was compared. */
        DIGESTS
    }

    static final Inspection IMPOSSIBLE = new Inspection(Depth.NONE, Set.of(), "");

    public Inspection {
        missing = Set.copyOf(missing);
    }
}
