// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static Duration timeOf(Pace pace, int portions, int objects) throws InterruptedException {
        long start = System.nanoTime();
        for (int i = 0; i < portions; i++) {
            pace.await(objects, () -> false);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void soManyObjectsTakeSoLong() throws Exception {
        // 20 at 40 a second.
        Duration taken = timeOf(new Pace(40), 4, 5);
        assertTrue(taken.toMillis() >= 500, taken.toString());
    }

    @Test
    void withoutALimitNothingIsWaitedFor() throws Exception {
        Duration taken = timeOf(new Pace(0), 4, 1_000_000);
        assertTrue(taken.toSeconds() < 60, taken.toString());
        assertEquals(100, new Pace(0).portion(100));
    }

    @Test
    void portionsComeEvenly() {
        assertEquals(20, new Pace(10).portion(100));
        assertEquals(100, new Pace(1000).portion(100));
        assertEquals(1, new Pace(0.1).portion(100));
    }

    @Test
    void whoeverIsHaltedWaitsNoLonger() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        new Pace(0.001).await(1, () -> asked.incrementAndGet() > 1);
        assertEquals(2, asked.get());
    }
}
