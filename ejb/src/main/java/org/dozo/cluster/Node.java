// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private final NodeName name;
    private final SchemaCheck schema;
    private final ObjectStorage storage;
    private final SeriesTally tally;
    private final NodeStart start;
    private final Instance<Preparation> preparations;
    private final JobRunner jobs;

    private volatile NodeStatus status;
    private @Nullable Thread watch;

    @Inject
    public Node(
            NodeName name,
            SchemaCheck schema,
            ObjectStorage storage,
            SeriesTally tally,
            NodeStart start,
            @Any Instance<Preparation> preparations,
            JobRunner jobs) {
        this.name = name;
        this.schema = schema;
        this.storage = storage;
        this.tally = tally;
        this.start = start;
        this.preparations = preparations;
        this.jobs = jobs;
        this.status = new NodeStatus(name.value(), NodeState.NOT_READY, List.of("The node is starting"));
    }

    public NodeStatus status() {
        return status;
    }

    public boolean isReady() {
        return status.isReady();
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
            jobs.stop();
            tally.close();
            storage.stop();
        }
    }

    private void watchUntilInterrupted() {
        try {
            awaitSchema();
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

    private void look() {
        List<String> problems = new ArrayList<>();
        schema.problem().ifPresent(problems::add);
        if (!storage.isAvailable()) {
            problems.add("Too few volumes can be written: see ./dozo status and the log lines DOZO-STO-…");
        }
        if (!DicomDoor.isOpen()) {
            problems.add("The DICOM listener does not take associations: see the log lines DOZO-NET-…");
        }
        publish(problems.isEmpty() ? NodeState.READY : NodeState.NOT_READY, problems);
    }

    private synchronized void publish(NodeState state, List<String> problems) {
        if (Thread.currentThread().isInterrupted() || status.state() == NodeState.DRAINING) {
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
