// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.util.Locale;

/** How it is known that a study was delivered, the strongest first. */
public enum Proof {
    /** The destination has taken the responsibility: storage commitment, PS3.4 §J. */
    COMMITTED,
    /** Every object was read again where it is, and its digest is that of what was to be brought: a folder. */
    COMPARED,
    /** A C-FIND or QIDO-RS at the destination has found every object. */
    COUNTED,
    /** The destination has answered for each object with success; it can't be asked. */
    ACKNOWLEDGED;

    /** As it stands in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
