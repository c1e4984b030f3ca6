// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryPlanTest {

    private static RetryPlan plan(double multiplier, double jitter) {
        return new RetryPlan(5, Duration.ofSeconds(10), multiplier, Duration.ofMinutes(1), jitter);
    }

    @Test
    void theDelayGrowsUpToItsCap() {
        RetryPlan plan = plan(2, 0);
        assertEquals(Duration.ofSeconds(10), plan.after(1));
        assertEquals(Duration.ofSeconds(40), plan.after(3));
        assertEquals(Duration.ofMinutes(1), plan.after(4));
        assertEquals(Duration.ofMinutes(1), plan.after(1000));
    }

    @Test
    void chanceSpreadsTheDelayWithinItsShare() {
        RetryPlan plan = plan(1, 0.5);
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 1000; i++) {
            long millis = plan.after(1).toMillis();
            least = Math.min(least, millis);
            most = Math.max(most, millis);
        }
        assertTrue(least >= 5000 && most <= 15000, least + " to " + most);
        assertTrue(most - least > 5000, least + " to " + most);
    }

    @Test
    void aPlanThatMakesNoSenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> plan(0.5, 0));
        assertThrows(IllegalArgumentException.class, () -> plan(1, 1.5));
        assertThrows(IllegalArgumentException.class, () -> new RetryPlan(0, Duration.ZERO, 1, Duration.ZERO, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new RetryPlan(1, Duration.ofSeconds(2), 1, Duration.ofSeconds(1), 0));
    }
}
