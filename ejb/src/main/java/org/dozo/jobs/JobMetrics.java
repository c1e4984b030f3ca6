// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What {@code /metrics} says of one kind of job: on this node what was done, in the whole archive what is to be done. */
final class JobMetrics {

    private final Timer batch;
    private final Counter done;
    private final Counter failed;
    private final Counter dead;
    private final Counter bells;
    private final AtomicInteger running = new AtomicInteger();

    JobMetrics(MeterRegistry registry, String kind, JobCensus census) {
        batch = Timer.builder("dozo.jobs.batch")
                .description("A handler's work on one batch of jobs")
                .tag("kind", kind)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(10))
                .register(registry);
        done = counter(registry, "dozo.jobs.done", "Jobs that this node has done", kind);
        failed = counter(registry, "dozo.jobs.failed", "Attempts of this node that failed", kind);
        dead = counter(registry, "dozo.jobs.dead", "Jobs that this node has given up", kind);
        bells = counter(registry, "dozo.jobs.bells", "Messages of the broker that told of work", kind);
        Gauge.builder("dozo.jobs.running", running, AtomicInteger::get)
                .description("Batches at work on this node")
                .tag("kind", kind)
                .register(registry);
        Gauge.builder("dozo.jobs.ready", census, each -> each.of(kind).ready())
                .description("Jobs to be done, in the whole archive")
                .tag("kind", kind)
                .register(registry);
        Gauge.builder("dozo.jobs.dead.letters", census, each -> each.of(kind).failed())
                .description("Jobs given up that wait for a decision, in the whole archive")
                .tag("kind", kind)
                .register(registry);
        Gauge.builder("dozo.jobs.oldest", census, each -> each.of(kind).oldestSeconds())
                .description("How long the oldest job that could be done has waited, in the whole archive")
                .baseUnit("seconds")
                .tag("kind", kind)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description, String kind) {
        return Counter.builder(name).description(description).tag("kind", kind).register(registry);
    }

    void begun() {
        running.incrementAndGet();
    }

    void ended(long startNanos) {
        running.decrementAndGet();
        batch.record(Duration.ofNanos(System.nanoTime() - startNanos));
    }

    void done(int jobs) {
        done.increment(jobs);
    }

    void failed(boolean givenUp) {
        failed.increment();
        if (givenUp) {
            dead.increment();
        }
    }

    void rung() {
        bells.increment();
    }
}
