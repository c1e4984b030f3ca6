// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.List;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * Which priors go where when a study arrives or is ordered. Once per study: at the first object that fits.
 *
 * @param name as a {@link Rule}'s; {@code test} and {@code run} are addresses
 * @param condition of the object that arrives, not of the priors
 * @param destinations AE titles of peers, 1 to 100, none twice
 * @param priority of the jobs: 9 STAT, 7 high, 5 routine, 1 bulk; 0 to 9. For what is STAT, the priors are STAT by whatever rule
 */
public record PrefetchRule(
        String name,
        Condition condition,
        PriorsWanted priors,
        List<String> destinations,
        int priority,
        boolean enabled) {

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the field */
    public PrefetchRule {
        destinations = List.copyOf(destinations);
        Rule.requireCommon(name, destinations, priority);
        Rule.require(!name.equals("run"), "name", "another one than run, which is an address of /api/prefetch");
    }
}
