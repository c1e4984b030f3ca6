// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All connections of the listener, and the limits on them. A connection is pending until its association is admitted and
 * again once it is over and only its close is awaited. Pending connections are bounded by closing the oldest: a peer that
 * means well is pending for milliseconds, so a crowd of silent ones shuts nobody out. Thread-safe.
 */
final class Associations {

    /** One peer, as the limit per peer counts it. */
    record PeerKey(InetAddress address, String callingAeTitle) {}

    enum Verdict {
        ADMITTED,
        TOO_MANY,
        TOO_MANY_OF_PEER,
        DRAINING
    }

    private final int maxPending;
    private final int maxAssociations;
    private final int maxPerPeer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LinkedHashSet<AssociationWork> pending = new LinkedHashSet<>();
    private final Map<AssociationWork, PeerKey> open = new HashMap<>();
    private final Map<PeerKey, Integer> perPeer = new HashMap<>();
    private volatile boolean draining;
    private volatile boolean refusing;

    Associations(ListenerSettings settings) {
        maxPending = settings.maxPending();
        maxAssociations = settings.maxAssociations();
        maxPerPeer = settings.maxAssociationsPerPeer();
    }

    /** A new connection. Returns the one that has to give way to it, or null. */
    @Nullable
    AssociationWork enter(AssociationWork work) {
        lock.lock();
        try {
            pending.add(work);
            return pending.size() > maxPending ? pending.removeFirst() : null;
        } finally {
            lock.unlock();
        }
    }

    /** The oldest pending connection, which is forgotten; null if there is none. */
    @Nullable
    AssociationWork removeOldestPending() {
        lock.lock();
        try {
            return pending.isEmpty() ? null : pending.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    /** A pending connection becomes an association, if the limits allow it. */
    Verdict admit(AssociationWork work, PeerKey peer) {
        lock.lock();
        try {
            if (isDraining()) {
                return Verdict.DRAINING;
            }
            if (open.size() >= maxAssociations) {
                return Verdict.TOO_MANY;
            }
            if (perPeer.getOrDefault(peer, 0) >= maxPerPeer) {
                return Verdict.TOO_MANY_OF_PEER;
            }
            pending.remove(work);
            open.put(work, peer);
            perPeer.merge(peer, 1, Integer::sum);
            return Verdict.ADMITTED;
        } finally {
            lock.unlock();
        }
    }

    /** An association is over; its connection is pending until it is closed. Returns the one that gives way, or null. */
    @Nullable
    AssociationWork dismiss(AssociationWork work) {
        lock.lock();
        try {
            return removeOpen(work) ? enter(work) : null;
        } finally {
            lock.unlock();
        }
    }

    /** The connection is closed. */
    void leave(AssociationWork work) {
        lock.lock();
        try {
            pending.remove(work);
            removeOpen(work);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether none is admitted for now. */
    void refuseNewcomers(boolean refuses) {
        refusing = refuses;
    }

    /** From now on none is admitted. */
    void beginDrain() {
        lock.lock();
        try {
            draining = true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no association is open. Returns whether that came before the deadline of {@link System#nanoTime}. */
    boolean awaitNoneOpen(long deadline) throws InterruptedException {
        lock.lock();
        try {
            while (!open.isEmpty()) {
                if (changed.awaitNanos(deadline - System.nanoTime()) <= 0) {
                    return open.isEmpty();
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every connection is closed, at most so long. */
    void awaitNone(long time, TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(time);
        lock.lock();
        try {
            while (left > 0 && !(open.isEmpty() && pending.isEmpty())) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    List<AssociationWork> open() {
        lock.lock();
        try {
            return new ArrayList<>(open.keySet());
        } finally {
            lock.unlock();
        }
    }

    List<AssociationWork> all() {
        lock.lock();
        try {
            List<AssociationWork> all = new ArrayList<>(open.keySet());
            all.addAll(pending);
            return all;
        } finally {
            lock.unlock();
        }
    }

    int openCount() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    int pendingCount() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean removeOpen(AssociationWork work) {
        PeerKey peer = open.remove(work);
        if (peer == null) {
            return false;
        }
        perPeer.computeIfPresent(peer, (key, count) -> count == 1 ? null : count - 1);
        changed.signalAll();
        return true;
    }

    /** Whether all newcomers are turned away. */
    boolean isDraining() {
        return draining || refusing;
    }
}
