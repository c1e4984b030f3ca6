// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.dozo.dicom.DimseStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three nodes behind a balancer, with a database and its standby: A1, A3, A9, B1, B5, C12. */
class ClusterIT {

    private static final int SENDERS = 2;
    private static final int SLICE = 32 * 1024;
    private static final Duration ONE_DIES = Duration.ofSeconds(5);
    private static final Duration ONE_HANGS = Duration.ofSeconds(15);
    private static final Duration WRITE_GAP = Duration.ofSeconds(20);

    private static DozoNode cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = DozoNode.create("cluster").nodes(3).up();
    }

    @AfterAll
    static void end() throws IOException {
        cluster.close();
    }

    /**
     * Under load: nothing is lost, twice or torn afterwards, and senders have noticed it no longer than they may.
     *
     * @param faults how many there are in it
     */
    private static void rehearse(String name, int faults, Duration bound, Fault fault) throws Exception {
        long seed = System.nanoTime();
        Duration slowest;
        try (Rehearsal rehearsal = new Rehearsal(cluster, SENDERS, SLICE, seed)) {
            fault.happen(rehearsal);
            slowest = rehearsal.recoveries().stream().max(Duration::compareTo).orElse(Duration.ZERO);
        }
        Checker.check(cluster)
                .report(name, SENDERS + " senders", faults, 0, slowest, seed)
                .assertClean();
        assertTrue(slowest.compareTo(bound) <= 0, "senders noticed it for " + slowest);
    }

    /** Without load of its own. */
    private static void assertClean(String name, String load, int faults) throws Exception {
        Checker.check(cluster).report(name, load, faults, 0, Duration.ZERO, 0).assertClean();
    }

    private static void assertNothingRefused(Load load) {
        assertEquals(0, load.refused(), "refused: " + load.refusals());
    }

    @Test
    void aKilledNodeLosesNothingAndKeepsNobodyWaiting() throws Exception {
        rehearse("clusterNodeLoss", 2, ONE_DIES, rehearsal -> {
            NodeFaults.lose(rehearsal);
            NodeFaults.lose(rehearsal);
        });
    }

    @Test
    void aFrozenNodeIsGivenUpAndWhatItWritesLateIsRefused() throws Exception {
        rehearse("clusterFrozenNode", 1, ONE_HANGS, NodeFaults::freeze);
    }

    @Test
    void aDrainedNodeTurnsLateAssociationsAwayUntilItIsCalledBack() throws Exception {
        Web web = new Web(cluster);
        String drain = "/api/nodes/node3/drain";
        byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);
        assertEquals(200, web.post(drain, "application/json", nothing).statusCode());
        rehearse("clusterDrained", 1, ONE_DIES, rehearsal -> {
            Await.until("node3 is drained", ONE_DIES, () -> cluster.isNode(3, "DRAINING"));
            rehearsal.load().awaitStored(50);
            assertNothingRefused(rehearsal.load());
        });
        assertEquals(200, web.delete(drain).statusCode());
        Await.until("node3 is ready", ONE_DIES, () -> cluster.isNode(3, "READY"));
    }

    /** In the tunnel after an upgrade the balancer would not see what a caller says of himself; 192.0.2.1 is a stranger. */
    @Test
    void noUpgradeToHttp2LeadsPastTheBalancer() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpRequest request = HttpRequest.newBuilder(new Web(cluster).uri("/api/nodes"))
                    .header("X-Forwarded-For", "192.0.2.1")
                    .build();
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                assertEquals(200, answer.statusCode(), answer.body());
                assertEquals(HttpClient.Version.HTTP_1_1, answer.version());
            }
        }
    }

    @Test
    void anOrderlyStopFailsNoStore() throws Exception {
        rehearse("clusterDrain", 1, ONE_DIES, rehearsal -> stopInOrder(2, rehearsal.load()));
        cluster.start(2);
    }

    private static void stopInOrder(int node, Load load) throws Exception {
        load.awaitStored(50);
        Future<Shell.Result> stopped;
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            stopped = thread.submit(() -> cluster.dozo("node", "stop", "" + node));
            load.awaitStored(200);
        }
        assertEquals(0, stopped.get().exit(), stopped.get().output());
        assertNothingRefused(load);
    }

    @Test
    void theStandbyTakesOverAndNothingIsLost() throws Exception {
        assumePaired();
        rehearse("clusterDatabaseLoss", 1, WRITE_GAP, DatabaseFaults::lose);
    }

    private static void assumePaired() {
        Assumptions.assumeTrue(cluster.pair().isPaired(), "Debian's postgresql server is not installed");
    }

    @Test
    void withoutItsStandbyTheDatabaseAcknowledgesNothing() throws Exception {
        assumePaired();
        cluster.dozo("database", "stop", "standby").orFail();
        String study = "2.25." + System.nanoTime();
        TestObject object = TestObject.ct(study, study + ".1", study + ".1.1", SLICE);
        try (Sender sender = Sender.open(cluster)) {
            DimseStatus status = sender.store(object);
            assertFalse(status.isDone(), "acknowledged with one copy of the database only");
            assertEquals(0xA700, status.code());
        } finally {
            cluster.dozo("database", "start", "standby").orFail();
        }
        Await.until(
                "it can be stored again",
                Duration.ofSeconds(30),
                () -> store(object).isDone());
        assertClean("clusterStandbyLoss", "1 object", 1);
    }

    private static DimseStatus store(TestObject object) throws IOException {
        try (Sender sender = Sender.open(cluster)) {
            return sender.store(object);
        }
    }

    @Test
    void theNodesHearEachOther() throws Exception {
        Await.until("all nodes are in touch", ONE_HANGS.multipliedBy(2), cluster::isInTouch);
    }

    @Test
    void theSameObjectAtAllNodesAtOnceIsOne() throws Exception {
        String study = "2.25." + ThreadLocalRandom.current().nextLong(1L << 60);
        TestObject object = TestObject.ct(study, study + ".1", study + ".1.1", SLICE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<DimseStatus> sending = () -> store(object);
            for (Future<DimseStatus> answer : threads.invokeAll(
                    IntStream.range(0, 20).mapToObj(i -> sending).toList())) {
                assertEquals(DimseStatus.SUCCESS, answer.get());
            }
        }
        assertClean("clusterSameObject", "20 at once", 0);
    }

    @Test
    void theStatusSpeaksOfTheArchiveWhoeverAnswers() throws Exception {
        assertEquals(true, cluster.status().get("ready"));
        String text = cluster.dozo("status").orFail().output();
        for (String part : List.of("node3     ready (in rotation)", "balancer  DICOM " + cluster.dicomPort())) {
            assertTrue(text.contains(part), text);
        }
    }
}
