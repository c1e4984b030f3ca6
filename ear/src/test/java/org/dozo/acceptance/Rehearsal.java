// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;

/** Losses of a cluster, one after the other under load, and how long senders noticed each. */
final class Rehearsal implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration WATCH = Duration.ofSeconds(5);

    /** Longer than a node may be silent, and than a statement may be without an answer. */
    private static final Duration FREEZE = Duration.ofSeconds(25);

    private final DozoNode cluster;
    private final Load load;
    private final Random random;
    private final List<Duration> recoveries = new ArrayList<>();

    Rehearsal(DozoNode cluster, int senders, int pixelBytes, long seed) {
        this.cluster = cluster;
        load = Load.start(cluster, senders, pixelBytes, seed);
        random = new Random(seed);
    }

    /** A loss each: of a node the slowest of many new associations, of others the longest time without an acknowledgement. */
    List<Duration> recoveries() {
        return List.copyOf(recoveries);
    }

    Load load() {
        return load;
    }

    /** One of so many, by the seed. */
    int chance(int of) {
        return random.nextInt(of);
    }

    /** When whatever is to happen next comes by surprise. */
    private void awaitSomeMoment() throws Exception {
        load.awaitStored(20 + random.nextInt(100));
    }

    private int anyNode() {
        return 1 + random.nextInt(cluster.nodes());
    }

    private void kill(IntPredicate which) throws Exception {
        for (int node = 1; node <= cluster.nodes(); node++) {
            if (which.test(node)) {
                cluster.signal(node, "KILL");
            }
        }
    }

    /** Kills one of the nodes by surprise, and starts it again. */
    void loseNode() throws Exception {
        awaitSomeMoment();
        int node = anyNode();
        cluster.kill9(node);
        recoveries.add(slowestAssociation(System.nanoTime()));
        load.awaitStored(20);
        cluster.start(node);
    }

    /** Has one of the nodes freeze until the others have given it up, and wakes it: what it still writes then comes too late. */
    void freezeNode() throws Exception {
        awaitSomeMoment();
        int node = anyNode();
        cluster.signal(node, "STOP");
        try {
            recoveries.add(slowestAssociation(System.nanoTime()));
            Await.until("node" + node + " is lost", PATIENCE, () -> cluster.isNode(node, "LOST"));
            load.awaitStored(20);
        } finally {
            cluster.signal(node, "CONT");
        }
        Await.until("node" + node + " is ready", PATIENCE, () -> cluster.isNode(node, "READY"));
    }

    /**
     * Cuts one of the nodes off from the database and from the other nodes, but not from the balancer, until the others have given it
     * up; then lets it back in.
     */
    void cutNodeOff() throws Exception {
        awaitSomeMoment();
        int node = anyNode();
        long lost = System.nanoTime();
        try (Cut cut = Cut.of(cluster, node)) {
            recoveries.add(slowestAssociation(lost));
            Await.until("node" + node + " is lost", PATIENCE, () -> cluster.isNode(node, "LOST"));
            load.awaitStored(20);
            cut.assertBit();
        }
        Await.until("node" + node + " is ready", PATIENCE, () -> cluster.isNode(node, "READY"));
        Await.until("all nodes hear each other", PATIENCE, cluster::isInTouch);
    }

    /** Kills all nodes but one by surprise, and starts them again. */
    void loseNodesButOne() throws Exception {
        awaitSomeMoment();
        int left = anyNode();
        kill(node -> node != left);
        recoveries.add(slowestAssociation(System.nanoTime()));
        load.awaitStored(20);
        cluster.up();
    }

    /** Kills all nodes by surprise, as when the power fails; the recovery is from the order to start to the next acknowledged object. */
    void loseAllNodes() throws Exception {
        awaitSomeMoment();
        kill(node -> true);
        long ordered = System.nanoTime();
        cluster.up();
        load.awaitStored(20);
        recoveries.add(load.firstStoredAfter(ordered));
    }

    /** The primary answers nobody for a while; the recovery is from its next answer to the next acknowledged object. */
    void freezeDatabase() throws Exception {
        awaitSomeMoment();
        List<ProcessHandle> primary = cluster.primary();
        signal(primary, "STOP");
        long thawed;
        try {
            Thread.sleep(FREEZE);
        } finally {
            thawed = System.nanoTime();
            signal(primary, "CONT");
        }
        load.awaitStored(20);
        recoveries.add(load.firstStoredAfter(thawed));
    }

    private static void signal(List<ProcessHandle> processes, String signal) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        Shell.run(command.toArray(String[]::new)).orFail();
    }

    /** The primary is stopped and started in good order; the recovery is from then to the next acknowledged object. */
    void restartDatabase() throws Exception {
        awaitSomeMoment();
        cluster.dozo("database", "stop", "primary").orFail();
        cluster.dozo("database", "start", "primary").orFail();
        long accepts = System.nanoTime();
        load.awaitStored(20);
        recoveries.add(load.firstStoredAfter(accepts));
    }

    /** Of many in the time after a loss: from the first try to the answered C-ECHO. */
    private Duration slowestAssociation(long lost) throws IOException {
        Duration slowest = Duration.ZERO;
        while (System.nanoTime() - lost < WATCH.toNanos()) {
            Duration took = association();
            slowest = took.compareTo(slowest) > 0 ? took : slowest;
        }
        return slowest;
    }

    private Duration association() {
        long begun = System.nanoTime();
        while (true) {
            try (Sender sender = Sender.open(cluster)) {
                if (sender.echo().isDone()) {
                    return Duration.ofNanos(System.nanoTime() - begun);
                }
            } catch (IOException e) {
                if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                    throw new AssertionError("No new association within " + PATIENCE, e);
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    /** Kills the primary, has the standby take over, and makes a new standby. */
    void loseDatabase() throws Exception {
        awaitSomeMoment();
        long lost = System.nanoTime();
        cluster.dozo("database", "kill", "primary").orFail();
        cluster.dozo("database", "promote").orFail();
        load.awaitStored(20);
        recoveries.add(load.longestSilenceSince(lost));
        cluster.dozo("database", "rebuild").orFail();
    }

    /** Takes one volume's directory away for a while, as when its disk is unmounted. */
    void loseVolume() throws Exception {
        awaitSomeMoment();
        List<Path> volumes = List.copyOf(cluster.volumes().values());
        Path volume = volumes.get(random.nextInt(volumes.size()));
        Path away = volume.resolveSibling(volume.getFileName() + ".away");
        long lost = System.nanoTime();
        Files.move(volume, away);
        Files.createDirectory(volume);
        try {
            load.awaitStored(50);
            recoveries.add(load.longestSilenceSince(lost));
        } finally {
            Files.delete(volume);
            Files.move(away, volume);
        }
        Await.until(
                "the volume is back",
                PATIENCE,
                () -> cluster.volumeStates().values().stream().allMatch("online"::equals));
    }

    @Override
    public void close() {
        load.close();
    }
}
