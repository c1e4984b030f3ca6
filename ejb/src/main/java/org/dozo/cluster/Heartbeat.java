// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.index.SchemaCheck;
import org.dozo.shared.CurrentTerm;
import org.jspecify.annotations.Nullable;

/**
 * Tells the database once a second that this node lives, and hears what it must know: its term is over, an operator wants it drained,
 * its clock is wrong, others are silent. On a thread of its own, since a database that hangs must not keep anybody else waiting.
 */
@Singleton
public class Heartbeat {

    private static final Logger LOG = Logger.getLogger(Heartbeat.class.getName());

    /** Silent for so long, a node is given up by the others. */
    static final Duration LOST_AFTER = Duration.ofSeconds(8);

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** After that without an answer this node is not ready. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** Two beats further apart mean that this node itself was away: it may not judge others by that time. */
    private static final Duration UNBROKEN = Duration.ofSeconds(3);

    private static final Duration WORST_SKEW = Duration.ofSeconds(2);

    private final NodeRegistry registry;
    private final SchemaCheck schema;
    private final CurrentTerm term;
    private final UUID incarnation = UUID.randomUUID();

    private volatile long answeredNanos;
    private volatile List<String> problems = List.of("The node is starting");
    private volatile boolean drainWished;
    private volatile boolean replaced;
    private boolean mute;
    private long unbrokenSinceNanos;
    private @Nullable Thread thread;

    @Inject
    public Heartbeat(NodeRegistry registry, SchemaCheck schema, CurrentTerm term) {
        this.registry = registry;
        this.schema = schema;
        this.term = term;
    }

    /** What this node says of itself. */
    record Report(NodeStatus status, int associations, int jobs) {}

    /**
     * Begins the term; returns when that is done, then beats until {@link #stop}.
     *
     * @throws InterruptedException if the node is stopped meanwhile
     */
    void start(String version, Supplier<Report> report) throws InterruptedException {
        while (!register(version)) {
            Thread.sleep(INTERVAL);
        }
        thread = Thread.ofPlatform().daemon().name("dozo-heartbeat").start(() -> beatUntilInterrupted(version, report));
    }

    /** Ends the term: whatever this node still wants to write is refused. */
    void stop() {
        Thread running = thread;
        thread = null;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            // A beat that is under way would say once more that the node is there.
            running.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end();
    }

    /** Says good-bye. */
    void end() {
        try {
            registry.stop(term.get());
        } catch (SQLException | RuntimeException e) {
            LOG.log(Level.FINE, "The others will take this node for dead, since the database does not answer", e);
        }
        term.end();
    }

    /** What the database, or its silence, holds against this node's being ready. */
    List<String> problems() {
        long silentNanos = System.nanoTime() - answeredNanos;
        if (silentNanos > PATIENCE.toNanos()) {
            return List.of("The database has not answered for "
                    + Duration.ofNanos(silentNanos).toSeconds() + " s: see docs/operations/database-down.md");
        }
        return problems;
    }

    /** Whether the database answers. */
    boolean isHeard() {
        return System.nanoTime() - answeredNanos <= PATIENCE.toNanos();
    }

    boolean isDrainWished() {
        return drainWished;
    }

    /** Begins the first term; whether that went well. */
    boolean register(String version) {
        try {
            begin(registry.register(term.get().node(), incarnation, version));
            return true;
        } catch (SQLException | RuntimeException e) {
            LOG.log(Level.FINE, "The node can't be registered yet", e);
            return false;
        }
    }

    private void begin(long epoch) {
        term.begin(epoch);
        unbrokenSinceNanos = System.nanoTime();
        answeredNanos = unbrokenSinceNanos;
        LOG.info(() -> "DOZO-NOD-004 Node " + term.get().node() + " begins its term " + epoch);
    }

    private void beatUntilInterrupted(String version, Supplier<Report> report) {
        try {
            while (true) {
                beat(version, report.get());
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One beat. Never throws. */
    void beat(String version, Report report) {
        if (replaced) {
            return;
        }
        try {
            long sentNanos = System.nanoTime();
            Instant sent = Instant.now();
            Optional<NodeRegistry.Answer> answer =
                    registry.beat(term.get(), report.status(), report.associations(), report.jobs());
            Duration roundTrip = Duration.ofNanos(System.nanoTime() - sentNanos);
            if (answer.isEmpty()) {
                beginAnew(version);
                return;
            }
            List<String> found = new ArrayList<>();
            schema.problem().ifPresent(found::add);
            skew(sent, roundTrip, answer.get().databaseTime()).ifPresent(found::add);
            problems = found;
            drainWished = answer.get().drain();
            answered();
            mute = false;
        } catch (SQLException | RuntimeException e) {
            if (!mute) {
                mute = true;
                LOG.log(
                        Level.WARNING,
                        "DOZO-NOD-006 The heartbeat does not reach the database: the node is not ready until it does."
                                + " Remedy: docs/operations/database-down.md",
                        e);
            }
        }
    }

    private void answered() throws SQLException {
        long now = System.nanoTime();
        if (now - answeredNanos > UNBROKEN.toNanos()) {
            unbrokenSinceNanos = now;
        }
        answeredNanos = now;
        if (now - unbrokenSinceNanos > LOST_AFTER.toNanos()) {
            registry.giveUpSilent(term.get().node(), LOST_AFTER)
                    .forEach(name -> LOG.warning(() -> "DOZO-NOD-007 Node " + name + " has been silent for "
                            + LOST_AFTER.toSeconds()
                            + " s and is taken for dead: the others do its work, and what it may still"
                            + " want to write is refused. Remedy: docs/operations/node-lost.md"));
        }
    }

    /** The term is over: either the others took this node for dead, or another process has its name. */
    private void beginAnew(String version) throws SQLException {
        String name = term.get().node();
        term.end();
        Optional<Long> epoch = registry.renew(name, incarnation, version);
        if (epoch.isPresent()) {
            LOG.warning(() ->
                    "DOZO-NOD-005 This node was silent, and the others took it for dead: it begins a new term. Remedy:"
                            + " docs/operations/node-lost.md, if it happens again");
            begin(epoch.get());
        } else {
            replaced = true;
            answeredNanos = System.nanoTime();
            problems = List.of("Another process runs as node " + name
                    + " on this database, so this one takes no work: stop one of them, or give it another node.name");
            LOG.severe(() -> "DOZO-NOD-008 Another process has begun to run as node " + name
                    + ": this one takes no more work. Remedy: stop one of them, or give it another node.name");
        }
    }

    /** Half the round trip is not known, and not held against anybody. */
    static Optional<String> skew(Instant sent, Duration roundTrip, Instant databaseTime) {
        Instant middle = sent.plus(roundTrip.dividedBy(2));
        Duration difference = Duration.between(middle, databaseTime);
        Duration certain = difference.abs().minus(roundTrip.dividedBy(2));
        return certain.compareTo(WORST_SKEW) > 0
                ? Optional.of("The clock of this machine is " + difference.abs().toMillis() + " ms "
                        + (difference.isNegative() ? "ahead of" : "behind")
                        + " the database's; at most " + WORST_SKEW.toSeconds()
                        + " s are borne. Remedy: set it by NTP (chrony)")
                : Optional.empty();
    }
}
