// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.dozo.dicom.AssociationRejectedException;
import org.dozo.dicom.DimseStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A9: an orderly stop while images come in. */
@ExtendWith(SharedNode.class)
class DrainIT {

    private static final int BEFORE = 20;
    private static final int AFTER = 60;
    private static final long PACE_NANOS = 50_000_000;

    @Test
    void anOpenAssociationFinishesAndALateOneIsTurnedAway(DozoNode node) throws Exception {
        String root = "2.25." + System.nanoTime();
        CompletableFuture<Shell.Result> stopped;
        String late;
        long start;
        try (Sender sender = Sender.open(node)) {
            store(sender, root, 0, BEFORE);
            stopped = CompletableFuture.supplyAsync(() -> stop(node));
            start = System.nanoTime();
            Await.until(
                    "late ones are turned away",
                    Duration.ofSeconds(15),
                    () -> !callOnceMore(node).equals("accepted"));
            late = callOnceMore(node);
            assertFalse(stopped.isDone(), "it waits for the association");
            store(sender, root, BEFORE, AFTER);
        }
        Shell.Result result = stopped.get();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertEquals(0, result.exit(), result.output());
        assertFalse(node.isRunning());
        assertTrue(took.compareTo(Duration.ofSeconds(40)) < 0, "it ends with the last association: " + took);
        assertEquals("rejected as transient", late);
        node.up();
        Checker.check(node)
                .report("drain", (BEFORE + AFTER) + " objects", 1, 0, took, 0)
                .assertClean();
    }

    private static void store(Sender sender, String root, int from, int count) throws IOException {
        for (int i = from; i < from + count; i++) {
            DimseStatus status = sender.store(TestObject.ct(root, root + ".1", root + ".1." + (i + 1), 8000));
            assertEquals(DimseStatus.SUCCESS, status, "object " + i);
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private static Shell.Result stop(DozoNode node) {
        try {
            return node.dozo("node", "stop", "1");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** While the listener drains its port stays open: a connection that is refused or breaks fails the test. */
    private static String callOnceMore(DozoNode node) throws IOException {
        try (Sender _ = Sender.open(node)) {
            return "accepted";
        } catch (AssociationRejectedException e) {
            return e.isPermanent() ? "rejected for good" : "rejected as transient";
        }
    }
}
