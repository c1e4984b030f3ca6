// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dozo.forward.rules.Rule;
import org.dozo.jobs.Lease;
import org.dozo.sending.Wishes;

/**
 * What one job is to send now.
 *
 * @param items at most {@link #MOST_ITEMS}
 * @param later how long until more of it is due; zero for at once, negative for nothing
 * @param why what keeps the rest back, for operators; empty for nothing but its time
 */
record Parcel(Lease lease, long deliveryId, List<Item> items, Duration later, String why) {

    /** So that a study of thousands does not keep the others of its destination waiting. */
    static final int MOST_ITEMS = 1000;

    static final Duration NEVER = Duration.ofMillis(-1);

    /**
     * An object for a destination.
     *
     * @param rule whose options count; empty for none
     */
    record Item(long deliveryId, long instanceId, long objectId, Optional<Rule> rule) {

        Wishes wishes() {
            return rule.map(Rule::handling)
                    .map(each -> new Wishes(each.coercion().replacements(), each.transferSyntaxes()))
                    .orElse(Wishes.NONE);
        }
    }

    Parcel {
        items = List.copyOf(items);
    }
}
