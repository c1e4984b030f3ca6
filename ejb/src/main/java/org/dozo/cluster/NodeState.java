// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import java.util.Locale;

/** Where a node is in its life. */
public enum NodeState {
    /** Something that it needs is not there yet, or is gone: the database, its schema, enough volumes. */
    NOT_READY,
    READY,
    /** It takes no new work and finishes what it has. */
    DRAINING,
    /** It has ended in order. */
    STOPPED,
    /** Silent for so long that the others have given it up. */
    LOST;

    /** Whether its process should be there. */
    boolean isAlive() {
        return this == NOT_READY || this == READY || this == DRAINING;
    }

    /** As it stands in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
