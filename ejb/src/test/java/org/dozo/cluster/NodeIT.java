// SPDX-License-Identifier: Apache-2.0
package org.dozo.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.enterprise.inject.Instance;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.dozo.index.ObjectLedger;
import org.dozo.index.SchemaCheck;
import org.dozo.index.SeriesTally;
import org.dozo.jobs.JobBell;
import org.dozo.jobs.JobHandler;
import org.dozo.jobs.JobKind;
import org.dozo.jobs.JobRun;
import org.dozo.jobs.JobRunner;
import org.dozo.jobs.JobSettings;
import org.dozo.jobs.Jobs;
import org.dozo.jobs.NewJob;
import org.dozo.jobs.RetryPlan;
import org.dozo.shared.Await;
import org.dozo.shared.CurrentTerm;
import org.dozo.shared.Database;
import org.dozo.shared.NodeName;
import org.dozo.shared.NodeTerm;
import org.dozo.shared.TestDatabase;
import org.dozo.storage.AdoptedVolumes;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.RealStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with its real parts; only the listener is made up. */
@Timeout(120)
class NodeIT {

    private static final String NAME = "node1";

    @TempDir
    private Path directory;

    private TestDatabase test;
    private ObjectName door;
    private Node node;
    private final CompletableFuture<Sight> seen = new CompletableFuture<>();

    /** What a job sees of its node when it is told to come to an end. */
    private record Sight(boolean isReady, boolean hasStorage, long terms) {}

    /** The listener, as far as the node speaks to it. */
    public interface Listener {
        boolean isAccepting();

        int getOpenAssociations();

        void refuseNewcomers(boolean refusing);
    }

    private static final class OpenListener implements Listener {
        @Override
        public boolean isAccepting() {
            return true;
        }

        @Override
        public int getOpenAssociations() {
            return 0;
        }

        @Override
        public void refuseNewcomers(boolean refusing) {
            throw new UnsupportedOperationException("nobody drains this node");
        }
    }

    @BeforeEach
    void open() throws Exception {
        test = TestDatabase.migrated();
        door = new ObjectName("org.dozo:type=DicomListener");
        ManagementFactory.getPlatformMBeanServer()
                .registerMBean(new StandardMBean(new OpenListener(), Listener.class), door);
        Database database = test.database();
        ObjectStorage storage = RealStorage.stopped(
                NAME,
                test.pooled(),
                new ObjectLedger(database),
                Duration.ofSeconds(1),
                AdoptedVolumes.none(),
                directory);
        NodeName name = new NodeName(NAME);
        JobBell bell = new JobBell();
        Jobs jobs = new Jobs(database, bell);
        SchemaCheck schema = new SchemaCheck(database);
        node = new Node(
                name,
                schema,
                storage,
                new SeriesTally(database, jobs),
                new NodeStart(Duration.ZERO),
                none(),
                new JobRunner(
                        database,
                        bell,
                        name,
                        new JobSettings(Duration.ofSeconds(30), Map.of(), Map.of()),
                        new SimpleMeterRegistry(),
                        List.of(new Watching(storage)),
                        LocalTime::now),
                new Heartbeat(new NodeRegistry(database), schema, new CurrentTerm(new NodeTerm(NAME, NodeTerm.ENDED))),
                new NoticeBoard(new ClusterSettings("", 7800), name, test.pooled()));
        database.transaction(connection -> {
            jobs.announce(connection, new NewJob("watching", "1", "{}", NewJob.ROUTINE));
            return connection;
        });
    }

    @AfterEach
    void close() throws Exception {
        node.stop();
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(door);
        test.close();
    }

    @SuppressWarnings("unchecked")
    private static Instance<Preparation> none() {
        return (Instance<Preparation>) Proxy.newProxyInstance(
                NodeIT.class.getClassLoader(), new Class<?>[] {Instance.class}, (proxy, method, arguments) -> {
                    assertEquals("iterator", method.getName());
                    return Collections.emptyIterator();
                });
    }

    /** Works until it is told to come to an end. */
    private final class Watching implements JobHandler {

        private final ObjectStorage storage;

        Watching(ObjectStorage storage) {
            this.storage = storage;
        }

        @Override
        public JobKind kind() {
            return new JobKind(
                    "watching",
                    1,
                    1,
                    1,
                    JobKind.LEASE,
                    new RetryPlan(1, Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0));
        }

        @Override
        public void run(JobRun run) throws Exception {
            while (!run.isStopping()) {
                LockSupport.parkNanos(2_000_000);
            }
            seen.complete(new Sight(node.isReady(), storage.isAvailable(), termsHeld()));
        }
    }

    private long termsHeld() throws Exception {
        return test.number("SELECT count(*) FROM node WHERE name = ? AND state <> 'STOPPED'", NAME);
    }

    @Test
    void whoStopsIsNotReadyFirstAndKeepsItsVolumesAndItsTermUntilItsWorkIsDone() throws Exception {
        node.start();
        Await.until("the node is ready", () -> node.isReady());
        Await.until("the job runs", () -> test.number("SELECT count(*) FROM job WHERE state = 'LEASED'") == 1);
        node.stop();
        assertEquals(new Sight(false, true, 1), seen.get(1, TimeUnit.SECONDS));
        assertEquals(0, termsHeld());
        assertFalse(node.isReady());
    }
}
