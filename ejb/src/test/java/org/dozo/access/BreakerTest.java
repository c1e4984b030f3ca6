// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.dozo.access.Breaker.Leave;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private final AtomicLong clock = new AtomicLong(-5);
    private final Breaker breaker = new Breaker(3, Duration.ofSeconds(30), clock::get);

    private void pause() {
        for (int i = 0; i < 3; i++) {
            breaker.failed();
        }
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void aFewFailuresChangeNothing() {
        assertFalse(breaker.failed());
        assertFalse(breaker.failed());
        assertEquals(Leave.GO, breaker.ask());
    }

    @Test
    void anAnswerForgetsThem() {
        breaker.failed();
        breaker.failed();
        breaker.answered();
        assertFalse(breaker.failed());
        assertEquals(Leave.GO, breaker.ask());
    }

    @Test
    void tooManyInARowEarnAPause() {
        pause();
        assertTrue(breaker.isPaused());
        assertEquals(Leave.STAY, breaker.ask());
        assertEquals(Duration.ofSeconds(30), breaker.left());
    }

    @Test
    void afterThePauseOneTriesItAndTheFloodWaits() {
        pause();
        pass(Duration.ofSeconds(30));
        assertFalse(breaker.isPaused());
        assertEquals(Leave.TRY_FIRST, breaker.ask());
        assertEquals(Leave.STAY, breaker.ask());
        assertTrue(breaker.isPaused());
        breaker.tried(true);
        assertEquals(Leave.GO, breaker.ask());
    }

    @Test
    void aTrialThatFailsIsTheNextPause() {
        pause();
        pass(Duration.ofSeconds(30));
        breaker.ask();
        breaker.tried(false);
        assertEquals(Leave.STAY, breaker.ask());
        assertEquals(Duration.ofSeconds(30), breaker.left());
    }

    @Test
    void whoAnswersEchoesButNothingElseIsLeftAloneAgainAtOnce() {
        pause();
        pass(Duration.ofSeconds(30));
        breaker.ask();
        breaker.tried(true);
        assertTrue(breaker.failed());
        assertEquals(Leave.STAY, breaker.ask());
    }

    @Test
    void whatAnotherNodeLeavesAloneIsLeftAloneHere() {
        breaker.failedElsewhere();
        assertEquals(Leave.STAY, breaker.ask());
        assertEquals(Duration.ofSeconds(30), breaker.left());
    }

    @Test
    void whatAnswersAnotherNodeIsTriedHereAndOneFailureIsEnough() {
        breaker.failedElsewhere();
        breaker.answeredElsewhere();
        assertEquals(Leave.GO, breaker.ask());
        assertTrue(breaker.failed());
        assertEquals(Leave.STAY, breaker.ask());
    }

    @Test
    void itKnowsHowLongTheTroubleHasLasted() {
        assertEquals(Duration.ZERO, breaker.troubled());
        pause();
        pass(Duration.ofMinutes(10));
        breaker.failed();
        assertEquals(Duration.ofMinutes(10), breaker.troubled());
    }
}
