// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/** What {@code /metrics} says of objects coming in. */
@Singleton
public class IngestMetrics {

    private final MeterRegistry meters;
    private final Timer store;
    private final Timer stage;
    private final Timer transaction;
    private final Counter bytes;

    @Inject
    public IngestMetrics(MeterRegistry meters) {
        this.meters = meters;
        store = timer("dozo.store.duration", "From the first byte of a data set to the answer");
        stage = timer("dozo.store.stage", "Reading the data set from the sender and making it durable");
        transaction = timer("dozo.store.transaction", "The transaction that records an object, with its commit");
        bytes = Counter.builder("dozo.store.bytes")
                .description("Bytes of the data sets taken")
                .baseUnit("bytes")
                .register(meters);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(meters);
    }

    /** One request is answered with a DIMSE status. */
    void answered(int status, long startNanos) {
        meters.counter("dozo.store.answers", "status", "%04X".formatted(status)).increment();
        store.record(Duration.ofNanos(System.nanoTime() - startNanos));
    }

    void staged(long dataSetBytes, long startNanos) {
        bytes.increment((double) dataSetBytes);
        stage.record(Duration.ofNanos(System.nanoTime() - startNanos));
    }

    void recorded(long startNanos) {
        transaction.record(Duration.ofNanos(System.nanoTime() - startNanos));
    }
}
