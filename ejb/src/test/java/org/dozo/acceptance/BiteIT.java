// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.dozo.acceptance.DoomedNode.Acknowledgement;
import org.dozo.index.DuplicatePolicy;
import org.dozo.index.InstanceIndex;
import org.dozo.index.NewInstance;
import org.dozo.index.PatientRegistry;
import org.dozo.index.Recorded;
import org.dozo.shared.Await;
import org.dozo.shared.FailureException;
import org.dozo.shared.TestDatabase;
import org.dozo.storage.CopyLedger;
import org.dozo.storage.Mount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cores of the rehearsals A1, A3, A7, B5 and C12, each with its safeguards, and with one of them off: then the checker of the
 * deployed tests must notice. A rehearsal that would pass either way guards nothing.
 */
@Timeout(240)
class BiteIT {

    private static final String STUDY = "1.2.9";

    /** Room for a journal in which nothing has to be made room for meanwhile. */
    private static final int DISK_MEBIBYTES = 40;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private TestDatabase test;
    private final SentObjects sent = new SentObjects();

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        for (int node = 1; node <= 3; node++) {
            BareNode.register(test, "node" + node);
        }
    }

    @AfterEach
    void close() {
        test.close();
    }

    private record Site(TestDatabase test, Map<String, Path> volumes, SentObjects sent) implements Holdings {

        @Override
        public Connection database() throws SQLException {
            return test.unpooled().getConnection();
        }

        @Override
        public int minCopies() {
            return volumes.size();
        }
    }

    private Collection<Path> volumes() {
        return List.of(directory.resolve("v0"), directory.resolve("v1"));
    }

    private Holdings site(TestDatabase database, Collection<Path> volumes) {
        Map<String, Path> named = new LinkedHashMap<>();
        volumes.forEach(volume -> named.put("v" + named.size(), volume));
        return new Site(database, named, sent);
    }

    private Holdings site() {
        return site(test, volumes());
    }

    /** What is said of an archive in the end. */
    @FunctionalInterface
    private interface Judging {
        Verdict of(Holdings archive) throws Exception;
    }

    /** A ledger that answers for itself whether a node is lost. */
    private record Sight(CopyLedger real, BooleanSupplier lost) implements CopyLedger {

        @Override
        public boolean isRecorded(String objectName, short volumeId) throws IOException {
            return real.isRecorded(objectName, volumeId);
        }

        @Override
        public boolean isLost(String node) {
            return lost.getAsBoolean();
        }
    }

    private static void assertLost(Verdict verdict) {
        assertFalse(verdict.lost().isEmpty(), () -> "the checker has not noticed: " + verdict);
        assertThrows(AssertionError.class, verdict::assertClean);
    }

    /** A1. */
    @Test
    void aKilledNodeLosesNothingAndLeavesNothing() throws Exception {
        killUnderLoad(Acknowledgement.AFTER_COMMIT, ledger -> ledger, Checker::check)
                .assertClean();
    }

    @Test
    void aNodeThatAcknowledgesBeforeItsCommitIsNoticed() throws Exception {
        assertLost(killUnderLoad(Acknowledgement.BEFORE_COMMIT, ledger -> ledger, Checker::look));
    }

    @Test
    void survivorsThatDoNotSettleWhatWasUnderWayAreNoticed() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        BooleanSupplier never = () -> asked.incrementAndGet() < 0;
        Verdict verdict = killUnderLoad(Acknowledgement.AFTER_COMMIT, ledger -> new Sight(ledger, never), archive -> {
            awaitTwoRounds(asked);
            return Checker.look(archive);
        });
        assertFalse(verdict.orphans().isEmpty(), () -> "the checker has not noticed: " + verdict);
        assertEquals(List.of(), verdict.lost());
    }

    /** Recovery asks once a round on each volume where it finds something of another node. */
    private void awaitTwoRounds(AtomicInteger asked) throws Exception {
        int before = asked.get();
        Await.until(
                "recovery has looked again",
                PATIENCE,
                () -> asked.get() >= before + 2 * volumes().size());
    }

    /** Kills a node while each of its senders is in the middle of an object; another node has been there all the time. */
    private Verdict killUnderLoad(Acknowledgement when, UnaryOperator<CopyLedger> sight, Judging judging)
            throws Exception {
        try (BareNode survivor = new BareNode("node2", test.unpooled(), volumes(), BareNode.index(), sight);
                DoomedNode doomed = DoomedNode.start(List.of(), test, when, volumes(), sent)) {
            doomed.awaitMidst();
            doomed.kill();
            BareNode.giveUp(test, "node1");
            survivor.take(Slice.of(STUDY, 1, 1), sent);
            return judging.of(site());
        }
    }

    /** A3. */
    @Test
    void aNodeThatIsOnlySlowIsLeftAlone() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        UnaryOperator<CopyLedger> counting = ledger -> new Sight(ledger, () -> isLost(ledger, asked));
        writeLate(counting, () -> awaitTwoRounds(asked), Checker::check).assertClean();
        assertTrue(sent.isAcknowledged(late().uid()));
    }

    private static boolean isLost(CopyLedger ledger, AtomicInteger asked) {
        asked.incrementAndGet();
        try {
            return ledger.isLost("node1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void survivorsThatTakeASlowNodeForLostAreNoticed() throws Exception {
        assertLost(writeLate(ledger -> new Sight(ledger, () -> true), this::awaitSettled, Checker::look));
    }

    @Test
    void whatANodeWritesLateIsRefused() throws Exception {
        writeLate(ledger -> ledger, this::giveUpAndSettle, Checker::check).assertClean();
        assertFalse(sent.isAcknowledged(late().uid()));
    }

    @Test
    void aLateWriteThatIsNotRefusedIsNoticed() throws Exception {
        test.execute("CREATE OR REPLACE FUNCTION require_term(node_name text, term bigint) RETURNS boolean"
                + " LANGUAGE sql AS 'SELECT true'");
        assertLost(writeLate(ledger -> ledger, this::giveUpAndSettle, Checker::look));
    }

    private void giveUpAndSettle() throws Exception {
        BareNode.giveUp(test, "node1");
        awaitSettled();
    }

    private void awaitSettled() throws Exception {
        Await.until("nothing of node1 is in staging", PATIENCE, () -> {
            for (Path volume : volumes()) {
                try (DirectoryStream<Path> left = Files.newDirectoryStream(volume.resolve("staging"), "node1-*")) {
                    if (left.iterator().hasNext()) {
                        return false;
                    }
                }
            }
            return true;
        });
    }

    private static Slice late() {
        return Slice.of(STUDY, 1, 1);
    }

    @FunctionalInterface
    private interface Meanwhile {
        void happens() throws Exception;
    }

    /** A node stops between the last fsync and the commit of an object, and goes on after something has happened. */
    private Verdict writeLate(UnaryOperator<CopyLedger> sight, Meanwhile meanwhile, Judging judging) throws Exception {
        SlowIndex index = new SlowIndex();
        try (BareNode survivor = new BareNode("node2", test.unpooled(), volumes(), BareNode.index(), sight);
                BareNode slow = new BareNode("node1", test.unpooled(), volumes(), index, ledger -> ledger);
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Boolean> acknowledged = thread.submit(() -> isTaken(slow, late()));
            index.awaitReached();
            try {
                meanwhile.happens();
            } finally {
                index.goOn();
            }
            boolean answer = acknowledged.get();
            assertEquals(answer, sent.isAcknowledged(late().uid()));
            survivor.take(Slice.of(STUDY, 2, 2), sent);
            return judging.of(site());
        }
    }

    private boolean isTaken(BareNode node, Slice slice) throws IOException {
        try {
            node.take(slice, sent);
            return true;
        } catch (FailureException e) {
            return false;
        }
    }

    /** Records the first object of a series only when it is told to. */
    private static final class SlowIndex extends InstanceIndex {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch going = new CountDownLatch(1);

        SlowIndex() {
            super(new PatientRegistry(), DuplicatePolicy.KEEP_FIRST);
        }

        void awaitReached() throws InterruptedException {
            assertTrue(reached.await(30, TimeUnit.SECONDS), "the object is not staged");
        }

        void goOn() {
            going.countDown();
        }

        @Override
        public Recorded record(Connection connection, NewInstance newcomer) throws SQLException {
            reached.countDown();
            try {
                assertTrue(going.await(60, TimeUnit.SECONDS), "nobody lets it go on");
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
            return super.record(connection, newcomer);
        }
    }

    /** A7. */
    @Test
    void aPowerCutLosesNothingThatWasAcknowledged() throws Exception {
        cutPower(List.of(), Checker::check).assertClean();
    }

    @Test
    void aDiskThatPromisesToKeepWhatItDoesNotIsNoticed() throws Exception {
        List<String> lying = List.of(
                "strace",
                "-f",
                "-o",
                "/dev/null",
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                "inject=fsync,fdatasync:retval=0");
        try {
            Mount.run("strace", "-e", "trace=none", "true");
        } catch (IOException e) {
            assumeTrue(false, "strace does not work here");
        }
        assertLost(cutPower(lying, Checker::look));
    }

    /**
     * The disk is a file: a copy of it in the middle of the load has what the file system had handed to the disk, and nothing of what
     * it kept in memory. With that the node starts again.
     */
    private Verdict cutPower(List<String> tool, Judging judging) throws Exception {
        assumeTrue(Mount.works(), "no loop devices here");
        Path at = directory.resolve("cut");
        Path left = directory.resolve("left");
        List<Path> volume = List.of(at);
        try (Mount disk = Mount.ext4(at, DISK_MEBIBYTES)) {
            // Of itself the file system writes nothing out while this lasts.
            disk.remount("commit=600");
            BareNode.open("node1", test.unpooled(), volume).close();
            Mount.run("sync", "-f", at.toString());
            try (DoomedNode doomed = DoomedNode.start(tool, test, Acknowledgement.AFTER_COMMIT, volume, sent)) {
                doomed.awaitMidst();
                doomed.freeze();
                Files.copy(Mount.image(at), left);
            }
        }
        Files.move(left, Mount.image(at), StandardCopyOption.REPLACE_EXISTING);
        try (Mount _ = Mount.ext4(at, DISK_MEBIBYTES);
                BareNode _ = BareNode.open("node1", test.unpooled(), volume)) {
            return judging.of(site(test, volume));
        }
    }

    /** B5. */
    @Test
    void whatDidNotReachTheStandbyIsNotAcknowledged() throws Exception {
        loseStandbyThenPrimary(real -> real, Checker::check).assertClean();
    }

    @Test
    void commitsThatDoNotWaitForTheStandbyAreNoticed() throws Exception {
        assertLost(loseStandbyThenPrimary(Tampered::withoutStandby, Checker::look));
    }

    @Test
    void aWaitForTheStandbyThatWasCancelledAndTakenForSuccessIsNoticed() throws Exception {
        assertLost(loseStandbyThenPrimary(Tampered::withoutWarnings, Checker::look));
    }

    /** The standby is lost; an object is sent; the primary is lost, and the standby, as it was, is all there is. */
    private Verdict loseStandbyThenPrimary(UnaryOperator<DataSource> tampering, Judging judging) throws Exception {
        try (BareNode node = BareNode.open("node1", test.unpooled(), volumes())) {
            node.take(Slice.of(STUDY, 1, 1), sent);
        }
        TestDatabase standby = test.copy();
        AtomicBoolean lost = new AtomicBoolean();
        DataSource primary = tampering.apply(Tampered.untilLost(test.unpooled(), lost::get));
        try (BareNode node = BareNode.open("node1", primary, volumes());
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            test.requireMissingStandby(true);
            try {
                Future<Boolean> taken = thread.submit(() -> isTaken(node, Slice.of(STUDY, 2, 2)));
                awaitWithoutStandby("the answer", taken::isDone);
                boolean answer = taken.get();
                assertEquals(answer, sent.isAcknowledged(STUDY + ".1.2"));
                // Recovery asks, too, and must not be answered by a primary that needs no standby any more.
                lost.set(true);
                awaitWithoutStandby("the primary is left", () -> connections() == 0);
            } finally {
                test.requireMissingStandby(false);
            }
        }
        try (BareNode node = BareNode.open("node1", standby.unpooled(), volumes())) {
            node.take(Slice.of(STUDY, 3, 3), sent);
            return judging.of(site(standby, volumes()));
        } finally {
            standby.close();
        }
    }

    private void awaitWithoutStandby(String what, Callable<Boolean> condition) throws Exception {
        Await.until(what, PATIENCE, () -> {
            test.endWaitForStandby("pg_cancel_backend");
            return condition.call();
        });
    }

    private long connections() throws SQLException {
        return test.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND backend_type = 'client backend' AND pid <> pg_backend_pid()");
    }

    /** C12. */
    @Test
    void theSameObjectAtThreeNodesAtOnceIsOne() throws Exception {
        sendTwentyTimes(real -> real).assertClean();
        assertEquals(1, test.number("SELECT count(*) FROM instance"));
        assertEquals(2, test.number("SELECT count(*) FROM stored_object"));
    }

    @Test
    void instancesWithoutAKeyAreNoticed() throws Exception {
        test.execute("ALTER TABLE instance DROP CONSTRAINT instance_sop_instance_uid_key");
        assertTwice(sendTwentyTimes(
                real -> Tampered.rewriting(real, sql -> sql.replace("ON CONFLICT (sop_instance_uid) DO NOTHING", ""))));
    }

    @Test
    void contentsWithoutAKeyAreNoticed() throws Exception {
        String key = "(instance_fk, data_set_sha256, transfer_syntax_uid)";
        test.execute("ALTER TABLE stored_object DROP CONSTRAINT " + test.text("""
                SELECT conname FROM pg_constraint WHERE conrelid = 'stored_object'::regclass
                AND pg_get_constraintdef(oid) = 'UNIQUE %s'""".formatted(key)));
        assertTwice(sendTwentyTimes(
                real -> Tampered.rewriting(real, sql -> sql.replace("ON CONFLICT " + key + " DO NOTHING", ""))));
    }

    private static void assertTwice(Verdict verdict) {
        assertFalse(verdict.duplicates().isEmpty(), () -> "the checker has not noticed: " + verdict);
        assertThrows(AssertionError.class, verdict::assertClean);
    }

    /** The same object to three nodes in turn, twenty times at once, and then other content the same way. */
    private Verdict sendTwentyTimes(UnaryOperator<DataSource> tampering) throws Exception {
        List<BareNode> nodes = new ArrayList<>();
        try {
            for (int node = 1; node <= 3; node++) {
                nodes.add(BareNode.open("node" + node, tampering.apply(test.unpooled()), volumes()));
            }
            for (int content = 1; content <= 2; content++) {
                Slice slice = Slice.of(STUDY, 1, content);
                CyclicBarrier start = new CyclicBarrier(20);
                try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    List<Future<?>> all = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                        BareNode node = nodes.get(i % 3);
                        all.add(threads.submit(() -> {
                            start.await();
                            node.take(slice, sent);
                            return slice;
                        }));
                    }
                    for (Future<?> each : all) {
                        each.get();
                    }
                }
            }
            return Checker.look(site());
        } finally {
            nodes.forEach(BareNode::close);
        }
    }
}
