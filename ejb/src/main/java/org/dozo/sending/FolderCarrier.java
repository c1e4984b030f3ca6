// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.DestinationSettings;
import org.dozo.access.Gate;
import org.dozo.access.NamedDestination;
import org.dozo.dicom.DimseStatus;
import org.dozo.index.Corrections;
import org.dozo.index.InstanceCatalogue;
import org.dozo.index.InstanceSelection;
import org.dozo.index.ObjectKind;
import org.jspecify.annotations.Nullable;

/** Brings objects into a {@link Folder}, one after the other, and proves it by reading them again. */
final class FolderCarrier implements Inspector {

    private static final Logger LOG = Logger.getLogger(FolderCarrier.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final Folder folder;
    private final Gate gate;
    private final Patience patience;
    private final ObjectSender sender;
    private final InstanceCatalogue catalogue;
    private final Corrections corrections;

    FolderCarrier(
            NamedDestination destination,
            DestinationSettings settings,
            CarrierSettings timeouts,
            ObjectSender sender,
            InstanceCatalogue catalogue,
            Corrections corrections) {
        this.name = destination.name();
        this.folder = new Folder(Path.of(destination.address()));
        this.gate = new Gate(
                name,
                destination.address(),
                "check that it is mounted on every node and can be written; POST /api/destinations/" + name + "/probe",
                settings);
        this.patience = new Patience(
                "The folder " + destination.address(), settings.associationsPerDestination(), timeouts.response());
        this.sender = sender;
        this.catalogue = catalogue;
        this.corrections = corrections;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isPaused() {
        return gate.isPaused();
    }

    @Override
    public Duration troubled() {
        return gate.troubled();
    }

    @Override
    public void carry(Consignment consignment, List<ObjectKind> kinds) {
        Turn.take(consignment, gate, () -> {
            gate.pass(this::probe);
            while (!consignment.isStopped()) {
                Outbox.Item item = consignment.outbox().next();
                if (item == null) {
                    return;
                }
                boolean settled = false;
                try {
                    carry(consignment, item);
                    settled = true;
                } finally {
                    if (!settled) {
                        consignment.outbox().giveBack(item);
                    }
                }
            }
        });
    }

    private void carry(Consignment consignment, Outbox.Item item)
            throws IOException, SQLException, InterruptedException {
        try {
            bring(item);
        } catch (UnsendableException e) {
            consignment.failed(item.instance(), String.valueOf(e.getMessage()), !e.isLasting());
            return;
        } catch (RuntimeException e) {
            // Whatever it is about this object, the others are to be brought.
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "DOZO-SND-003 " + consignment + ": bringing object "
                            + item.instance().objectName()
                            + " failed inside Dozo. Remedy: report it with this stack trace");
            consignment.failed(item.instance(), "An error inside Dozo: see the server's log", true);
            return;
        } catch (IOException e) {
            whose(e, item);
            consignment.failed(item.instance(), "Its file could not be written: " + Folder.reason(e), true);
            return;
        }
        gate.answered();
        consignment.answered(item.instance(), DimseStatus.SUCCESS);
    }

    private void bring(Outbox.Item item) throws IOException, InterruptedException {
        OutgoingFile file = sender.file(item);
        patience.<Boolean>run(item.instance().fileLength(), () -> {
            folder.bring(file);
            return true;
        });
    }

    /** Returns if the folder is well otherwise, so that it is this object's fault. */
    private void whose(IOException fault, Outbox.Item item) throws IOException, InterruptedException {
        boolean full;
        try {
            full = patience.run(0, () -> {
                folder.probe();
                return folder.isFull(item.instance().fileLength());
            });
        } catch (IOException e) {
            gate.failed();
            throw e;
        }
        if (full) {
            gate.failed();
            throw new IOException("The folder of " + name + " is full: " + Folder.reason(fault), fault);
        }
    }

    @Override
    public void probe() throws IOException {
        try {
            patience.<Boolean>run(0, () -> {
                folder.probe();
                return true;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The node stops", e);
        }
    }

    @Override
    public Optional<Inspection> inspect(String study, Map<String, Set<String>> sent, BooleanSupplier isStopped)
            throws IOException, SQLException, InterruptedException {
        if (!gate.enter(PATIENCE)) {
            throw new IOException("All places of " + name + " are in use");
        }
        try {
            gate.pass(this::probe);
            return examine(sent, isStopped);
        } finally {
            gate.leave();
        }
    }

    private Optional<Inspection> examine(Map<String, Set<String>> sent, BooleanSupplier isStopped)
            throws IOException, SQLException, InterruptedException {
        Set<String> missing = new TreeSet<>();
        sent.values().forEach(missing::addAll);
        Outbox items =
                new Outbox(catalogue.select(InstanceSelection.ofInstances(new ArrayList<>(missing))), corrections);
        String fault = "";
        while (!isStopped.getAsBoolean()) {
            Outbox.Item item = items.next();
            if (item == null) {
                return Optional.of(new Inspection(Inspection.Depth.DIGESTS, missing, fault));
            }
            String found = examine(item);
            if (found == null) {
                missing.remove(item.instance().sopInstanceUid());
            } else if (fault.isEmpty()) {
                fault = found;
            }
        }
        return Optional.empty();
    }

    private @Nullable String examine(Outbox.Item item) throws IOException, InterruptedException {
        try {
            OutgoingFile file = sender.file(item);
            String found = patience.run(2 * item.instance().fileLength(), () -> folder.examine(file));
            gate.answered();
            return found;
        } catch (UnsendableException e) {
            return "It can't be compared: " + e.getMessage();
        } catch (IOException e) {
            gate.failed();
            throw e;
        }
    }
}
