// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.util.Locale;

/** How far the delivery of a study to a destination is. */
public enum DeliveryState {
    QUEUED,
    SENDING,
    /** All objects were acknowledged; they are being asked for. */
    SENT,
    /** Delivered; {@link Proof} says how that is known. */
    VERIFIED,
    /** Some objects are given up until somebody tries again. */
    FAILED,
    /** Nothing of it is to be sent: it came from there. */
    SKIPPED;

    /** As it stands in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
