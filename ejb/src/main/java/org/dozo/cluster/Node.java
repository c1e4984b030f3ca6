// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.index.SchemaCheck;
import org.dozo.index.SeriesTally;
import org.dozo.jobs.JobRunner;
import org.dozo.shared.NodeName;
import org.dozo.storage.ObjectStorage;
import org.jspecify.annotations.Nullable;

/**
 * This node: starts its parts as soon as the database answers with the right schema, looks once a second whether it can still work,
 * and says so. It may start before its database does.
 */
@Singleton
public class Node {

    private static final Logger LOG = Logger.getLogger(Node.class.getName());
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    /** While not ready, so that nobody waits longer than need be. */
    private static final Duration SHORT_INTERVAL = Duration.ofMillis(200);

    private static final Duration FOLD_INTERVAL = Duration.ofSeconds(1);

    private static final String VERSION = build(ResourceBundle.getBundle("org.dozo.cluster.version"));

    private final NodeName name;
    private final SchemaCheck schema;
    private final ObjectStorage storage;
    private final SeriesTally tally;
    private final NodeStart start;
    private final Instance<Preparation> preparations;
    private final JobRunner jobs;
    private final Heartbeat heartbeat;
    private final NoticeBoard notices;

    private volatile NodeStatus status;
    private boolean drained;
    private boolean stopping;
    private @Nullable Thread watch;

    @Inject
    public Node(
            NodeName name,
            SchemaCheck schema,
            ObjectStorage storage,
            SeriesTally tally,
            NodeStart start,
            @Any Instance<Preparation> preparations,
            JobRunner jobs,
            Heartbeat heartbeat,
            NoticeBoard notices) {
        this.name = name;
        this.schema = schema;
        this.storage = storage;
        this.tally = tally;
        this.start = start;
        this.preparations = preparations;
        this.jobs = jobs;
        this.heartbeat = heartbeat;
        this.notices = notices;
        this.status = new NodeStatus(name.value(), NodeState.NOT_READY, List.of("The node is starting"));
    }

    public NodeStatus status() {
        return status;
    }

    public boolean isReady() {
        return status.isReady();
    }

    /** Whether the database answers, so that it may be asked for more. */
    public boolean hasDatabase() {
        return heartbeat.isHeard();
    }

    /** The release and, where it was built in a repository, the commit: {@code 0.1.0+0177436553bc}, {@code -dirty} if changed since. */
    public String version() {
        return VERSION;
    }

    private static String build(ResourceBundle version) {
        String commit = version.getString("commit");
        return version.getString("version") + (commit.isEmpty() ? "" : "+" + commit);
    }

    /** Returns at once; the node gets ready on a thread of its own. */
    public synchronized void start() {
        watch = Thread.ofPlatform().daemon().name("dozo-node").start(this::watchUntilInterrupted);
    }

    /** Not ready from now on; ends the parts. */
    public synchronized void stop() {
        if (watch != null) {
            watch.interrupt();
            watch = null;
            publish(NodeState.DRAINING, List.of("The node is stopping"));
            stopping = true;
            jobs.stop();
            tally.close();
            storage.stop();
            notices.stop();
            heartbeat.stop();
        }
    }

    private void watchUntilInterrupted() {
        try {
            awaitSchema();
            heartbeat.start(VERSION, this::report);
            notices.start();
            storage.start();
            for (Preparation preparation : preparations) {
                preparation.prepare(start.rehearsal());
            }
            tally.start(FOLD_INTERVAL);
            jobs.start();
            while (true) {
                look();
                Thread.sleep(isReady() ? LOOK_INTERVAL : SHORT_INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "DOZO-NOD-003 The node's watch has ended: restart the node", e);
            publish(NodeState.NOT_READY, List.of("The node's watch has ended: see its log, restart it"));
        }
    }

    private void awaitSchema() throws InterruptedException {
        while (true) {
            var problem = schema.problem();
            if (problem.isEmpty()) {
                return;
            }
            publish(NodeState.NOT_READY, List.of(problem.get()));
            Thread.sleep(LOOK_INTERVAL);
        }
    }

    private Heartbeat.Report report() {
        return new Heartbeat.Report(status, DicomDoor.openAssociations(), jobs.running());
    }

    private void look() {
        drain(heartbeat.isDrainWished());
        if (drained) {
            publish(
                    NodeState.DRAINING,
                    List.of("Drained by an operator; DELETE /api/nodes/" + name + "/drain takes that back"));
            return;
        }
        List<String> problems = new ArrayList<>(heartbeat.problems());
        if (!storage.isAvailable()) {
            problems.add("Too few volumes can be written: see ./dozo status and the log lines DOZO-STO-…");
        }
        if (!DicomDoor.isOpen()) {
            problems.add("The DICOM listener does not take associations: see the log lines DOZO-NET-…");
        }
        publish(problems.isEmpty() ? NodeState.READY : NodeState.NOT_READY, problems);
    }

    /** Does what SIGTERM does, but for the end, and can be undone: no newcomers, no new jobs, what runs goes on. */
    private void drain(boolean wished) {
        if (wished != drained) {
            drained = wished;
            LOG.info(() -> "DOZO-NOD-009 Node " + name + (wished ? " is drained" : " takes work again")
                    + " by an operator's wish");
            DicomDoor.refuse(wished);
            jobs.rest(wished);
        }
    }

    private synchronized void publish(NodeState state, List<String> problems) {
        if (Thread.currentThread().isInterrupted() || stopping) {
            return;
        }
        boolean news = state != status.state() || !problems.equals(status.problems());
        status = new NodeStatus(name.value(), state, problems);
        if (news && state == NodeState.READY) {
            LOG.info(() -> "DOZO-NOD-001 Node " + name + " is ready");
        } else if (news) {
            LOG.warning(() -> "DOZO-NOD-002 Node " + name + " is " + state.word() + ": " + String.join("; ", problems));
        }
    }
}
