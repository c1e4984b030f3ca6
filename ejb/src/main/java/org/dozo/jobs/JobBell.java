// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells this node's {@link JobRunner} that there is work. Rung after the commit, it costs the ringer nothing: one message a kind is on
 * its way until the runner has heard it, and a thread of the bell's own sends it. A bell that is lost costs time, never work.
 */
@Singleton
public class JobBell {

    private static final Logger LOG = Logger.getLogger(JobBell.class.getName());
    private static final int SILENT = -1;

    private final BellRope rope;
    /** By kind, the priority that is on its way. */
    private final Map<String, AtomicInteger> rung = new ConcurrentHashMap<>();

    /** Short, since each kind is in it once a priority. */
    private final LinkedBlockingQueue<String> toRing = new LinkedBlockingQueue<>();

    private volatile boolean mute;
    private @Nullable Thread ringer;

    @Inject
    public JobBell(BellRope rope) {
        this.rope = rope;
    }

    /** Nobody hears it. */
    public JobBell() {
        this((kind, priority) -> {});
    }

    /** There is a new job of this kind, and its transaction has committed. Returns at once. */
    public void ring(String kind, int priority) {
        AtomicInteger pending = rung.computeIfAbsent(kind, name -> new AtomicInteger(SILENT));
        if (pending.get() < priority && pending.getAndAccumulate(priority, Math::max) < priority) {
            toRing.add(kind);
        }
    }

    /** The runner looks from now on: who rings after this rings anew. */
    void heard(String kind) {
        AtomicInteger pending = rung.get(kind);
        if (pending != null) {
            pending.set(SILENT);
        }
    }

    /** As if all were heard: what is not heard by now is lost. */
    void forget() {
        rung.keySet().forEach(this::heard);
    }

    synchronized void start() {
        ringer = Thread.ofVirtual().name("dozo-job-bell").start(this::ringUntilInterrupted);
    }

    synchronized void stop() {
        if (ringer != null) {
            ringer.interrupt();
            ringer = null;
        }
    }

    private void ringUntilInterrupted() {
        try {
            while (true) {
                String kind = toRing.take();
                AtomicInteger pending = rung.get(kind);
                pull(kind, pending == null ? SILENT : pending.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pull(String kind, int priority) {
        if (priority == SILENT) {
            return;
        }
        try {
            rope.pull(kind, priority);
            mute = false;
        } catch (RuntimeException e) {
            if (!mute) {
                mute = true;
                LOG.log(
                        Level.WARNING,
                        "DOZO-JOB-001 The broker takes no messages: work begins up to a second late, none is lost."
                                + " Remedy: see the broker's lines in this log, restart the node when convenient",
                        e);
            }
        }
    }
}
