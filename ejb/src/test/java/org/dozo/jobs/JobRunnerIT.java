// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.dozo.shared.Await;
import org.dozo.shared.Database;
import org.dozo.shared.NodeName;
import org.dozo.shared.SqlWork;
import org.dozo.shared.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobRunnerIT {

    private static final RetryPlan THREE = new RetryPlan(3, Duration.ZERO, 1, Duration.ZERO, 0);

    /** Handles by what a test gives it, and knows what was done and by how many at once. */
    private final class Handler implements JobHandler {
        private final JobKind kind;
        private final Work work;

        Handler(JobKind kind, Work work) {
            this.kind = kind;
            this.work = work;
        }

        @Override
        public JobKind kind() {
            return kind;
        }

        @Override
        public void run(JobRun run) throws Exception {
            for (Lease lease : run.leases()) {
                assertTrue(busy.add(lease.key()), "two do one job");
            }
            try {
                work.run(run);
            } finally {
                run.leases().forEach(lease -> busy.remove(lease.key()));
            }
        }
    }

    private interface Work {
        void run(JobRun run) throws Exception;
    }

    /** A database that a node is cut off from. */
    private static final class CutDatabase extends Database {
        private volatile boolean cut;

        CutDatabase(DataSource source) {
            super(source);
        }

        @Override
        public <T, X extends Exception> T transaction(SqlWork<T, X> work) throws SQLException, X {
            if (cut) {
                throw new SQLTransientConnectionException("The cable is cut", "08001");
            }
            return super.transaction(work);
        }
    }

    /** A pool of so many connections: whoever finds none in a second is refused. */
    private static DataSource bounded(DataSource source, int size) {
        Semaphore free = new Semaphore(size);
        return (DataSource) Proxy.newProxyInstance(
                JobRunnerIT.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, none) -> {
                    if (!free.tryAcquire(1, TimeUnit.SECONDS)) {
                        throw new SQLTransientConnectionException("No connection is free");
                    }
                    return returning(source.getConnection(), free);
                });
    }

    private static Connection returning(Connection connection, Semaphore free) {
        return (Connection) Proxy.newProxyInstance(
                JobRunnerIT.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        free.release();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
    private final List<JobRunner> runners = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private volatile LocalTime time = LocalTime.NOON;
    private JobSettings settings = new JobSettings(Duration.ofMillis(100), Map.of(), Map.of());

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
        never.countDown();
        runners.forEach(JobRunner::stop);
        test.close();
    }

    private static JobKind kind(int concurrency, int batch, int laneConcurrency) {
        return new JobKind("forward", concurrency, batch, laneConcurrency, JobKind.LEASE, THREE);
    }

    private static JobKind shortLease() {
        return new JobKind("forward", 1, 1, 1, Duration.ofSeconds(1), THREE);
    }

    private JobRunner start(Database source, JobBell bell, String node, JobKind kind, Work work) {
        JobRunner runner = new JobRunner(
                source, bell, new NodeName(node), settings, meters, List.of(new Handler(kind, work)), () -> time);
        runners.add(runner);
        runner.start();
        return runner;
    }

    private JobRunner start(JobKind kind, Work work) {
        return start(database, new JobBell(), "node1", kind, work);
    }

    private void announce(NewJob... some) throws SQLException {
        database.transaction(connection -> {
            jobs.announce(connection, List.of(some));
            return some;
        });
    }

    private static NewJob job(String key) {
        return new NewJob("forward", key, "{}", NewJob.ROUTINE);
    }

    private static NewJob stat(String key) {
        return new NewJob("forward", key, "{}", NewJob.STAT);
    }

    private void complete(JobRun run) throws Exception {
        complete(database, run);
    }

    private void complete(Database source, JobRun run) throws Exception {
        source.transaction(connection -> {
            run.complete(connection, run.leases());
            return run;
        });
        run.leases().forEach(lease -> done.add(lease.key()));
    }

    private void awaitDone(int jobsDone) throws Exception {
        Await.until(jobsDone + " jobs done", () -> done.size() >= jobsDone);
    }

    private void awaitState(String key, String state) throws Exception {
        Await.until(
                key + " is " + state,
                () -> test.number("SELECT count(*) FROM job WHERE job_key = ? AND state = ?", key, state) == 1);
    }

    @Test
    void twoNodesNeverDoOneJobAtOnceNorTwice() throws Exception {
        test.execute("INSERT INTO job (kind, job_key, lane) SELECT 'forward', 'job ' || n, 'lane ' || n % 5"
                + " FROM generate_series(1, 1000) AS n");
        start(kind(8, 5, 2), this::complete);
        start(test.database(), new JobBell(), "node2", kind(8, 5, 2), this::complete);
        awaitDone(1000);
        Await.until("no job is left", () -> jobs.counts().isEmpty());
        assertEquals(1000, done.size());
        assertEquals(1000, Set.copyOf(done).size());
    }

    @Test
    void theJobsOfANodeThatDiesAreDoneByOthersWhenItsLeaseIsOver() throws Exception {
        CutDatabase cut = new CutDatabase(test.pooled());
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean heardOfIt = new AtomicBoolean();
        AtomicReference<Throwable> refused = new AtomicReference<>();
        start(cut, new JobBell(), "node1", shortLease(), run -> {
            begun.countDown();
            Await.until("the zombie knows", run::isStopping);
            heardOfIt.set(true);
            // From now on it is right that another does the job.
            busy.clear();
            Await.until("others are done", () -> done.size() == 1);
            refused.set(assertThrows(LeaseLostException.class, () -> complete(database, run)));
        });
        announce(job("a"));
        begun.await();
        cut.cut = true;
        long start = System.nanoTime();
        start(test.database(), new JobBell(), "node2", shortLease(), this::complete);
        awaitDone(1);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, took::toString);
        Await.until("the zombie was refused", () -> refused.get() != null);
        assertTrue(heardOfIt.get());
        assertEquals(List.of("a"), List.copyOf(done));
    }

    @Test
    void aJobMayTakeLongerThanItsLease() throws Exception {
        Work slow = run -> {
            long start = System.nanoTime();
            Await.until("long over", () -> System.nanoTime() - start > 2_500_000_000L);
            assertFalse(run.isStopping());
            complete(run);
        };
        start(shortLease(), slow);
        start(test.database(), new JobBell(), "node2", shortLease(), slow);
        announce(job("a"));
        awaitDone(1);
        Await.until("no job is left", () -> jobs.counts().isEmpty());
        assertEquals(1, done.size());
    }

    @Test
    void statGoesPastTenThousandThatWaitAndThoseThatRun() throws Exception {
        test.execute(
                "INSERT INTO job (kind, job_key) SELECT 'forward', 'job ' || n FROM generate_series(1, 10000) AS n");
        CountDownLatch full = new CountDownLatch(2);
        start(kind(2, 10, 2), run -> {
            if (run.leases().getFirst().priority() == NewJob.STAT) {
                complete(run);
            } else {
                full.countDown();
                never.await();
            }
        });
        full.await();
        announce(stat("stat"));
        awaitDone(1);
        assertEquals(List.of("stat"), List.copyOf(done));
    }

    /** All may be waiting for a slow disk or a lock: what is stored, and what is urgent, finds a connection all the same. */
    @Test
    void jobsThatHoldTheirShareOfTheConnectionsLeaveTheOthersToStoreAndToStat() throws Exception {
        settings = new JobSettings(settings.drain(), Map.of(), Map.of(), 3);
        Database small = new Database(bounded(test.pooled(), 6));
        CountDownLatch exhausted = new CountDownLatch(3);
        AtomicInteger holding = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(10);
        start(small, new JobBell(), "node1", kind(10, 1, 10), run -> {
            if (run.leases().getFirst().priority() == NewJob.STAT) {
                complete(small, run);
                return;
            }
            begun.countDown();
            small.<Boolean, InterruptedException>transaction(connection -> {
                holding.incrementAndGet();
                exhausted.countDown();
                never.await();
                return true;
            });
        });
        for (int i = 0; i < 10; i++) {
            announce(job("slow " + i));
        }
        begun.await();
        exhausted.await();
        for (int i = 1; i <= 5; i++) {
            assertEquals(1, small.<Integer, SQLException>transaction(JobRunnerIT::store));
            announce(stat("stat " + i));
            awaitDone(i);
        }
        assertEquals(3, holding.get());
    }

    private static int store(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(
                    "INSERT INTO job_pause (kind, lane) VALUES ('stored', '" + UUID.randomUUID() + "')");
        }
    }

    @Test
    void lanesThatHangKeepNoOtherWaiting() throws Exception {
        test.execute("INSERT INTO job (kind, job_key, lane) SELECT 'forward', 'hangs ' || n, 'HANGS' || n % 3"
                + " FROM generate_series(1, 3000) AS n");
        CountDownLatch full = new CountDownLatch(4);
        start(kind(4, 1, 2), run -> {
            if (run.leases().getFirst().lane().startsWith("HANGS")) {
                full.countDown();
                never.await();
            }
            complete(run);
        });
        full.await();
        for (int i = 0; i < 50; i++) {
            announce(job("good " + i).inLane("GOOD"));
        }
        awaitDone(50);
        assertTrue(done.stream().allMatch(key -> key.startsWith("good")));
    }

    @Test
    void poisonBecomesADeadLetterAndOthersFlow() throws Exception {
        start(kind(1, 1, 1), run -> {
            if (run.leases().getFirst().key().equals("poison")) {
                throw new IllegalStateException("it is poison");
            }
            complete(run);
        });
        announce(stat("poison"), job("a"), job("b"));
        awaitDone(2);
        awaitState("poison", "FAILED");
        assertEquals("it is poison", test.text("SELECT last_error FROM job"));
        assertEquals(3, test.number("SELECT attempts FROM job"));
        assertEquals(1, meters.get("dozo.jobs.dead").counter().count());
    }

    @Test
    void aJobThatItsHandlerForgetsHasFailed() throws Exception {
        start(kind(1, 1, 1), run -> {});
        announce(job("a"));
        awaitState("a", "FAILED");
        assertEquals("The handler ended without a word of this job", test.text("SELECT last_error FROM job"));
    }

    @Test
    void whatWasRolledBackHasNotEnded() throws Exception {
        start(
                kind(1, 2, 1),
                run -> database.transaction(connection -> {
                    run.complete(connection, run.leases());
                    throw new IllegalStateException("rolled back");
                }));
        announce(job("a"), job("b"));
        awaitState("a", "FAILED");
        awaitState("b", "FAILED");
    }

    @Test
    void aNodeThatStopsHandsBackWhatItHas() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        JobRunner first = start(kind(1, 5, 1), run -> {
            begun.countDown();
            never.await();
        });
        announce(job("a"), job("b"));
        begun.await();
        first.stop();
        assertEquals(0, test.number("SELECT sum(attempts) FROM job"));
        assertEquals(2, test.number("SELECT count(*) FROM job WHERE state = 'READY'"));
        start(test.database(), new JobBell(), "node2", kind(1, 5, 1), this::complete);
        awaitDone(2);
    }

    @Test
    void outsideItsWindowOnlyStatIsDone() throws Exception {
        settings = new JobSettings(settings.drain(), Map.of("forward", List.of(Window.parse("22:00-06:00"))), Map.of());
        start(kind(4, 1, 4), this::complete);
        announce(job("nightly"));
        for (int i = 1; i <= 3; i++) {
            announce(stat("stat " + i));
            awaitDone(i);
        }
        assertFalse(done.contains("nightly"));
        time = LocalTime.of(23, 0);
        awaitDone(4);
        assertTrue(done.contains("nightly"));
    }

    @Test
    void theBellIsHeardLongBeforeTheSweeper() throws Exception {
        AtomicReference<JobRunner> hears = new AtomicReference<>();
        JobBell bell = new JobBell((kind, priority) -> hears.get().heard(kind, priority));
        hears.set(start(database, bell, "node1", kind(1, 1, 1), this::complete));
        jobs = new Jobs(database, bell);
        long start = System.nanoTime();
        for (int i = 1; i <= 30; i++) {
            announce(job("job " + i));
            awaitDone(i);
        }
        // By the sweeper alone they take 30 s.
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(Duration.ofSeconds(15)) < 0, took::toString);
        assertTrue(meters.get("dozo.jobs.bells").counter().count() > 0);
    }

    @Test
    void aBellThatIsLostLosesNoWork() throws Exception {
        JobBell bell = new JobBell((kind, priority) -> {
            throw new IllegalStateException("The broker is gone");
        });
        start(database, bell, "node1", kind(1, 1, 1), this::complete);
        jobs = new Jobs(database, bell);
        announce(job("a"));
        awaitDone(1);
    }

    @Test
    void settingsOfAKindThatThereIsNotStopTheStart() {
        settings = new JobSettings(settings.drain(), Map.of(), Map.of("foward", 2));
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> start(kind(1, 1, 1), this::complete));
        assertTrue(refusal.getMessage().contains("foward"), refusal::getMessage);
        assertTrue(refusal.getMessage().contains("forward"), refusal::getMessage);
    }
}
