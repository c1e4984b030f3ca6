// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.Gate;
import org.dozo.index.StoredInstance;

/** What is around the work of everybody who carries: a place at the destination, and an end that the consignment hears of. */
final class Turn {

    private static final Logger LOG = Logger.getLogger(Turn.class.getName());
    private static final String STOPS = "The node stops";
    private static final String INSIDE = "An error inside Dozo: see the server's log";
    private static final Duration GLANCE = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Turn() {}

    /** Carries what there is. */
    @FunctionalInterface
    interface Work {
        /** @throws IOException if the destination is given up */
        void run() throws IOException, SQLException, InterruptedException;
    }

    /** What is done with one object. */
    @FunctionalInterface
    interface Step {
        /** @throws IOException if the destination is given up: then the object goes back */
        void run(Outbox.Item item) throws IOException, SQLException, InterruptedException;
    }

    /** What is looked at. */
    @FunctionalInterface
    interface Look<T> {
        T look() throws IOException, InterruptedException;
    }

    /** Takes one object after the other, until none is left or the consignment is stopped; what was not settled is the next again. */
    static void each(Consignment consignment, Step step) throws IOException, SQLException, InterruptedException {
        while (!consignment.isStopped()) {
            Outbox.Item item = consignment.outbox().next();
            if (item == null) {
                return;
            }
            boolean settled = false;
            try {
                step.run(item);
                settled = true;
            } finally {
                if (!settled) {
                    consignment.outbox().giveBack(item);
                }
            }
        }
    }

    /**
     * Looks at what the destination has, as one of those who are let in.
     *
     * @throws IOException if there is no place, or the destination can't be reached
     */
    static <T> T look(String name, Gate gate, Gate.Probe probe, Look<T> look) throws IOException, InterruptedException {
        if (!gate.enter(PATIENCE)) {
            throw new IOException("All places of " + name + " are in use");
        }
        try {
            gate.pass(probe);
            return look.look();
        } finally {
            gate.leave();
        }
    }

    /** Whatever it is about this object, the others are to be sent: it fails, and the log says why. */
    static void broke(Consignment consignment, StoredInstance instance, RuntimeException error) throws SQLException {
        LOG.log(
                Level.SEVERE,
                error,
                () -> "DOZO-SND-003 " + consignment + ": sending object " + instance.objectName()
                        + " failed inside Dozo. Remedy: report it with this stack trace");
        consignment.failed(instance, INSIDE, true);
    }

    /** @throws IOException as the look does, or because the node stops meanwhile */
    static <T> T unlessStopped(Look<T> look) throws IOException {
        try {
            return look.look();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(STOPS, e);
        }
    }

    /** Waits for a place, works, and says why it ended, whatever happens. */
    static void take(Consignment consignment, Gate gate, Work work) {
        String fault = "";
        try {
            while (!gate.enter(GLANCE)) {
                if (consignment.isStopped()) {
                    return;
                }
            }
            try {
                work.run();
            } finally {
                gate.leave();
            }
        } catch (IOException e) {
            fault = String.valueOf(e.getMessage());
        } catch (SQLException e) {
            fault = "The database does not answer, or refuses to work now";
            LOG.log(Level.FINE, "No further object could be looked up", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fault = STOPS;
        } catch (RuntimeException e) {
            fault = INSIDE;
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "DOZO-SND-003 " + consignment
                            + " failed inside Dozo. Remedy: report it with this stack trace");
        } finally {
            consignment.ended(fault);
        }
    }
}
