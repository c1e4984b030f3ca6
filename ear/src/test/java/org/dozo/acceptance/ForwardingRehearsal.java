// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.SopReference;

/**
 * Tier D of the losses, on a cluster that forwards to DCMTK's {@code storescp}: a destination hangs while another is served (D3), and as
 * long a modality refuses its report of storage commitment (D9); a node dies for good (D1), and one loses its broker's journal (D2), each
 * with {@value #QUEUED} forwards queued.
 */
final class ForwardingRehearsal implements AutoCloseable {

    private static final int QUEUED = 1000;
    private static final int PIXEL_BYTES = 32 * 1024;
    /** Promised is less than half of that: what comes in between is late, what comes after it counts as lost. */
    private static final Duration PATIENCE = Duration.ofMinutes(12);

    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration MOST_BEFORE = Duration.ofMinutes(2);
    /** Every node has a new rule 3 s after it was saved. */
    private static final Duration RULES_SEEN = Duration.ofSeconds(4);
    /** A p95 that is longer by less was not kept waiting by a destination: what does that waits for seconds. */
    private static final Duration NOISE = Duration.ofMillis(50);

    private static final int REPORTED = 10;

    /** A destination: what it is called, and who takes what comes. */
    private record Destination(String title, StoreScp peer) {}

    private final DozoNode cluster;
    private final int senders;
    private final Random random;
    private final String root;
    private final Destination steady;
    private final Destination moody;
    private final Destination later;
    private final List<Duration> recoveries = new ArrayList<>();
    private List<Duration> before = List.of();
    private List<Duration> during = List.of();
    private Duration hung = Duration.ZERO;
    private Duration untilReported = Duration.ZERO;
    private int reportsRefused;
    private boolean reported;
    private long heldByTheDead;
    private int stored;
    private int forwarded;
    private int lost;
    private int unproved;

    ForwardingRehearsal(DozoNode cluster, int senders, long seed) throws Exception {
        this.cluster = cluster;
        this.senders = senders;
        this.random = new Random(seed);
        this.root = "2.25." + seed;
        steady = destination("STEADY", "--fork", "-uf");
        moody = destination("MOODY", "--fork");
        later = destination("LATER", "--fork");
    }

    private Destination destination(String title, String... options) throws Exception {
        Path directory = cluster.data().resolve("received").resolve(title);
        return new Destination(title, StoreScp.start(directory, options));
    }

    /** Tells the cluster, which runs, of the destinations, and what goes where by the calling AE title. */
    void begin() throws Exception {
        for (Destination each : List.of(steady, moody, later)) {
            cluster.dozo("peer", "add", each.title, "127.0.0.1", "" + each.peer.port())
                    .orFail();
        }
        rule("TRICKLE", steady, moody);
        rule("QUEUE", later);
        LockSupport.parkNanos(RULES_SEEN.toNanos());
    }

    private void rule(String caller, Destination... to) throws Exception {
        List<String> titles =
                List.of(to).stream().map(each -> '"' + each.title + '"').toList();
        String rule = "{\"name\":\"%s\",\"condition\":\"source.ae = %s\",\"destinations\":%s}"
                .formatted(caller, caller, titles);
        var answer = new Web(cluster).post("/api/rules", "application/json", rule.getBytes(StandardCharsets.UTF_8));
        if (answer.statusCode() != 201) {
            throw new AssertionError("The rule " + rule + " was not taken: " + answer.body());
        }
    }

    /**
     * A trickle goes to two destinations, at first to both, then one of them hangs for so long. Meanwhile a modality refuses the report of
     * what is safe.
     */
    void hang(Duration length) throws Exception {
        String mine = root + ".3";
        Trickle trickle = new Trickle(cluster, "TRICKLE", mine, steady.peer.directory());
        trickle.run(WARM_UP);
        before = trickle.run(length.compareTo(MOST_BEFORE) < 0 ? length : MOST_BEFORE);
        try (CommitmentPeer modality = CommitmentPeer.start(cluster, "MODALITY")) {
            modality.refuse(Integer.MAX_VALUE);
            String transaction = askForReport(modality);
            moody.peer.freeze();
            try {
                during = trickle.run(length);
                hung = length;
            } finally {
                moody.peer.thaw();
            }
            reportsRefused = modality.refused();
            modality.refuse(0);
            long back = System.nanoTime();
            stored += trickle.sent();
            awaitDelivered(steady, mine, trickle.sent(), back);
            recoveries.add(awaitDelivered(moody, mine, trickle.sent(), back));
            reported = hasReport(modality, transaction);
            untilReported = Duration.ofNanos(System.nanoTime() - back);
        }
    }

    private String askForReport(CommitmentPeer modality) throws IOException {
        List<SopReference> some = cluster.sent().acknowledged().keySet().stream()
                .limit(REPORTED)
                .map(uid -> new SopReference(TestObject.CT, uid))
                .toList();
        String transaction = root + ".9";
        DimseStatus answer = modality.ask(cluster, transaction, some);
        if (!answer.isDone()) {
            throw new AssertionError("Storage commitment was refused: " + answer);
        }
        return transaction;
    }

    private static boolean hasReport(CommitmentPeer modality, String transaction) throws Exception {
        try {
            return modality.awaitReport(transaction, PATIENCE).committed().size() == REPORTED;
        } catch (AssertionError e) {
            System.err.println(e.getMessage());
            return false;
        }
    }

    /** Kills the node that has most of the queue in its hands, and does not start it until all is delivered without it. */
    void loseNode() throws Exception {
        String mine = root + ".1";
        later.peer.freeze();
        int node;
        try {
            queue(mine);
            node = busiest();
            heldByTheDead = held(node);
            cluster.kill9(node);
        } finally {
            later.peer.thaw();
        }
        recoveries.add(awaitDelivered(later, mine, QUEUED, System.nanoTime()));
        cluster.start(node);
    }

    /** Stops a node, deletes the journal of its broker, and starts it again. */
    void loseJournal() throws Exception {
        String mine = root + ".2";
        later.peer.freeze();
        try {
            queue(mine);
            int node = busiest();
            cluster.stop(node);
            cluster.deleteJournal(node);
            cluster.start(node);
        } finally {
            later.peer.thaw();
        }
        recoveries.add(awaitDelivered(later, mine, QUEUED, System.nanoTime()));
    }

    /** As many objects as studies arrive while their destination hangs. */
    private void queue(String mine) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(senders)) {
            List<Future<?>> sending = new ArrayList<>();
            for (int sender = 0; sender < senders; sender++) {
                int first = sender + 1;
                sending.add(threads.submit(() -> send(mine, first)));
            }
            for (Future<?> each : sending) {
                each.get();
            }
        }
        stored += QUEUED;
        Await.until(
                QUEUED + " forwards are queued",
                PATIENCE,
                () -> deliveries(later, mine, "state <> 'VERIFIED'") == QUEUED);
    }

    private void send(String mine, int first) {
        try (Modality source = new Modality(cluster, "QUEUE")) {
            for (int i = first; i <= QUEUED; i += senders) {
                String study = mine + "." + i;
                source.send(TestObject.ct(study, study + ".1", study + ".1.1", PIXEL_BYTES));
            }
        }
    }

    /** The node with most forwards under way, or any if there are none. */
    private int busiest() throws SQLException, IOException {
        int busiest = 1 + random.nextInt(cluster.nodes());
        for (int node = 1; node <= cluster.nodes(); node++) {
            busiest = held(node) > held(busiest) ? node : busiest;
        }
        return busiest;
    }

    private long held(int node) throws SQLException, IOException {
        return cluster.count(
                "SELECT count(*) FROM job WHERE kind = 'forward' AND lease_owner = 'node%d'".formatted(node));
    }

    private long deliveries(Destination to, String mine, String condition) throws SQLException, IOException {
        return cluster.count(
                "SELECT count(*) FROM delivery WHERE destination = '%s' AND study_instance_uid LIKE '%s.%%' AND %s"
                        .formatted(to.title, mine, condition));
    }

    /** Counts what is missing of what the modality was acknowledged; how long after that moment all was there, and said so. */
    private Duration awaitDelivered(Destination to, String mine, int objects, long from) throws Exception {
        try {
            Await.until(
                    objects + " deliveries to " + to.title + " are verified",
                    PATIENCE,
                    () -> deliveries(to, mine, "state = 'VERIFIED'") == objects);
        } catch (AssertionError e) {
            System.err.println(e.getMessage());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        unproved += objects - (int) deliveries(to, mine, "state = 'VERIFIED'");
        Set<String> missing = cluster.sent().missing(mine + ".", to.peer.digests());
        missing.stream().limit(5).forEach(uid -> System.err.println("FWD_LOST " + uid + " to " + to.title));
        lost += missing.size();
        forwarded += objects;
        return took;
    }

    /** Of each loss: from the moment at which the destination takes again until all is delivered to it. */
    List<Duration> recoveries() {
        return List.copyOf(recoveries);
    }

    int stored() {
        return stored;
    }

    /** Whether all but the time was as promised. */
    boolean isKept() {
        return lost == 0 && unproved == 0 && reportsRefused > 0 && reported && isUndisturbed();
    }

    private boolean isUndisturbed() {
        Duration healthy = Drill.percentile(before, 95);
        Duration beside = Drill.percentile(during, 95);
        return beside.multipliedBy(5).compareTo(healthy.multipliedBy(6)) <= 0
                || beside.minus(healthy).compareTo(NOISE) < 0;
    }

    /** JSON fields with a comma after each. */
    String fields() throws IOException {
        return """
                "forwarded":%d,"forwardLost":%d,"forwardUnproved":%d,"forwardTwice":%d,"hangSeconds":%d,\
                "besideMillis":{"healthyP50":%d,"healthyP95":%d,"hangingP50":%d,"hangingP95":%d,"samples":%d},"undisturbed":%b,\
                "backMillis":{"hang":%d,"nodeLoss":%d,"journalLoss":%d},"heldByTheDead":%d,\
                "reportRefused":%d,"reported":%b,"reportMillis":%d,\
                """.formatted(
                        forwarded,
                        lost,
                        unproved,
                        twice(),
                        hung.toSeconds(),
                        Drill.percentile(before, 50).toMillis(),
                        Drill.percentile(before, 95).toMillis(),
                        Drill.percentile(during, 50).toMillis(),
                        Drill.percentile(during, 95).toMillis(),
                        during.size(),
                        isUndisturbed(),
                        recoveries.get(0).toMillis(),
                        recoveries.get(1).toMillis(),
                        recoveries.get(2).toMillis(),
                        heldByTheDead,
                        reportsRefused,
                        reported,
                        untilReported.toMillis());
    }

    /** Of what went to the destinations that hung: these keep what comes again beside what came before. */
    private int twice() throws IOException {
        int twice = 0;
        for (Destination each : List.of(moody, later)) {
            twice += each.peer.received() - each.peer.digests().size();
        }
        return twice;
    }

    @Override
    public void close() {
        List.of(steady, moody, later).forEach(each -> each.peer.close());
    }
}
