// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.net.Rejection;

/** Counters of the listener; thread-safe. They outlive a listener that is closed and opened again. */
final class ListenerStatistics implements ListenerStatisticsMXBean {

    private final LongAdder accepted = new LongAdder();
    private final LongAdder aborted = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final Map<String, LongAdder> rejected = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> storeResponses = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> findResponses = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> moveResponses = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> getResponses = new ConcurrentHashMap<>();
    private volatile IntSupplier open = () -> 0;
    private volatile IntSupplier pending = () -> 0;
    private volatile BooleanSupplier accepting = () -> false;
    private volatile Consumer<Boolean> door = refusing -> {};
    private volatile boolean refusing;

    void observe(
            IntSupplier openAssociations,
            IntSupplier pendingConnections,
            BooleanSupplier isAccepting,
            Consumer<Boolean> refusingNewcomers) {
        open = openAssociations;
        pending = pendingConnections;
        accepting = isAccepting;
        door = refusingNewcomers;
        door.accept(refusing);
    }

    LongAdder bytesReceived() {
        return bytesReceived;
    }

    void accepted() {
        accepted.increment();
    }

    void aborted() {
        aborted.increment();
    }

    void rejected(Rejection rejection) {
        count(rejected, rejection.meaning());
    }

    void stored(DimseStatus status) {
        count(storeResponses, code(status));
    }

    void found(DimseStatus status) {
        count(findResponses, code(status));
    }

    void moved(DimseStatus status) {
        count(moveResponses, code(status));
    }

    void got(DimseStatus status) {
        count(getResponses, code(status));
    }

    @Override
    public int getOpenAssociations() {
        return open.getAsInt();
    }

    @Override
    public int getPendingConnections() {
        return pending.getAsInt();
    }

    @Override
    public long getAcceptedAssociations() {
        return accepted.sum();
    }

    @Override
    public Map<String, Long> getRejectedAssociations() {
        return sums(rejected);
    }

    @Override
    public long getAbortedAssociations() {
        return aborted.sum();
    }

    @Override
    public long getBytesReceived() {
        return bytesReceived.sum();
    }

    @Override
    public Map<String, Long> getStoreResponses() {
        return sums(storeResponses);
    }

    @Override
    public Map<String, Long> getFindResponses() {
        return sums(findResponses);
    }

    @Override
    public Map<String, Long> getMoveResponses() {
        return sums(moveResponses);
    }

    @Override
    public Map<String, Long> getGetResponses() {
        return sums(getResponses);
    }

    @Override
    public boolean isAccepting() {
        return accepting.getAsBoolean();
    }

    @Override
    public void refuseNewcomers(boolean refuses) {
        refusing = refuses;
        door.accept(refuses);
    }

    private static String code(DimseStatus status) {
        return "%04X".formatted(status.code());
    }

    private static void count(Map<String, LongAdder> counters, String key) {
        counters.computeIfAbsent(key, absent -> new LongAdder()).increment();
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counters) {
        Map<String, Long> sums = new TreeMap<>();
        counters.forEach((key, counter) -> sums.put(key, counter.sum()));
        return sums;
    }
}
