// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The nodes of a cluster get this checkout's release, one after the other, while others send and read. */
final class RollingUpgrade implements AutoCloseable {

    /** As a modality takes time for a slice: the machine is needed for nodes that start. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final DozoNode cluster;
    private final String study;
    private final Load load;
    private final DcmtkSender storescu;
    private final Readers readers;
    private final List<Duration> silences = new ArrayList<>();
    private final List<Duration> readSilences = new ArrayList<>();
    private final List<Long> seconds = new ArrayList<>();
    private final List<List<String>> versions = new ArrayList<>();
    private int probes;

    RollingUpgrade(DozoNode cluster, int senders, int pixelBytes, long seed) throws Exception {
        this.cluster = cluster;
        study = "2.25." + seed + ".77";
        load = Load.start(cluster, senders, pixelBytes, PAUSE, seed);
        storescu = DcmtkSender.start(cluster, pixelBytes, seed);
        readers = Readers.start(cluster, load);
        load.awaitStored(50);
        versions.add(cluster.versions());
    }

    /** Expands the schema; the nodes of the old release go on. */
    void migrate() throws Exception {
        long from = System.nanoTime();
        cluster.dozo("migrate").orFail();
        load.awaitStored(50);
        note(from);
    }

    /** Replaces a node, unless it does not pass: then it is back on what it ran before, and the answer says why. */
    Shell.Result replace(int member) throws Exception {
        long from = System.nanoTime();
        Shell.Result result = cluster.dozo("node", "upgrade", "" + member);
        if (result.exit() == 0) {
            String fault = storeAndFind(member);
            if (!fault.isEmpty()) {
                cluster.dozo("node", "rollback", "" + member).orFail();
                result = new Shell.Result(1, fault + "; node" + member + " is back on what it ran before");
            }
        }
        load.awaitStored(50);
        note(from);
        seconds.add(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from));
        return result;
    }

    private void note(long from) throws Exception {
        silences.add(load.longestSilenceSince(from));
        readSilences.add(readers.longestSilenceSince(from));
        versions.add(cluster.versions());
    }

    /** What is stored at a node is found and read at every node, and the other way round; what was wrong, empty if nothing. */
    String storeAndFind(int member) throws IOException, InterruptedException {
        for (int other = 1; other <= cluster.nodes(); other++) {
            String fault = storeAndFind(member, other) + (other == member ? "" : storeAndFind(other, member));
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return "";
    }

    private String storeAndFind(int writer, int reader) throws IOException, InterruptedException {
        String uid = study + ".1." + ++probes;
        try (Sender sender = Sender.open(cluster, writer)) {
            if (!sender.echo().isDone()) {
                return "node" + writer + " does not answer C-ECHO";
            }
            TestObject slice = TestObject.ct(study, study + ".1", uid, 1024);
            if (!sender.store(slice).isDone()) {
                return "node" + writer + " does not store";
            }
        }
        Web web = new Web(cluster, reader);
        if (!web.get("/dicomweb/studies/" + study + "/instances?SOPInstanceUID=" + uid)
                .body()
                .contains("\"" + uid + "\"")) {
            return "node" + reader + " does not find what node" + writer + " stored";
        }
        int status = web.get("/dicomweb/studies/" + study + "/series/" + study + ".1/instances/" + uid)
                .statusCode();
        return status == 200 ? "" : "node" + reader + " answers " + status + " for what node" + writer + " stored";
    }

    /** Of the migration and each replacement: the longest time without an acknowledged object. */
    List<Duration> silences() {
        return List.copyOf(silences);
    }

    /** Of the same: the longest that a reader waited. */
    List<Duration> readSilences() {
        return List.copyOf(readSilences);
    }

    /** Of each replacement: from the command to the objects stored after it. */
    List<Long> seconds() {
        return List.copyOf(seconds);
    }

    /** The nodes' versions: at first, after the migration, and after each replacement. */
    List<List<String>> versions() {
        return List.copyOf(versions);
    }

    /** Whether at some time two releases worked side by side. */
    boolean wasMixed() {
        return versions.stream().map(HashSet::new).anyMatch(some -> some.size() > 1);
    }

    Set<String> seen() {
        Set<String> seen = new LinkedHashSet<>();
        versions.forEach(seen::addAll);
        return seen;
    }

    Load load() {
        return load;
    }

    DcmtkSender storescu() {
        return storescu;
    }

    Readers readers() {
        return readers;
    }

    @Override
    public void close() {
        readers.close();
        storescu.close();
        load.close();
    }
}
