// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.util.Locale;

/** How it is known that a study was delivered, the strongest first. */
public enum Proof {
    /** The destination has taken the responsibility: storage commitment, PS3.4 §J. */
    COMMITTED,
    /** A C-FIND at the destination has found every object. */
    COUNTED,
    /** The destination has answered each C-STORE with success; it can't be asked. */
    ACKNOWLEDGED;

    /** As it stands in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
