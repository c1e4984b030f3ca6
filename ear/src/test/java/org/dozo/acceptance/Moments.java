// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListSet;

/** When something went well, by {@link System#nanoTime}. Thread-safe. */
final class Moments {

    private final ConcurrentSkipListSet<Long> nanos = new ConcurrentSkipListSet<>();

    /** Now. */
    void add() {
        nanos.add(System.nanoTime());
    }

    int count() {
        return nanos.size();
    }

    boolean isAnyAfter(long moment) {
        return nanos.higher(moment) != null;
    }

    /** How long after that moment it went well again. */
    Duration firstAfter(long moment) {
        Long next = nanos.higher(moment);
        if (next == null) {
            throw new AssertionError("Nothing went well after that");
        }
        return Duration.ofNanos(next - moment);
    }

    /** The longest time without, from that moment on to the last one. */
    Duration longestSilenceSince(long moment) {
        long longest = 0;
        long before = moment;
        for (long next : nanos.tailSet(moment)) {
            longest = Math.max(longest, next - before);
            before = next;
        }
        return Duration.ofNanos(longest);
    }
}
