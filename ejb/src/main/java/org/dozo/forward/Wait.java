// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.dozo.forward.rules.Rule;
import org.dozo.jobs.Window;

/**
 * For what rules nothing is sent now, since their windows are closed.
 *
 * @param rules by name; empty if nobody waits
 * @param opening how long until the first of them opens, or is to be looked at again
 * @param why for operators; empty if nobody waits
 */
record Wait(List<String> rules, Duration opening, String why) {

    /** A window may be changed, or the clock put forward, while it is waited for. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    static Wait of(Collection<Rule> rules, LocalTime now) {
        List<String> closed = new ArrayList<>();
        Duration opening = LONGEST;
        String why = "";
        for (Rule rule : rules) {
            Window window = rule.handling().window().orElse(null);
            if (window != null && !window.contains(now)) {
                closed.add(rule.name());
                Duration until = window.untilOpen(now);
                opening = until.compareTo(opening) < 0 ? until : opening;
                why = "It waits for the window " + window + " of rule " + rule.name() + "; what is STAT does not";
            }
        }
        return new Wait(List.copyOf(closed), opening, why);
    }

    boolean isNone() {
        return rules.isEmpty();
    }
}
