// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.dozo.jobs.LaneHeads.Head;
import org.junit.jupiter.api.Test;

class LaneHeadsTest {

    private static final Head A = new Head("A", NewJob.ROUTINE, Instant.EPOCH);
    private static final Head B = new Head("B", NewJob.ROUTINE, Instant.EPOCH.plusSeconds(1));
    private static final Head C = new Head("C", NewJob.STAT, Instant.EPOCH.plusSeconds(2));

    private final LaneHeads heads = new LaneHeads();

    @Test
    void theMostUrgentLaneGoesFirstAndAmongEqualsWhoHasWaitedLongest() {
        heads.replace(List.of(B, A, C));
        assertEquals(C, heads.first(Set.of(), 0));
        assertEquals(A, heads.first(Set.of("C"), 0));
        assertEquals(B, heads.first(Set.of("C", "A"), 0));
        assertNull(heads.first(Set.of("C"), NewJob.STAT));
    }

    @Test
    void aLaneThatWasServedStandsBehindThoseThatWait() {
        heads.replace(List.of(A, B));
        heads.set("A", new Head("A", NewJob.ROUTINE, Instant.EPOCH.plusSeconds(2)));
        assertEquals(B, heads.first(Set.of(), 0));
        heads.set("B", null);
        assertEquals("A", heads.first(Set.of(), 0).lane());
    }

    @Test
    void whatIsKnownIsOldBeforeTheFirstLookAndWhenSomethingUrgentWasAnnounced() {
        assertTrue(heads.isOld());
        heads.replace(List.of(A));
        assertTrue(heads.isNew());
        heads.doubt();
        assertFalse(heads.isNew());
        heads.replace(List.of(A));
        heads.forget();
        assertTrue(heads.isOld());
    }
}
