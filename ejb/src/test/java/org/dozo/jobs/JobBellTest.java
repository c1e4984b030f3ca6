// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.dozo.shared.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobBellTest {

    private final ConcurrentLinkedQueue<String> pulls = new ConcurrentLinkedQueue<>();
    private final JobBell bell = new JobBell((kind, priority) -> pulls.add(kind + " " + priority));

    @AfterEach
    void close() {
        bell.stop();
    }

    private void awaitPulls(int number) throws Exception {
        Await.until(number + " pulls", () -> pulls.size() >= number);
    }

    @Test
    void aThousandRingsAreOneMessageUntilItIsHeard() throws Exception {
        for (int i = 0; i < 1000; i++) {
            bell.ring("arrival", NewJob.ROUTINE);
        }
        bell.start();
        awaitPulls(1);
        bell.ring("arrival", NewJob.ROUTINE);
        bell.heard("arrival");
        bell.ring("arrival", NewJob.ROUTINE);
        bell.ring("forward", NewJob.BULK);
        awaitPulls(3);
        assertEquals(List.of("arrival 5", "arrival 5", "forward 1"), List.copyOf(pulls));
    }

    @Test
    void whatIsMoreUrgentRingsAgain() throws Exception {
        bell.start();
        bell.ring("forward", NewJob.ROUTINE);
        awaitPulls(1);
        bell.ring("forward", NewJob.BULK);
        bell.ring("forward", NewJob.STAT);
        awaitPulls(2);
        assertEquals(List.of("forward 5", "forward 9"), List.copyOf(pulls));
    }

    @Test
    void aBrokerThatComesBackIsUsedAgain() throws Exception {
        JobBell failing = new JobBell((kind, priority) -> {
            pulls.add(kind);
            if (pulls.size() == 1) {
                throw new IllegalStateException("no broker");
            }
        });
        failing.start();
        failing.ring("forward", NewJob.ROUTINE);
        awaitPulls(1);
        failing.forget();
        failing.ring("forward", NewJob.ROUTINE);
        awaitPulls(2);
        failing.stop();
    }
}
