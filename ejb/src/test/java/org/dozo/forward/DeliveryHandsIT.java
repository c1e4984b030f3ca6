// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.dozo.jobs.JobRunner;
import org.dozo.sending.FakeDestination;
import org.dozo.shared.Await;
import org.dozo.shared.Database;
import org.dozo.shared.SqlWork;
import org.junit.jupiter.api.Test;

/** A delivery in several hands: who takes it over from a node that ended, and who works at it at the same time. */
class DeliveryHandsIT extends ForwardingCase {

    /** Users complain: work stuck on a dead node. */
    @Test
    void whatANodeLeavesAnotherSendsAndNothingThatIsRecordedTwice() throws Exception {
        FakeDestination one = archive.destination("ONE");
        one.beforeEach = () -> {
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        rule("ONE");
        archive.store(STUDY, 1, 200);
        Await.until(
                "some are recorded",
                () -> archive.find(STUDY, "ONE")
                        .filter(delivery -> delivery.sent() >= 50)
                        .isPresent());
        node.stop();
        node = archive.node("node2");
        node.start();
        await(DeliveryState.VERIFIED, STUDY, "ONE");
        assertEquals(uids(STUDY, 1, 200), new TreeSet<>(one.uids()));
        assertEquals(200, one.uids().size());
    }

    /** A node that is killed has sent at most 50 objects that are not on the record; all others are sent once. */
    @Test
    void whatAKilledNodeHasSentAndNotRecordedIsSentAgainAndNoMore() throws Exception {
        node.stop();
        AtomicBoolean dead = new AtomicBoolean();
        CountDownLatch end = new CountDownLatch(1);
        Database cut = new Database(archive.test.pooled()) {
            @Override
            public <T, X extends Exception> T transaction(SqlWork<T, X> work) throws SQLException, X {
                if (dead.get()) {
                    throw new SQLTransientConnectionException("The node is dead", "08001");
                }
                return super.transaction(work);
            }
        };
        FakeDestination one = archive.destination("ONE");
        AtomicInteger begun = new AtomicInteger();
        one.beforeEach = () -> {
            if (begun.incrementAndGet() == 131) {
                dead.set(true);
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IllegalStateException("The node is dead");
            }
        };
        archive.store(STUDY, 1, 200);
        archive.service.request(STUDY, "ONE", 5, false);
        JobRunner killed = archive.node("node1", cut);
        killed.start();
        try {
            Await.until("it has died", Duration.ofSeconds(60), dead::get);
            assertEquals(130, one.uids().size());
            // As if its lease had run out.
            archive.test.execute("UPDATE job SET due_at = now() WHERE state = 'LEASED'");
            node = archive.node("node2");
            node.start();
            await(DeliveryState.VERIFIED, STUDY, "ONE");
        } finally {
            end.countDown();
            killed.stop();
        }
        assertEquals(uids(STUDY, 1, 200), new TreeSet<>(one.uids()), "FWD_LOST");
        int twice = one.uids().size() - 200;
        assertTrue(twice <= 50, twice + " objects were sent twice");
        assertEquals(200, archive.test.number("SELECT count(*) FROM delivery_item WHERE state = 'SENT'"));
        assertEquals(200, archive.delivery(STUDY, "ONE").of());
    }

    /** Who settles holds the objects, who queues holds the delivery: without an order, each would wait for the other. */
    @Test
    void whoQueuesAnObjectAndWhoSettlesItNeverWaitForEachOther() throws Exception {
        archive.destination("ONE");
        archive.test.execute("CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$");
        archive.test.execute(
                "CREATE TRIGGER linger AFTER UPDATE ON delivery_item FOR EACH STATEMENT EXECUTE FUNCTION linger()");
        for (int round = 1; round <= 3; round++) {
            String study = "1.5." + round;
            archive.store(study, 1, 1);
            archive.service.request(study, "ONE", 5, false);
            // A deadlock is found by who has waited for a second: that is here.
            Await.until("it is sent while it is queued again and again", Duration.ofSeconds(60), () -> {
                archive.service.request(study, "ONE", 5, false);
                return archive.is(DeliveryState.VERIFIED, study, "ONE");
            });
        }
    }

    /** Both change the delivery's objects: who changed them before he has the delivery would stop both. */
    @Test
    void whoTriesAgainAndWhoRecordsWhatFailedNeverWaitForEachOther() throws Exception {
        node.stop();
        archive.destination("ONE");
        archive.store(STUDY, 1, 1);
        archive.service.request(STUDY, "ONE", 5, false);
        archive.test.execute("UPDATE delivery SET state = 'FAILED'");
        archive.test.execute("UPDATE delivery_item SET state = 'FAILED'");
        long id = archive.test.number("SELECT id FROM delivery");
        Parcel.Item item = new Parcel.Item(
                id,
                archive.test.number("SELECT instance_fk FROM delivery_item"),
                archive.test.number("SELECT object_fk FROM delivery_item"),
                Optional.empty());
        try (ExecutorService operator = Executors.newSingleThreadExecutor()) {
            Future<Integer> retried = archive.database.transaction(connection -> {
                DeliveryLedger.lock(connection, List.of(id));
                Future<Integer> retry = operator.submit(() -> archive.service.retry("", ""));
                Await.until("the operator waits", () -> archive.test.waitingForLocks() > 0);
                DeliveryLedger.record(
                        connection, List.of(new Outcome(item, false, false, -1, "no answer", Optional.empty())));
                return retry;
            });
            assertEquals(1, retried.get());
        }
        assertEquals(1, archive.test.number("SELECT count(*) FROM delivery_item WHERE state = 'QUEUED'"));
    }
}
