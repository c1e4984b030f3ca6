// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.Destination;
import org.dozo.dicom.StorageReceiver;
import org.dozo.index.StoredInstance;
import org.jspecify.annotations.Nullable;

/**
 * Brings objects to a destination over one association, until none is left or it is told to stop. A lost association is opened again:
 * {@value #MOST_LOSSES} times in a row, and an object that was on the way twice when it happened is given up: so a few objects that break
 * the destination, side by side, do not keep the others from it.
 */
final class Courier implements Runnable {

    private static final Logger LOG = Logger.getLogger(Courier.class.getName());

    private static final int MOST_LOSSES = 10;
    private static final int MOST_ATTEMPTS = 2;
    private static final Duration TURN = Duration.ofMillis(200);
    private static final Duration REST = Duration.ofSeconds(1);

    private final Move move;
    private final Destination destination;
    private final Link link;
    private int losses;

    Courier(Move move, Destination destination, ProposalPlan plan) {
        this.move = move;
        this.destination = destination;
        this.link = new Link(destination, plan);
    }

    @Override
    public void run() {
        String fault = "";
        try {
            while (!destination.enter(TURN)) {
                if (move.isStopped()) {
                    return;
                }
            }
            try {
                carryAll();
                link.release();
            } finally {
                link.drop();
                destination.leave();
            }
        } catch (IOException e) {
            fault = String.valueOf(e.getMessage());
        } catch (SQLException e) {
            fault = "The database does not answer, or refuses to work now";
            LOG.log(Level.FINE, "No further object could be looked up", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fault = "The node stops";
        } catch (RuntimeException e) {
            fault = "An error inside Dozo: see the server's log";
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "DOZO-RET-106 " + move + " failed inside Dozo. Remedy: report it with this stack trace");
        } finally {
            move.ended(fault);
        }
    }

    /** @throws IOException if the destination is given up; what it did not get is back in the outbox */
    private void carryAll() throws IOException, SQLException, InterruptedException {
        while (!move.isStopped()) {
            Outbox.Item item = move.outbox().next();
            if (item == null) {
                return;
            }
            boolean settled = false;
            try {
                carry(item);
                settled = true;
            } finally {
                if (!settled) {
                    move.outbox().giveBack(item);
                }
            }
        }
    }

    private void carry(Outbox.Item item) throws IOException, InterruptedException {
        StoredInstance instance = item.instance();
        for (int attempt = 1; ; ) {
            StorageReceiver receiver = receiver(instance);
            if (receiver == null) {
                return;
            }
            try {
                move.answered(instance, move.sender().send(receiver, item, move.originator()));
                losses = 0;
                return;
            } catch (UnsendableException e) {
                if (e.isAssociationLost()) {
                    link.drop();
                }
                move.failed(instance, String.valueOf(e.getMessage()));
                return;
            } catch (IOException e) {
                lost(e);
                if (++attempt > MOST_ATTEMPTS) {
                    move.failed(instance, "The association was lost twice while it was sent");
                    return;
                }
            }
        }
    }

    /** Null if the object was failed instead. */
    private @Nullable StorageReceiver receiver(StoredInstance instance) throws IOException, InterruptedException {
        while (true) {
            try {
                return link.receiverOf(instance.sopClassUid());
            } catch (UnsendableException e) {
                move.failed(instance, String.valueOf(e.getMessage()));
                return null;
            } catch (IOException e) {
                if (!link.wasOpen() || move.isStopped()) {
                    throw e;
                }
                lost(e);
                // It may be restarting.
                Thread.sleep(REST);
            }
        }
    }

    private void lost(IOException fault) throws IOException {
        link.drop();
        losses++;
        LOG.warning(() -> "DOZO-RET-103 " + move + ": the association with " + destination.aeTitle()
                + " failed: " + fault.getMessage()
                + (losses > MOST_LOSSES ? ". It is given up" : ". It is opened again"));
        if (losses > MOST_LOSSES) {
            throw new IOException("The association with " + destination.aeTitle() + " was lost again and again", fault);
        }
    }
}
