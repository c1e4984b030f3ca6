// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.logging.Logger;
import org.dozo.access.Destination;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.StorageReceiver;
import org.dozo.index.ObjectKind;
import org.dozo.index.StoredInstance;
import org.jspecify.annotations.Nullable;

/**
 * Brings objects to a destination over one association, until none is left or it is told to stop. A lost association is opened again:
 * {@value #MOST_LOSSES} times in a row, and an object that was on the way twice when it happened is given up: so a few objects that break
 * the destination, side by side, do not keep the others from it.
 */
public final class Courier implements Runnable {

    private static final Logger LOG = Logger.getLogger(Courier.class.getName());

    private static final int MOST_LOSSES = 10;
    private static final int MOST_ATTEMPTS = 2;

    /** So many losses in a row may be the fault of three objects, twice each; those beyond are the destination's. */
    private static final int LOSSES_BY_OBJECTS = 3 * MOST_ATTEMPTS;

    private static final Duration REST = Duration.ofSeconds(1);

    private final Consignment consignment;
    private final Destination destination;
    private final ObjectSender sender;
    private final Link link;
    private int losses;

    /** @param kinds of the objects of the consignment */
    public Courier(Consignment consignment, Destination destination, List<ObjectKind> kinds, ObjectSender sender) {
        this.consignment = consignment;
        this.destination = destination;
        this.sender = sender;
        this.link = new Link(
                destination, new ProposalPlan(kinds, consignment.outbox().syntaxes()));
    }

    @Override
    public void run() {
        Turn.take(consignment, destination.gate(), () -> {
            try {
                Turn.each(consignment, this::carry);
                link.release();
            } finally {
                link.drop();
            }
        });
    }

    private void carry(Outbox.Item item) throws IOException, SQLException, InterruptedException {
        StoredInstance instance = item.instance();
        for (int attempt = 1; ; ) {
            StorageReceiver receiver = receiver(instance);
            if (receiver == null) {
                return;
            }
            try {
                DimseStatus status = sender.send(receiver, item, consignment.originator());
                losses = 0;
                destination.answered();
                consignment.answered(instance, status);
                return;
            } catch (UnsendableException e) {
                if (e.isAssociationLost()) {
                    link.drop();
                }
                consignment.failed(instance, String.valueOf(e.getMessage()), !e.isLasting());
                return;
            } catch (RuntimeException e) {
                link.drop();
                Turn.broke(consignment, instance, e);
                return;
            } catch (IOException e) {
                if (losses >= LOSSES_BY_OBJECTS) {
                    destination.lost();
                }
                lost(e);
                if (++attempt > MOST_ATTEMPTS) {
                    consignment.failed(instance, "The association was lost twice while it was sent", true);
                    return;
                }
            }
        }
    }

    /** Null if the object was failed instead. */
    private @Nullable StorageReceiver receiver(StoredInstance instance)
            throws IOException, SQLException, InterruptedException {
        while (true) {
            try {
                return link.receiverOf(instance.sopClassUid());
            } catch (UnsendableException e) {
                consignment.failed(instance, String.valueOf(e.getMessage()), !e.isLasting());
                return null;
            } catch (IOException e) {
                if (!link.wasOpen() || consignment.isStopped()) {
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
        LOG.warning(() -> "DOZO-SND-001 " + consignment + ": the association with " + destination.aeTitle()
                + " failed: " + fault.getMessage()
                + (losses > MOST_LOSSES ? ". It is given up" : ". It is opened again"));
        if (losses > MOST_LOSSES) {
            throw new IOException("The association with " + destination.aeTitle() + " was lost again and again", fault);
        }
    }
}
