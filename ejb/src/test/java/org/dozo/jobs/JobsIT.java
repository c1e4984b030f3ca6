// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.dozo.shared.Database;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobsIT {

    private static final Duration LONG = Duration.ofMinutes(5);

    private TestDatabase test;
    private Database database;
    private Jobs jobs;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        database = test.database();
        jobs = new Jobs(database);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private void announce(String key, int priority) throws SQLException {
        database.transaction(connection -> {
            jobs.announce(connection, new NewJob("forward", key, "{\"n\": 1}", priority));
            return key;
        });
    }

    private List<String> lease(int limit) throws SQLException {
        return jobs.lease("forward", limit, "node1", LONG).stream()
                .map(Lease::key)
                .toList();
    }

    private Lease leaseOne(Duration duration) throws SQLException {
        return jobs.lease("forward", 1, "node1", duration).getFirst();
    }

    private void complete(Lease lease) throws SQLException, LeaseLostException {
        database.transaction(connection -> {
            jobs.complete(connection, lease);
            return lease;
        });
    }

    private void fail(Lease lease, Duration delay) throws SQLException, LeaseLostException {
        database.transaction(connection -> {
            jobs.fail(connection, lease, delay, "no answer");
            return lease;
        });
    }

    /** As if so much time had gone by on the database's clock. */
    private void letTimePass(Duration time) throws SQLException {
        test.execute("UPDATE job SET due_at = due_at - interval '" + time.toMillis() + " milliseconds'");
    }

    @Test
    void aJobOfATransactionThatRollsBackWasNeverAnnounced() throws SQLException {
        assertThrows(
                IllegalStateException.class,
                () -> database.transaction(connection -> {
                    jobs.announce(connection, new NewJob("forward", "a", "{}", 5));
                    throw new IllegalStateException();
                }));
        assertEquals(Map.of(), jobs.counts());
    }

    @Test
    void announcedTwiceItIsOneJob() throws SQLException {
        announce("a", 5);
        announce("a", 5);
        assertEquals(Map.of("forward", new JobCounts(1, 0, 0)), jobs.counts());
    }

    @Test
    void theMostUrgentIsLeasedFirst() throws SQLException {
        announce("bulk", 0);
        announce("routine", 5);
        announce("stat", 9);
        announce("routine 2", 5);
        assertEquals(List.of("stat", "routine"), lease(2));
        assertEquals(List.of("routine 2", "bulk"), lease(5));
        assertEquals(List.of(), lease(5));
        assertEquals(Map.of("forward", new JobCounts(0, 4, 0)), jobs.counts());
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
        Set<String> different = new HashSet<>(all);
        assertEquals(different.size(), all.size());
        // SKIP LOCKED may make one who comes last see nothing; what is left is still there for the next.
        different.addAll(lease(300));
        assertEquals(300, different.size());
    }

    @Test
    void aCompletedJobIsGone() throws Exception {
        announce("a", 5);
        Lease lease = leaseOne(LONG);
        assertEquals("{\"n\": 1}", lease.payload());
        complete(lease);
        assertEquals(Map.of(), jobs.counts());
        assertThrows(LeaseLostException.class, () -> complete(lease));
    }

    @Test
    void anExpiredLeaseIsLeasableAgainAndItsOwnerIsFencedOut() throws Exception {
        announce("a", 5);
        Lease frozen = leaseOne(LONG);
        letTimePass(LONG);
        assertEquals(new JobCounts(1, 0, 0), jobs.counts().get("forward"));
        Lease taken = jobs.lease("forward", 1, "node2", LONG).getFirst();
        assertTrue(taken.epoch() > frozen.epoch());
        assertEquals(2, taken.attempt());
        assertThrows(LeaseLostException.class, () -> complete(frozen));
        assertThrows(LeaseLostException.class, () -> fail(frozen, Duration.ZERO));
        assertThrows(LeaseLostException.class, () -> jobs.extend(frozen, LONG));
        complete(taken);
    }

    @Test
    void anExpiredLeaseCompletesNothingEvenIfNobodyTookTheJob() throws Exception {
        announce("a", 5);
        Lease late = leaseOne(LONG);
        letTimePass(LONG);
        assertThrows(LeaseLostException.class, () -> complete(late));
        assertEquals(List.of("a"), lease(1));
    }

    @Test
    void aZombiesEffectIsRolledBackWithItsCompletion() throws Exception {
        test.execute("CREATE TABLE effect (id bigint)");
        announce("a", 5);
        Lease frozen = leaseOne(LONG);
        letTimePass(LONG);
        assertEquals(List.of("a"), lease(1));
        assertThrows(
                LeaseLostException.class,
                () -> database.transaction(connection -> {
                    connection.createStatement().execute("INSERT INTO effect VALUES (1)");
                    jobs.complete(connection, frozen);
                    return frozen;
                }));
        assertEquals(0, test.number("SELECT count(*) FROM effect"));
    }

    @Test
    void anExtendedLeaseLasts() throws Exception {
        announce("a", 5);
        Lease first = leaseOne(Duration.ofSeconds(10));
        Lease extended = jobs.extend(first, LONG);
        assertTrue(extended.expiresAt().isAfter(first.expiresAt()));
        letTimePass(Duration.ofSeconds(10));
        assertEquals(List.of(), lease(1));
        complete(extended);
    }

    @Test
    void aFailedJobIsDueAgainAfterItsDelay() throws Exception {
        announce("a", 5);
        fail(leaseOne(LONG), Duration.ofMinutes(1));
        assertEquals(List.of(), lease(1));
        letTimePass(Duration.ofMinutes(1));
        assertEquals(List.of("a"), lease(1));
    }

    @Test
    void afterItsLastAttemptAJobIsGivenUpAndOthersFlow() throws Exception {
        announce("poison", 9);
        announce("good", 5);
        for (int attempt = 1; attempt <= 10; attempt++) {
            Lease lease = leaseOne(LONG);
            assertEquals("poison", lease.key());
            assertEquals(attempt, lease.attempt());
            fail(lease, Duration.ZERO);
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
    }
}
