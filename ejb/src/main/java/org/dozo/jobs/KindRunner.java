// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.shared.ConnectionShare;
import org.dozo.shared.Database;
import org.jspecify.annotations.Nullable;

/**
 * Does one kind of work on this node. One thread leases, each batch has a virtual thread of its own, and one more keeps the leases
 * alive.
 */
final class KindRunner {

    private static final Logger LOG = Logger.getLogger(KindRunner.class.getName());

    /** Between two looks at small work that comes all the time, so that it is taken in batches; STAT does not wait. */
    private static final Duration GATHER = Duration.ofMillis(20);

    private static final int SILENT = -1;

    private final JobHandler handler;
    private final JobKind kind;
    private final JobSettings settings;
    private final Supplier<LocalTime> clock;
    private final Leases table;
    private final Database database;
    private final JobBell bell;
    private final ConnectionShare share;
    private final String owner;
    private final JobMetrics metrics;
    private final Slots slots;
    /** The dispatcher's. */
    private final LaneHeads heads = new LaneHeads();

    private final Map<JobRun, Thread> runs = new ConcurrentHashMap<>();

    private boolean called;
    /** The highest priority of what no look may have seen; none if only a place became free. */
    private int rung = SILENT;

    private boolean urgent;
    private boolean stopped;
    private boolean resting;
    /** Whether places were too few at the last look. */
    private boolean backlog;

    private boolean mute;
    private long lookedNanos = System.nanoTime() - GATHER.toNanos();
    private @Nullable Thread dispatcher;
    private @Nullable Thread heart;

    KindRunner(
            JobHandler handler,
            JobSettings settings,
            Supplier<LocalTime> clock,
            Database database,
            JobBell bell,
            ConnectionShare share,
            String owner,
            JobMetrics metrics) {
        this.handler = handler;
        this.kind = settings.applied(handler.kind());
        this.settings = settings;
        this.clock = clock;
        this.table = new Leases(database);
        this.database = database;
        this.bell = bell;
        this.share = share;
        this.owner = owner;
        this.metrics = metrics;
        this.slots = new Slots(kind);
    }

    synchronized void start() {
        dispatcher = Thread.ofVirtual().name("dozo-jobs-" + kind.name()).start(this::lookUntilInterrupted);
        heart = Thread.ofVirtual().name("dozo-jobs-heart-" + kind.name()).start(this::beatUntilInterrupted);
    }

    /** There may be work; of priority {@link NewJob#STAT} it is looked for at once. */
    synchronized void call(int priority) {
        called = true;
        rung = Math.max(rung, priority);
        urgent |= priority >= NewJob.STAT;
        notifyAll();
    }

    synchronized void rest(boolean rests) {
        resting = rests;
        if (!rests) {
            called = true;
            notifyAll();
        }
    }

    int running() {
        return runs.size();
    }

    void rung() {
        metrics.rung();
    }

    JobHandler handler() {
        return handler;
    }

    KindStatus status() {
        List<String> windows = settings.windows().getOrDefault(kind.name(), List.of()).stream()
                .map(Window::toString)
                .toList();
        return new KindStatus(kind, windows, settings.isOpen(kind.name(), clock.get()));
    }

    private void lookUntilInterrupted() {
        try {
            while (true) {
                awaitCall();
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitCall() throws InterruptedException {
        while (!called) {
            wait();
        }
        long gather = kind.batch() == 1 ? 0 : GATHER.toNanos();
        long rest = lookedNanos + gather - System.nanoTime();
        while (!urgent && rest > 0) {
            wait(rest / 1_000_000, (int) (rest % 1_000_000));
            rest = lookedNanos + gather - System.nanoTime();
        }
        called = false;
        urgent = false;
        // Only now: what was rung while it gathered is in this look, and needs no message of its own.
        bell.heard(kind.name());
        lookedNanos = System.nanoTime();
    }

    private void look() {
        try {
            Set<String> contended = new HashSet<>();
            while (begin(contended)) {
                // The next one.
            }
            mute = false;
        } catch (SQLException | RuntimeException e) {
            if (!mute) {
                mute = true;
                LOG.log(
                        Level.WARNING,
                        "DOZO-JOB-003 Jobs of kind " + kind.name()
                                + " can't be leased: the database does not answer as it"
                                + " should. They are tried again every second",
                        e);
            }
        }
    }

    /**
     * Begins one batch.
     *
     * @param contended lanes whose head others took meanwhile; they are left out, and added to
     * @return whether to look on
     */
    private boolean begin(Set<String> contended) throws SQLException {
        Set<String> full;
        Set<String> fullForStat;
        synchronized (this) {
            if (stopped || resting) {
                return false;
            }
            hear();
            full = settings.isOpen(kind.name(), clock.get()) ? slots.full() : null;
            fullForStat = slots.fullForStat();
        }
        if (full != null && begin(contended, full, false)) {
            return true;
        }
        boolean restricted = full == null || !full.isEmpty();
        if (restricted && fullForStat != null && begin(contended, fullForStat, true)) {
            return true;
        }
        synchronized (this) {
            // When a place becomes free, there is more: no need to gather.
            backlog = restricted;
        }
        return false;
    }

    /** Before each lease, since places may become free as fast as they are taken: then no look ever ends. */
    private synchronized void hear() {
        if (rung >= NewJob.STAT) {
            heads.forget();
        } else if (rung > SILENT) {
            heads.doubt();
        }
        rung = SILENT;
    }

    private boolean begin(Set<String> contended, Set<String> full, boolean forStat) throws SQLException {
        Set<String> without = new HashSet<>(full);
        without.addAll(contended);
        long leasedNanos = System.nanoTime();
        Leases.Taken taken = table.lease(kind, owner, without, forStat ? NewJob.STAT : 0, heads);
        if (taken.lane() == null) {
            return false;
        }
        if (taken.leases().isEmpty()) {
            contended.add(taken.lane());
        } else {
            begin(new JobRun(database, metrics, kind, taken.leases(), leasedNanos), forStat);
        }
        return true;
    }

    private void begin(JobRun run, boolean forStat) throws SQLException {
        boolean late;
        synchronized (this) {
            late = stopped;
            if (!late) {
                Slots.Slot slot = slots.take(run.leases().getFirst().lane(), forStat);
                Thread thread =
                        Thread.ofVirtual().name("dozo-job-" + kind.name()).unstarted(() -> work(run, slot));
                runs.put(run, thread);
                thread.start();
            }
        }
        if (late) {
            table.handBack(run.leases());
        }
    }

    private void work(JobRun run, Slots.Slot slot) {
        long start = System.nanoTime();
        metrics.begun();
        try {
            handle(run);
            settle(run, run.open(), "The handler ended without a word of this job");
        } catch (Exception | Error e) {
            LOG.log(Level.FINE, e, () -> "A batch of kind " + kind.name() + " failed");
            settle(run, run.open(), text(e));
        } finally {
            metrics.ended(start);
            runs.remove(run);
            synchronized (this) {
                slots.free(slot);
                called = true;
                urgent |= backlog;
                notifyAll();
            }
        }
    }

    /** STAT may hold any connection of the pool, as C-STORE may; all else shares what is left to it. */
    private void handle(JobRun run) throws Exception {
        if (run.leases().getFirst().priority() >= NewJob.STAT) {
            handler.run(run);
        } else {
            share.bind(() -> handler.run(run));
        }
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getName() : message;
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /** Ends what the handler has left: handed back if the node stops, failed otherwise. */
    private void settle(JobRun run, List<Lease> left, String error) {
        try {
            if (!left.isEmpty() && isStopped()) {
                table.handBack(left);
            } else {
                for (Lease lease : left) {
                    fail(run, lease, error);
                }
            }
        } catch (SQLException | RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "DOZO-JOB-004 The end of jobs of kind " + kind.name()
                            + " could not be recorded: they are done again when their lease has run out",
                    e);
        }
    }

    private void fail(JobRun run, Lease lease, String error) throws SQLException {
        try {
            database.transaction(connection -> {
                run.fail(connection, lease, error);
                return lease;
            });
        } catch (LeaseLostException e) {
            LOG.log(Level.FINE, "A job was ended already, or is somebody else's", e);
        }
    }

    private void beatUntilInterrupted() {
        try {
            while (true) {
                Thread.sleep(kind.lease().dividedBy(3));
                beat();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One statement for all leases; whoever hears nothing of his for as long as a lease knows that they are lost. */
    private void beat() {
        List<JobRun> alive = List.copyOf(runs.keySet());
        List<Lease> leases =
                alive.stream().flatMap(run -> run.leases().stream()).toList();
        if (!leases.isEmpty()) {
            long now = System.nanoTime();
            try {
                Set<Long> held = table.extend(leases, kind.lease());
                alive.forEach(run -> run.confirm(held, now));
            } catch (SQLException | RuntimeException e) {
                LOG.log(Level.FINE, "Leases could not be extended", e);
            }
        }
    }

    /** No further leases; running batches are told to come to an end. */
    void drain() {
        synchronized (this) {
            stopped = true;
            if (dispatcher != null) {
                dispatcher.interrupt();
            }
        }
        runs.keySet().forEach(JobRun::drain);
    }

    /** Waits until the deadline for what runs, interrupts it then, and hands all leases back. */
    void close(long deadlineNanos) throws InterruptedException {
        for (Thread thread : runs.values()) {
            thread.join(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())));
        }
        runs.values().forEach(Thread::interrupt);
        synchronized (this) {
            if (heart != null) {
                heart.interrupt();
            }
        }
        for (JobRun run : Set.copyOf(runs.keySet())) {
            settle(run, run.open(), "");
        }
    }
}
