// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Sends object after object, each again until it is acknowledged, on one association for as long as it lasts. */
final class Modality implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 100_000_000;

    private final DozoNode cluster;
    private final String title;
    private Optional<Sender> association = Optional.empty();

    /** @param title of its AE */
    Modality(DozoNode cluster, String title) {
        this.cluster = cluster;
        this.title = title;
    }

    /** Returns when it is acknowledged. */
    void send(TestObject object) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String fault;
        do {
            try {
                var answer = sender().store(object);
                if (answer.isDone()) {
                    return;
                }
                fault = answer.toString();
            } catch (IOException e) {
                hangUp();
                fault = e.toString();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        } while (System.nanoTime() < deadline);
        throw new AssertionError(title + " was not let store within " + PATIENCE + ": " + fault);
    }

    private Sender sender() throws IOException {
        if (association.isEmpty()) {
            association = Optional.of(Sender.open(cluster, title, List.of(Sender.CT)));
        }
        return association.get();
    }

    /** The next object goes on a new association, maybe to another node. */
    void hangUp() {
        association.ifPresent(Sender::close);
        association = Optional.empty();
    }

    @Override
    public void close() {
        hangUp();
    }
}
