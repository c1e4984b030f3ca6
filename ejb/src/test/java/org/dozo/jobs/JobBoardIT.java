// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dozo.shared.Await;
import org.dozo.shared.Database;
import org.dozo.shared.FailureException;
import org.dozo.shared.NodeName;
import org.dozo.shared.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobBoardIT {

    private static final JobKind KIND = new JobKind(
            "forward", 4, 1, 2, JobKind.LEASE, new RetryPlan(3, Duration.ofHours(1), 1, Duration.ofHours(1), 0));

    private static final class Handler implements JobHandler {
        @Override
        public JobKind kind() {
            return KIND;
        }

        @Override
        public void run(JobRun run) {}

        @Override
        public String remedy() {
            return "Ask the radiologist";
        }
    }

    private TestDatabase test;
    private Database database;
    private Jobs jobs;
    private Leases leases;
    private JobBoard board;

    @BeforeEach
    void open() throws SQLException {
        test = TestDatabase.migrated();
        database = test.database();
        jobs = new Jobs(database);
        leases = new Leases(database);
        JobBell bell = new JobBell();
        // Never started: the tests lease by hand.
        JobRunner runner = new JobRunner(
                database,
                bell,
                new NodeName("node1"),
                JobSettings.DEFAULT,
                new SimpleMeterRegistry(),
                List.of(new Handler()),
                LocalTime::now);
        board = new JobBoard(database, runner, bell);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private void announce(String key, int priority, String lane) throws SQLException {
        database.transaction(connection -> {
            jobs.announce(connection, new NewJob("forward", key, "{}", priority).inLane(lane));
            return key;
        });
    }

    private List<Lease> lease() throws SQLException {
        return leases.lease(KIND, "node1", Set.of(), 0).leases();
    }

    private String leaseKey() throws SQLException {
        return lease().getFirst().key();
    }

    private void reject(Lease lease, String error) throws SQLException, LeaseLostException {
        database.transaction(connection -> leases.reject(connection, lease, error));
    }

    private static JobFilter filter(@Nullable String lane, @Nullable String state, @Nullable String error) {
        return new JobFilter(null, "forward", lane, state, null, error);
    }

    private List<String> keys(JobFilter filter) throws SQLException {
        return board.list(filter, 0, 100).stream().map(JobRow::key).toList();
    }

    @Test
    void pagesGiveEveryJobOnce() throws SQLException {
        for (int i = 0; i < 25; i++) {
            announce("job " + i, 5, "");
        }
        List<String> all = new ArrayList<>();
        long after = 0;
        for (List<JobRow> page = board.list(filter(null, null, null), after, 10);
                !page.isEmpty();
                page = board.list(filter(null, null, null), after, 10)) {
            page.forEach(job -> all.add(job.key()));
            after = page.getLast().id();
        }
        assertEquals(25, all.size());
        assertEquals(25, Set.copyOf(all).size());
        assertThrows(FailureException.class, () -> board.list(filter(null, null, null), 0, 1001));
    }

    @Test
    void aDeadLetterShowsReasonAttemptsAndRemedy() throws Exception {
        announce("a", 5, "PACS2");
        reject(lease().getFirst(), "PACS2 takes no CT");
        JobRow row = board.list(filter(null, "FAILED", "takes no ct"), 0, 10).getFirst();
        assertEquals("PACS2 takes no CT", row.error());
        assertEquals(1, row.attempts());
        assertEquals(3, row.maxAttempts());
        assertEquals("PACS2", row.lane());
        assertEquals("Ask the radiologist", row.remedy());
        assertEquals(List.of(), keys(filter(null, null, "takes no MR")));
        assertThrows(FailureException.class, () -> filter(null, "LOST", null));
    }

    @Test
    void retryTakesWhatTheFilterMeansAndNothingElse() throws Exception {
        announce("a", 5, "A");
        announce("b", 5, "B");
        reject(lease().getFirst(), "no answer");
        reject(lease().getFirst(), "no answer");
        assertEquals(1, board.retry(filter("B", null, "NO ANSWER")));
        Lease again = lease().getFirst();
        assertEquals("b", again.key());
        assertEquals(1, again.attempt());
        assertEquals(List.of("a"), keys(filter(null, "FAILED", null)));
        // One at work is not retried.
        assertEquals(0, board.retry(filter("B", null, null)));
    }

    @Test
    void retryMakesAJobThatWaitsHurry() throws Exception {
        announce("a", 5, "");
        Lease lease = lease().getFirst();
        database.transaction(connection -> leases.fail(connection, lease, Duration.ofHours(1), "no answer"));
        assertEquals(List.of(), lease());
        assertEquals(1, board.retry(JobFilter.ofId(lease.jobId())));
        assertEquals("a", leaseKey());
    }

    @Test
    void aCancelledJobIsGoneAndWhoDoesItIsRefused() throws Exception {
        announce("a", 5, "");
        announce("b", 5, "");
        Lease lease = lease().getFirst();
        assertEquals(1, board.cancel(JobFilter.ofId(lease.jobId())));
        assertEquals(Set.of(), leases.extend(List.of(lease), JobKind.LEASE));
        assertThrows(
                LeaseLostException.class,
                () -> database.transaction(connection -> {
                    leases.complete(connection, List.of(lease));
                    return lease;
                }));
        assertEquals(List.of("b"), keys(filter(null, null, null)));
        assertEquals(1, board.cancel(filter(null, null, null)));
        assertEquals(Map.of(), jobs.counts());
    }

    @Test
    void manyAreChangedByPortions() throws Exception {
        test.execute(
                "INSERT INTO job (kind, job_key) SELECT 'forward', 'job ' || n FROM generate_series(1, 10001) AS n");
        assertEquals(10001, board.prioritise(filter(null, null, null), 1));
        assertEquals(0, board.prioritise(filter(null, null, null), 1));
        assertEquals(10001, board.cancel(filter(null, null, null)));
    }

    /** Announcers hold jobs in the order of their names; an operator who held some while waiting for others would stop both. */
    @Test
    void anOperatorHoldsNoJobWhileHeWaitsForAnother() throws Exception {
        announce("b", 5, "");
        announce("a", 5, "");
        try (ExecutorService operator = Executors.newSingleThreadExecutor()) {
            Future<Long> hurried = database.transaction(connection -> {
                jobs.announce(connection, new NewJob("forward", "a", "{}", 6));
                Future<Long> change = operator.submit(() -> board.prioritise(filter(null, null, null), 7));
                Await.until("the operator waits", () -> test.waitingForLocks() > 0);
                jobs.announce(connection, new NewJob("forward", "b", "{}", 6));
                return change;
            });
            assertEquals(2, hurried.get());
        }
        assertEquals(2, test.number("SELECT count(*) FROM job WHERE priority = 7"));
    }

    @Test
    void aJobThatIsGivenAnotherPriorityComesFirst() throws Exception {
        announce("a", 5, "");
        announce("b", 5, "");
        assertEquals(1, board.prioritise(new JobFilter(null, "forward", null, null, "b", null), NewJob.STAT));
        assertEquals("b", leaseKey());
        assertThrows(FailureException.class, () -> board.prioritise(filter(null, null, null), 10));
    }

    @Test
    void aPausedLaneWaitsAndAPausedKindToo() throws Exception {
        announce("a", 9, "A");
        announce("b", 5, "B");
        board.pause("forward", "A", "PACS A is being upgraded");
        assertEquals("b", leaseKey());
        assertEquals(List.of(), lease());
        board.pause("forward", null, "all stop");
        assertEquals(2, board.pauses().size());
        assertTrue(board.resume("forward", "A"));
        assertEquals(List.of(), lease());
        assertTrue(board.resume("forward", null));
        assertFalse(board.resume("forward", null));
        assertEquals("a", leaseKey());
        assertThrows(FailureException.class, () -> board.pause("foward", null, ""));
    }
}
