// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.shared.ConnectionShare;
import org.dozo.shared.Database;
import org.dozo.shared.NodeName;
import org.jspecify.annotations.Nullable;

/**
 * Does this node's share of all work: leases what the bell announces, and sweeps once a second for what no bell told of (jobs of
 * nodes that died, jobs whose time has come).
 */
@Singleton
public class JobRunner {

    private static final Logger LOG = Logger.getLogger(JobRunner.class.getName());
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

    /** Longer than the database lets a statement take, so that what waits for a connection outlasts who holds it. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Leases table;
    private final JobBell bell;
    private final JobSettings settings;
    private final JobCensus census;
    private final Map<String, KindRunner> kinds = new TreeMap<>();
    private boolean mute;
    private @Nullable Thread sweeper;

    @Inject
    public JobRunner(
            Database database,
            JobBell bell,
            NodeName node,
            JobSettings settings,
            MeterRegistry meters,
            @Any Instance<JobHandler> handlers) {
        this(database, bell, node, settings, meters, handlers.stream().toList(), LocalTime::now);
    }

    /**
     * @param clock the time of day, for windows
     * @throws IllegalArgumentException if two handlers have one kind, or the settings name a kind that there is not
     */
    public JobRunner(
            Database database,
            JobBell bell,
            NodeName node,
            JobSettings settings,
            MeterRegistry meters,
            List<JobHandler> handlers,
            Supplier<LocalTime> clock) {
        this.table = new Leases(database);
        this.bell = bell;
        this.settings = settings;
        this.census = new JobCensus(database);
        ConnectionShare share = new ConnectionShare(settings.connections(), PATIENCE);
        for (JobHandler handler : handlers) {
            String name = handler.kind().name();
            KindRunner runner = new KindRunner(
                    handler,
                    settings,
                    clock,
                    database,
                    bell,
                    share,
                    node.value(),
                    new JobMetrics(meters, name, census));
            if (kinds.put(name, runner) != null) {
                throw new IllegalArgumentException("Two handlers are there for jobs of kind " + name);
            }
        }
        settings.requireKinds(kinds.keySet());
    }

    /** Returns at once. */
    public synchronized void start() {
        bell.start();
        kinds.values().forEach(KindRunner::start);
        sweeper = Thread.ofVirtual().name("dozo-jobs-sweeper").start(this::sweepUntilInterrupted);
    }

    /** Leases nothing more, gives what runs {@code jobs.drain} to end, and hands the rest back: other nodes may take it at once. */
    public synchronized void stop() {
        if (sweeper == null) {
            return;
        }
        sweeper.interrupt();
        sweeper = null;
        bell.stop();
        long deadline = System.nanoTime() + settings.drain().toNanos();
        kinds.values().forEach(KindRunner::drain);
        try {
            for (KindRunner kind : kinds.values()) {
                kind.close(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether no further jobs are begun for now; what runs goes on. */
    public void rest(boolean resting) {
        kinds.values().forEach(kind -> kind.rest(resting));
    }

    /** Batches that run on this node now. */
    public int running() {
        return kinds.values().stream().mapToInt(KindRunner::running).sum();
    }

    /** The bell was rung. A kind that nobody does here is passed over. */
    public void heard(String kind, int priority) {
        KindRunner runner = kinds.get(kind);
        if (runner == null) {
            bell.heard(kind);
        } else {
            runner.rung();
            runner.call(priority);
        }
    }

    /** The handlers of this node, by kind. */
    Map<String, KindRunner> kinds() {
        return Map.copyOf(kinds);
    }

    private void sweepUntilInterrupted() {
        try {
            while (true) {
                sweep();
                Thread.sleep(SWEEP_INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks for every kind, since a bell may have been lost, or may have been another node's. */
    private void sweep() {
        try {
            table.sweep();
            census.refresh();
            mute = false;
        } catch (SQLException | RuntimeException e) {
            if (!mute) {
                mute = true;
                LOG.log(
                        Level.WARNING,
                        "DOZO-JOB-005 The jobs can't be swept: the database does not answer as it should",
                        e);
            }
        }
        bell.forget();
        kinds.values().forEach(kind -> kind.call(NewJob.BULK));
    }
}
