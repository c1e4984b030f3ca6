// SPDX-License-Identifier: Apache-2.0
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.dozo.jobs.JobBell;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.JobRunner;
import org.dozo.jobs.JobSettings;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.NewJob;
import org.dozo.jobs.RetryPlan;
import org.dozo.shared.Database;
import org.dozo.shared.NodeName;
import org.dozo.shared.SqlBinding;
import org.dozo.shared.SqlReading;
import org.dozo.shared.SqlWork;

/**
 * Measures how long a lease takes in a table of many queued jobs, while jobs are done all the time; and how soon a STAT job begins.
 *
 * <pre>java -cp … JobBench JDBC-URL QUEUED LANES DONE BATCH   (password of the superuser postgres in DOZO_DATABASE_PASSWORD)</pre>
 */
final class JobBench {

    private static final String KIND = "bench";
    private static final int STEPS = 5;
    private static final Duration STAT_EVERY = Duration.ofMillis(100);

    /** Knows how long the statements of the runner's own thread take: those are the leases, and the looks at all lanes between them. */
    private static final class Timed extends Database {
        private final ConcurrentLinkedQueue<Long> leases = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Long> looks = new ConcurrentLinkedQueue<>();

        Timed(javax.sql.DataSource source) {
            super(source);
        }

        @Override
        public <T> T statement(String sql, SqlBinding binding, SqlReading<T> reading) throws SQLException {
            long start = System.nanoTime();
            T result = super.statement(sql, binding, reading);
            note(leases, start);
            return result;
        }

        @Override
        public <T, X extends Exception> T read(SqlWork<T, X> work) throws SQLException, X {
            long start = System.nanoTime();
            T result = super.read(work);
            note(looks, start);
            return result;
        }

        private static void note(ConcurrentLinkedQueue<Long> nanos, long start) {
            if (Thread.currentThread().getName().equals("dozo-jobs-" + KIND)) {
                nanos.add(System.nanoTime() - start);
            }
        }
    }

    private JobBench() {}

    public static void main(String[] arguments) throws Exception {
        int queued = Integer.parseInt(arguments[1]);
        int lanes = Integer.parseInt(arguments[2]);
        int toDo = Integer.parseInt(arguments[3]);
        int batch = Integer.parseInt(arguments[4]);
        try (Pool pool = new Pool(QueryLoad.superuser(arguments[0]));
                Connection connection = QueryLoad.superuser(arguments[0]).getConnection()) {
            fill(connection, queued, lanes);
            run(new Timed(pool.asDataSource()), connection, toDo, batch);
        }
    }

    private static void fill(Connection connection, int queued, int lanes) throws SQLException {
        long start = System.nanoTime();
        connection.createStatement().execute("DELETE FROM job WHERE kind = '" + KIND + "'");
        connection.createStatement().execute("INSERT INTO job (kind, job_key, lane) SELECT '" + KIND + "', 'job ' || n, 'lane ' || n % "
                + lanes + " FROM generate_series(1, " + queued + ") AS n");
        connection.createStatement().execute("VACUUM ANALYZE job");
        System.out.printf(Locale.ROOT, "%,d jobs in %d lanes, made in %.0f s%n", queued, lanes, (System.nanoTime() - start) / 1e9);
    }

    private static void run(Timed database, Connection connection, int toDo, int batch) throws Exception {
        AtomicLong done = new AtomicLong();
        Map<String, Long> announced = new ConcurrentHashMap<>();
        ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();
        JobHandler handler = new JobHandler() {
            @Override
            public JobKind kind() {
                return new JobKind(
                        KIND, 8, batch, 2, JobKind.LEASE, new RetryPlan(3, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0.2));
            }

            @Override
            public void run(JobRun run) throws Exception {
                long begun = System.nanoTime();
                run.leases().forEach(lease -> {
                    Long at = announced.remove(lease.key());
                    if (at != null) {
                        waits.add(begun - at);
                    }
                });
                database.transaction(transaction -> {
                    run.complete(transaction, run.leases());
                    return run;
                });
                done.addAndGet(run.leases().size());
            }
        };
        JobRunner[] runner = new JobRunner[1];
        JobBell bell = new JobBell((kind, priority) -> runner[0].heard(kind, priority));
        runner[0] = new JobRunner(
                database, bell, new NodeName("bench"), JobSettings.DEFAULT, new SimpleMeterRegistry(), List.of(handler), LocalTime::now);
        Jobs jobs = new Jobs(database, bell);
        runner[0].start();
        System.out.printf("%12s %8s %10s %10s %10s %8s %10s %12s %12s %12s%n", "done", "jobs/s", "lease p50", "p95", "p99 (ms)", "looks/s", "look p50", "STAT p50", "p95 (ms)", "dead rows");
        for (int step = 1; step <= STEPS; step++) {
            long before = done.get();
            long start = System.nanoTime();
            for (int stat = 0; done.get() < (long) toDo * step / STEPS; stat++) {
                String key = "stat " + step + " " + stat;
                announced.put(key, System.nanoTime());
                database.transaction(transaction -> {
                    jobs.announce(transaction, new NewJob(KIND, key, "{}", NewJob.STAT).inLane("lane 0"));
                    return key;
                });
                Thread.sleep(STAT_EVERY);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            double[] leases = sortedMillis(database.leases);
            double[] looks = sortedMillis(database.looks);
            double[] stats = sortedMillis(waits);
            System.out.printf(
                    Locale.ROOT,
                    "%,12d %8.0f %10.2f %10.2f %10.2f %8.0f %10.2f %12.1f %12.1f %,12d%n",
                    done.get(),
                    (done.get() - before) / seconds,
                    percentile(leases, 50),
                    percentile(leases, 95),
                    percentile(leases, 99),
                    looks.length / seconds,
                    percentile(looks, 50),
                    percentile(stats, 50),
                    percentile(stats, 95),
                    deadRows(connection));
        }
        runner[0].stop();
    }

    private static double[] sortedMillis(ConcurrentLinkedQueue<Long> nanos) {
        double[] millis = nanos.stream().mapToDouble(each -> each / 1e6).sorted().toArray();
        nanos.clear();
        return millis;
    }

    private static double percentile(double[] sorted, int percent) {
        return sorted.length == 0 ? Double.NaN : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    private static long deadRows(Connection connection) throws SQLException {
        try (ResultSet row = connection
                .createStatement()
                .executeQuery("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'job'")) {
            row.next();
            return row.getLong(1);
        }
    }
}
