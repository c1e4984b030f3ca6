// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The most urgent job of each lane of one kind, as far as a node knows: to look at a hundred lanes takes longer than to lease. What other
 * nodes have announced or taken meanwhile is seen at the next look. For one thread: not thread-safe.
 */
final class LaneHeads {

    /** How long it is believed: so much later at most, STAT of other nodes is seen by one that has its hands full. */
    private static final Duration LIFETIME = Duration.ofMillis(200);

    private static final Comparator<Head> MOST_URGENT_FIRST =
            Comparator.comparingInt(Head::priority).reversed().thenComparing(Head::dueAt);

    /** What a lane begins with. */
    record Head(String lane, int priority, Instant dueAt) {}

    private final List<Head> heads = new ArrayList<>();
    private long lookedNanos;
    private boolean old = true;
    /** Nothing was taken or announced since the look. */
    private boolean untouched;

    boolean isOld() {
        return old || System.nanoTime() - lookedNanos > LIFETIME.toNanos();
    }

    boolean isNew() {
        return untouched;
    }

    /** Somebody may have announced something. */
    void doubt() {
        untouched = false;
    }

    /** Somebody may have announced what goes first. */
    void forget() {
        old = true;
    }

    /** What a look has found. */
    void replace(List<Head> found) {
        heads.clear();
        heads.addAll(found);
        lookedNanos = System.nanoTime();
        old = false;
        untouched = true;
    }

    /** The most urgent of the other lanes, if it is urgent enough. */
    @Nullable
    Head first(Set<String> without, int least) {
        return heads.stream()
                .filter(head -> head.priority() >= least && !without.contains(head.lane()))
                .min(MOST_URGENT_FIRST)
                .orElse(null);
    }

    /**
     * What a lease has left of a lane.
     *
     * @param head null for nothing, or for nothing that is known
     */
    void set(String lane, @Nullable Head head) {
        untouched = false;
        heads.removeIf(each -> each.lane().equals(lane));
        if (head != null) {
            heads.add(head);
        }
    }
}
