// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which batches of one kind may begin on this node: see {@link JobKind}. Not thread-safe. */
final class Slots {

    /** A place in hand. */
    record Slot(String lane, boolean reserved) {}

    private final JobKind kind;
    private final Map<String, Integer> ordinary = new HashMap<>();
    /** Lanes with a batch in the place that is kept for STAT. */
    private final Set<String> reserved = new HashSet<>();

    private int taken;

    Slots(JobKind kind) {
        this.kind = kind;
    }

    /** The lanes that may not begin a batch; null if none may. */
    @Nullable
    Set<String> full() {
        if (taken >= 2 * kind.concurrency()) {
            return null;
        }
        int most = taken < kind.concurrency() ? kind.laneConcurrency() : 1;
        Set<String> full = new HashSet<>();
        ordinary.forEach((lane, batches) -> {
            if (batches >= most) {
                full.add(lane);
            }
        });
        return full;
    }

    /** The lanes that may not begin a batch of STAT work beyond the others; null if none may. */
    @Nullable
    Set<String> fullForStat() {
        return reserved.size() >= kind.concurrency() ? null : Set.copyOf(reserved);
    }

    Slot take(String lane, boolean forStat) {
        if (forStat) {
            reserved.add(lane);
        } else {
            ordinary.merge(lane, 1, Integer::sum);
            taken++;
        }
        return new Slot(lane, forStat);
    }

    void free(Slot slot) {
        if (slot.reserved()) {
            reserved.remove(slot.lane());
        } else {
            ordinary.computeIfPresent(slot.lane(), (lane, batches) -> batches == 1 ? null : batches - 1);
            taken--;
        }
    }
}
