// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/** What {@code /metrics} says of the storage: fsyncs, bytes, and each volume's state and free bytes. */
final class StorageMetrics {

    private final Timer fsync;
    private final Counter written;

    StorageMetrics(MeterRegistry registry, List<Volume> volumes) {
        fsync = Timer.builder("dozo.storage.fsync")
                .description("fsync of one object's file, without its directory")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(100_000))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(registry);
        written = Counter.builder("dozo.storage.written")
                .description("Bytes written to all copies")
                .baseUnit("bytes")
                .register(registry);
        volumes.forEach(volume -> watch(registry, volume));
    }

    private static void watch(MeterRegistry registry, Volume volume) {
        Gauge.builder("dozo.storage.volume.free", volume, each -> each.sight().freeBytes())
                .description("Bytes that Dozo may still use, the reserve included")
                .baseUnit("bytes")
                .tag("volume", volume.name())
                .register(registry);
        for (VolumeState state : VolumeState.values()) {
            Gauge.builder("dozo.storage.volume.state", volume, each -> each.state() == state ? 1 : 0)
                    .description("1 for the state that the volume is in")
                    .tag("volume", volume.name())
                    .tag("state", state.name())
                    .register(registry);
        }
    }

    void fsynced(long nanos) {
        fsync.record(Duration.ofNanos(nanos));
    }

    void wrote(long bytes) {
        written.increment((double) bytes);
    }
}
