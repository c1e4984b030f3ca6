// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RefreshedTest {

    @Test
    void aSourceThatHangsIsWaitedForOnlySoLongAndAskedOnce() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        Refreshed<Integer> value = new Refreshed<>(
                () -> {
                    int number = asked.incrementAndGet();
                    if (number > 1) {
                        never.await();
                    }
                    return number;
                },
                Duration.ZERO,
                Duration.ofSeconds(1));
        assertEquals(Optional.of(1), value.get());
        long start = System.nanoTime();
        assertEquals(Optional.of(1), value.get());
        assertEquals(Optional.of(1), value.get());
        assertEquals(2, asked.get());
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 10_000);
        never.countDown();
    }

    @Test
    void aSourceThatFailsLeavesTheOldValueOrNone() {
        AtomicInteger asked = new AtomicInteger();
        Refreshed<Integer> value = new Refreshed<>(
                () -> {
                    if (asked.incrementAndGet() != 2) {
                        throw new IllegalStateException("no");
                    }
                    return 2;
                },
                Duration.ZERO,
                Duration.ofSeconds(5));
        assertEquals(Optional.empty(), value.get());
        assertEquals(Optional.of(2), value.get());
        assertEquals(Optional.of(2), value.get());
    }

    @Test
    void aYoungValueIsNotAskedForAgainUntilItIsForgotten() {
        AtomicInteger asked = new AtomicInteger();
        Refreshed<Integer> value = new Refreshed<>(asked::incrementAndGet, Duration.ofHours(1), Duration.ofSeconds(5));
        assertEquals(Optional.of(1), value.get());
        assertEquals(Optional.of(1), value.get());
        value.forget();
        assertEquals(Optional.of(2), value.get());
    }
}
