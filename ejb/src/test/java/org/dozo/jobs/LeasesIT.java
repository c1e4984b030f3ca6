// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dozo.shared.Database;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeasesIT {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final RetryPlan PLAN = new RetryPlan(10, Duration.ZERO, 1, Duration.ZERO, 0);

    private TestDatabase test;
    private Database database;
    private Jobs jobs;
    private Leases leases;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        database = test.database();
        jobs = new Jobs(database);
        leases = new Leases(database);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static JobKind kind(int batch) {
        return new JobKind("forward", 4, batch, 2, LONG, PLAN);
    }

    private static NewJob job(String key, int priority) {
        return new NewJob("forward", key, "{\"n\": 1}", priority);
    }

    private void announce(NewJob... some) throws SQLException {
        database.transaction(connection -> {
            jobs.announce(connection, List.of(some));
            return some;
        });
    }

    private void announce(String key, int priority) throws SQLException {
        announce(job(key, priority));
    }

    private List<Lease> take(int limit, String... without) throws SQLException {
        return leases.lease(kind(limit), "node1", Set.of(without), 0).leases();
    }

    private List<String> lease(int limit, String... without) throws SQLException {
        return take(limit, without).stream().map(Lease::key).toList();
    }

    private Lease leaseOne() throws SQLException {
        return take(1).getFirst();
    }

    private void complete(Lease... some) throws SQLException, LeaseLostException {
        database.transaction(connection -> {
            leases.complete(connection, List.of(some));
            return some;
        });
    }

    private boolean fail(Lease lease) throws SQLException, LeaseLostException {
        return database.transaction(connection -> leases.fail(connection, lease, Duration.ZERO, "no answer"));
    }

    private String state(String key) throws SQLException {
        return test.text("SELECT state FROM job WHERE job_key = '" + key + "'");
    }

    /** As if so much time had gone by on the database's clock, and a sweeper had come along. */
    private void letTimePass(Duration time) throws SQLException {
        test.execute("UPDATE job SET due_at = due_at - interval '" + time.toMillis() + " milliseconds'");
        leases.sweep();
    }

    @Test
    void aJobOfATransactionThatRollsBackWasNeverAnnounced() throws SQLException {
        assertThrows(
                IllegalStateException.class,
                () -> database.transaction(connection -> {
                    jobs.announce(connection, job("a", 5));
                    throw new IllegalStateException();
                }));
        assertEquals(Map.of(), jobs.counts());
    }

    @Test
    void announcedTwiceItIsOneJobOfTheHigherPriority() throws SQLException {
        announce("a", 5);
        announce("a", 9);
        announce("a", 1);
        assertEquals(Map.of("forward", new JobCounts(1, 0, 0)), jobs.counts());
        assertEquals(9, leaseOne().priority());
    }

    @Test
    void theMostUrgentIsLeasedFirstAndStatAlone() throws SQLException {
        announce("bulk", 0);
        announce("routine", 5);
        announce("stat", 9);
        announce("routine 2", 5);
        assertEquals(List.of("stat"), lease(2));
        assertEquals(List.of("routine", "routine 2", "bulk"), lease(5));
        assertEquals(List.of(), lease(5));
        assertEquals(Map.of("forward", new JobCounts(0, 4, 0)), jobs.counts());
    }

    @Test
    void aBatchIsOfOneLaneAndTheMostUrgentLaneComesFirst() throws SQLException {
        announce(
                job("a1", 5).inLane("A"),
                job("a2", 5).inLane("A"),
                job("b1", 7).inLane("B"),
                job("b2", 1).inLane("B"));
        assertEquals(List.of("b1", "b2"), lease(5));
        assertEquals(List.of("a1", "a2"), lease(5));
    }

    @Test
    void aLaneThatIsLeftOutKeepsItsJobs() throws SQLException {
        announce(job("a", 9).inLane("A"), job("b", 1).inLane("B"));
        assertEquals(List.of("b"), lease(5, "A"));
        assertEquals(List.of(), lease(5, "A"));
        assertEquals(List.of("a"), lease(5));
    }

    @Test
    void manyThatLeaseAtOnceNeverGetTheSameJob() throws Exception {
        for (int i = 0; i < 300; i++) {
            announce("job " + i, i % 10);
        }
        List<Callable<List<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(() -> {
                List<String> mine = new ArrayList<>();
                for (List<String> some = lease(7); !some.isEmpty(); some = lease(7)) {
                    mine.addAll(some);
                }
                return mine;
            });
        }
        List<String> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<List<String>> future : threads.invokeAll(calls)) {
                all.addAll(future.get());
            }
        }
        // SKIP LOCKED may make one who comes last see nothing; what is left is still there for the next.
        for (List<String> some = lease(300); !some.isEmpty(); some = lease(300)) {
            all.addAll(some);
        }
        assertEquals(300, all.size());
        assertEquals(300, new HashSet<>(all).size());
    }

    @Test
    void aCompletedJobIsGone() throws Exception {
        announce("a", 5);
        Lease lease = leaseOne();
        assertEquals("{\"n\": 1}", lease.payload());
        complete(lease);
        assertEquals(Map.of(), jobs.counts());
        assertThrows(LeaseLostException.class, () -> complete(lease));
    }

    @Test
    void manyAreCompletedTogetherOrNotAtAll() throws Exception {
        announce("a", 5);
        announce("b", 5);
        List<Lease> both = take(2);
        complete(both.getFirst());
        assertThrows(LeaseLostException.class, () -> complete(both.getFirst(), both.getLast()));
        assertEquals("LEASED", state("b"));
        complete(both.getLast());
    }

    @Test
    void announcedWhileItIsLeasedItRunsOnceMore() throws Exception {
        announce("a", 5);
        Lease first = leaseOne();
        announce("a", 7);
        announce("a", 5);
        assertEquals(List.of(), lease(1));
        complete(first);
        Lease second = leaseOne();
        assertEquals(7, second.priority());
        assertEquals(1, second.attempt());
        complete(second);
        assertEquals(Map.of(), jobs.counts());
    }

    @Test
    void aJobIsNotLeasedWhileATransactionThatAnnouncesItIsOpen() throws Exception {
        announce("a", 5);
        try (Connection open = test.unpooled().getConnection()) {
            open.setAutoCommit(false);
            jobs.announce(open, job("a", 5));
            assertEquals(List.of(), lease(1));
            open.commit();
        }
        assertEquals(List.of("a"), lease(1));
    }

    @Test
    void aDeadLetterThatIsAnnouncedAnewIsTriedAnew() throws Exception {
        announce("a", 5);
        Lease lease = leaseOne();
        boolean givenUp = database.transaction(connection -> leases.reject(connection, lease, "no such peer"));
        assertTrue(givenUp);
        assertEquals(List.of(), lease(1));
        announce("a", 5);
        assertEquals(1, leaseOne().attempt());
    }

    @Test
    void anExpiredLeaseIsLeasableAgainAndItsOwnerIsFencedOut() throws Exception {
        announce("a", 5);
        Lease frozen = leaseOne();
        letTimePass(LONG);
        Lease taken = leases.lease(kind(1), "node2", Set.of(), 0).leases().getFirst();
        assertTrue(taken.epoch() > frozen.epoch());
        assertEquals(2, taken.attempt());
        assertThrows(LeaseLostException.class, () -> complete(frozen));
        assertThrows(LeaseLostException.class, () -> fail(frozen));
        assertEquals(Set.of(), leases.extend(List.of(frozen), LONG));
        complete(taken);
    }

    @Test
    void anExpiredLeaseCompletesNothingEvenIfNobodyTookTheJob() throws Exception {
        announce("a", 5);
        Lease late = leaseOne();
        test.execute("UPDATE job SET due_at = due_at - interval '1 h'");
        assertThrows(LeaseLostException.class, () -> complete(late));
        leases.sweep();
        assertEquals(List.of("a"), lease(1));
    }

    @Test
    void aZombiesEffectIsRolledBackWithItsCompletion() throws Exception {
        test.execute("CREATE TABLE effect (id bigint)");
        announce("a", 5);
        Lease frozen = leaseOne();
        letTimePass(LONG);
        assertEquals(List.of("a"), lease(1));
        assertThrows(
                LeaseLostException.class,
                () -> database.transaction(connection -> {
                    connection.createStatement().execute("INSERT INTO effect VALUES (1)");
                    leases.complete(connection, List.of(frozen));
                    return frozen;
                }));
        assertEquals(0, test.number("SELECT count(*) FROM effect"));
    }

    @Test
    void whatANodeThatFrozeWritesOnTheWayIsRefused() throws Exception {
        announce("a", 5);
        Lease frozen = leaseOne();
        letTimePass(LONG);
        Lease taken = leaseOne();
        assertThrows(LeaseLostException.class, () -> hold(frozen));
        hold(taken);
        complete(taken);
    }

    private void hold(Lease lease) throws SQLException, LeaseLostException {
        database.<Boolean, LeaseLostException>transaction(connection -> {
            leases.hold(connection, lease);
            return true;
        });
    }

    @Test
    void whatOthersHaveAnnouncedMeanwhileIsFoundBeforeItIsSaidThatNothingIsLeft() throws Exception {
        LaneHeads heads = new LaneHeads();
        announce(job("a", 5).inLane("A"));
        assertEquals("A", leases.lease(kind(1), "node1", Set.of(), 0, heads).lane());
        announce(job("b", 5).inLane("B"));
        assertEquals("B", leases.lease(kind(1), "node1", Set.of(), 0, heads).lane());
        assertNull(leases.lease(kind(1), "node1", Set.of(), 0, heads).lane());
    }

    @Test
    void aLanePausedSinceTheLastLookIsNotLeased() throws Exception {
        LaneHeads heads = new LaneHeads();
        announce(job("a1", 5).inLane("A"), job("a2", 5).inLane("A"));
        assertEquals(
                1, leases.lease(kind(1), "node1", Set.of(), 0, heads).leases().size());
        test.execute("INSERT INTO job_pause (kind, lane) VALUES ('forward', 'A')");
        assertEquals(
                0, leases.lease(kind(1), "node1", Set.of(), 0, heads).leases().size());
        assertEquals("READY", state("a2"));
    }

    @Test
    void anExtendedLeaseLasts() throws Exception {
        announce("a", 5);
        Lease lease = leaseOne();
        assertEquals(Set.of(lease.jobId()), leases.extend(List.of(lease), LONG.multipliedBy(2)));
        letTimePass(LONG);
        assertEquals(List.of(), lease(1));
        complete(lease);
    }

    @Test
    void aLeaseThatItsOwnerIsAboutToEndIsNotWaitedFor() throws Exception {
        announce("a", 5);
        Lease lease = leaseOne();
        database.transaction(connection -> {
            leases.complete(connection, List.of(lease));
            return leases.extend(List.of(lease), LONG);
        });
        assertEquals(Map.of(), jobs.counts());
    }

    @Test
    void aFailedJobIsDueAgainAfterItsDelay() throws Exception {
        announce("a", 5);
        Lease lease = leaseOne();
        database.transaction(connection -> leases.fail(connection, lease, Duration.ofMinutes(1), "no answer"));
        // Announcing it anew does not make it hurry, unless it is more urgent.
        announce("a", 5);
        assertEquals(List.of(), lease(1));
        letTimePass(Duration.ofMinutes(1));
        assertEquals(List.of("a"), lease(1));
    }

    @Test
    void aJobPutOffHasLostNoAttempt() throws Exception {
        announce("a", 5);
        Lease lease = leaseOne();
        database.transaction(connection -> {
            leases.putOff(connection, lease, Duration.ofMinutes(1), "busy");
            return lease;
        });
        assertEquals(List.of(), lease(1));
        letTimePass(Duration.ofMinutes(1));
        assertEquals(1, leaseOne().attempt());
    }

    @Test
    void whatIsAnnouncedWhileItsJobPutsItselfOffIsDoneAtOnce() throws Exception {
        announce("a", 5);
        Lease lease = leaseOne();
        announce("a", 5);
        database.transaction(connection -> {
            leases.putOff(connection, lease, Duration.ofMinutes(1), "busy");
            return lease;
        });
        Lease again = leaseOne();
        assertEquals("a", again.key());
        assertEquals(1, again.attempt());
        database.transaction(connection -> {
            leases.putOff(connection, again, Duration.ofMinutes(1), "busy");
            return again;
        });
        assertEquals(List.of(), lease(1));
    }

    @Test
    void whatIsHandedBackIsThereAtOnceAndFencedOff() throws Exception {
        announce("a", 5);
        Lease lease = leaseOne();
        leases.handBack(List.of(lease));
        Lease other = leaseOne();
        assertEquals(1, other.attempt());
        assertThrows(LeaseLostException.class, () -> complete(lease));
    }

    @Test
    void aDelayedJobWaitsForItsTimeOrForAnAnnouncementWithoutDelay() throws Exception {
        announce(job("a", 5).delayed(Duration.ofMinutes(1)), job("b", 5).delayed(Duration.ofMinutes(1)));
        assertEquals(List.of(), lease(2));
        announce("b", 5);
        assertEquals(List.of("b"), lease(2));
        letTimePass(Duration.ofMinutes(1));
        assertEquals(List.of("a"), lease(2));
    }

    @Test
    void aJobWaitsForTheOneBeforeIt() throws Exception {
        announce("first", 5);
        announce(job("second", 9).after("forward", "first"), job("third", 9).after("forward", "nowhere"));
        leases.sweep();
        assertEquals(List.of("third"), lease(1));
        Lease first = leaseOne();
        assertEquals("first", first.key());
        complete(first);
        leases.sweep();
        assertEquals(List.of("second"), lease(5));
    }

    @Test
    void afterItsLastAttemptAJobIsGivenUpAndOthersFlow() throws Exception {
        announce("poison", 7);
        announce("good", 5);
        for (int attempt = 1; attempt <= 10; attempt++) {
            Lease lease = leaseOne();
            assertEquals("poison", lease.key());
            assertEquals(attempt, lease.attempt());
            assertEquals(attempt == 10, fail(lease));
            leases.sweep();
        }
        assertEquals(new JobCounts(1, 0, 1), jobs.counts().get("forward"));
        assertEquals(List.of("good"), lease(2));
    }

    @Test
    void aJobThatKillsItsNodeEveryTimeIsGivenUpToo() throws Exception {
        announce("poison", 5);
        for (int attempt = 1; attempt <= 10; attempt++) {
            assertEquals(List.of("poison"), lease(1));
            letTimePass(LONG);
        }
        assertEquals(List.of(), lease(1));
        assertEquals(new JobCounts(0, 0, 1), jobs.counts().get("forward"));
        assertTrue(test.text("SELECT last_error FROM job").contains("node1"));
    }

    /** What stands in a lane that is left out is not even looked at: counted in blocks, whatever the machine's speed. */
    @Test
    void aLongLaneCostsTheOthersNothing() throws Exception {
        test.execute("INSERT INTO job (kind, job_key, lane) SELECT 'forward', 'hanging ' || n, 'HANGING'"
                + " FROM generate_series(1, 10000) AS n");
        announce(job("a", 1).inLane("A"), job("z", 1).inLane("Z"));
        test.execute("ANALYZE job");
        assertTrue(blocksRead() < 100, () -> "a lease read many blocks");
        assertEquals(List.of("a"), lease(1, "HANGING"));
        assertEquals(List.of("z"), lease(1, "HANGING"));
    }

    /** Looks at all lanes, and counts the blocks that it took. */
    private long blocksRead() throws SQLException {
        try (Connection connection = test.unpooled().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + Leases.HEADS)) {
            Leases.bindHeads(statement, "forward");
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                Matcher blocks =
                        Pattern.compile("\"Shared Hit Blocks\": (\\d+)").matcher(row.getString(1));
                assertTrue(blocks.find());
                return Long.parseLong(blocks.group(1));
            }
        }
    }
}
