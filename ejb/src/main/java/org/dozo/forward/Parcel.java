// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.time.Duration;
import java.util.List;
import org.dozo.jobs.Lease;

/**
 * What one job is to send now.
 *
 * @param items at most {@link #MOST_ITEMS}
 * @param later how long until more of it is due; zero for at once, negative for nothing
 */
record Parcel(Lease lease, long deliveryId, List<Item> items, Duration later) {

    /** So that a study of thousands does not keep the others of its destination waiting. */
    static final int MOST_ITEMS = 1000;

    static final Duration NEVER = Duration.ofMillis(-1);

    /** An object for a destination. */
    record Item(long deliveryId, long instanceId, long objectId) {}

    Parcel {
        items = List.copyOf(items);
    }
}
