// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long a node was away after each of its deaths: until it said it was ready, and until it acknowledged an object again. */
final class Outages {

    private final Load load;
    private final List<Long> deaths = new ArrayList<>();
    private Duration ready = Duration.ZERO;

    Outages(Load load) {
        this.load = load;
    }

    /** The node died a moment ago, or dies now. */
    void died() {
        deaths.add(System.nanoTime());
    }

    /** The node is ready again after its last death. */
    void ready() {
        Duration took = Duration.ofNanos(System.nanoTime() - deaths.getLast());
        ready = took.compareTo(ready) > 0 ? took : ready;
    }

    int count() {
        return deaths.size();
    }

    Duration slowestReady() {
        return ready;
    }

    /** From a death to the next object acknowledged; to be asked when the senders have stored something after the last. */
    Duration slowestStore() {
        return deaths.stream()
                .map(load::firstStoredAfter)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
