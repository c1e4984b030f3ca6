// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.time.Duration;
import java.util.List;
import org.dozo.index.ObjectKind;

/** The way to one destination, of whatever kind. Thread-safe: several consignments may be carried at the same time. */
public interface Carrier {

    /** The name by which rules know the destination. */
    String name();

    /** Whether the destination is being left alone, so that carrying is no use now. */
    boolean isPaused();

    /** How long it has been failing without a single answer; zero if it is not. */
    Duration troubled();

    /**
     * Brings what is in the consignment, until nothing is left, it is stopped, or the destination is given up: the consignment hears of
     * each object, and in the end that it ended.
     *
     * @param kinds of the objects of the consignment
     */
    void carry(Consignment consignment, List<ObjectKind> kinds);
}
