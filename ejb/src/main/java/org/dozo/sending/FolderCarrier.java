// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
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
import org.dozo.index.ObjectKind;
import org.dozo.shared.Bytes;
import org.dozo.shared.Notices;

/** Brings objects into a {@link Folder}, one after the other, and proves it by reading them again. */
final class FolderCarrier implements Inspector {

    private static final Logger LOG = Logger.getLogger(FolderCarrier.class.getName());

    private final String name;
    private final Folder folder;
    private final Gate gate;
    private final Patience patience;
    private final ObjectSender sender;

    FolderCarrier(
            NamedDestination destination, DestinationSettings settings, CarrierSettings timeouts, ObjectSender sender) {
        this.name = destination.name();
        this.folder = new Folder(Path.of(destination.address()));
        this.gate = new Gate(
                name,
                destination.address(),
                "check that it is mounted on every node and can be written; POST /api/destinations/" + name + "/probe",
                settings,
                // It may be mounted on other nodes.
                Notices.NONE);
        this.patience = new Patience(
                "The folder " + destination.address(), settings.associationsPerDestination(), timeouts.response());
        this.sender = sender;
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
            Turn.each(consignment, item -> carry(consignment, item));
        });
    }

    private void carry(Consignment consignment, Outbox.Item item)
            throws IOException, SQLException, InterruptedException {
        Bytes sha256;
        try {
            sha256 = bring(item);
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
        consignment.filed(item.instance(), sha256);
    }

    private Bytes bring(Outbox.Item item) throws IOException, InterruptedException {
        OutgoingFile file = sender.file(item);
        return patience.run(item.instance().fileLength(), () -> folder.bring(file));
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
    public Optional<Inspection> inspect(Sent sent, BooleanSupplier isStopped) throws IOException, InterruptedException {
        return Turn.look(name, gate, this::probe, () -> examine(sent, isStopped));
    }

    private Optional<Inspection> examine(Sent sent, BooleanSupplier isStopped)
            throws IOException, InterruptedException {
        Set<String> missing = new TreeSet<>();
        String fault = "";
        for (Map.Entry<String, Set<String>> series : sent.instances().entrySet()) {
            for (String instance : series.getValue()) {
                if (isStopped.getAsBoolean()) {
                    return Optional.empty();
                }
                String found = examine(sent, series.getKey(), instance);
                if (!found.isEmpty()) {
                    missing.add(instance);
                    fault = fault.isEmpty() ? found : fault;
                }
            }
        }
        return Optional.of(new Inspection(Inspection.Depth.DIGESTS, missing, fault));
    }

    /** What is wrong with one object's file; empty if nothing is. */
    private String examine(Sent sent, String series, String instance) throws IOException, InterruptedException {
        Bytes brought = sent.digests().get(instance);
        if (brought == null) {
            return "It was never brought there as a file: the destination was another one then";
        }
        try {
            String found = compare(sent.study(), series, instance, brought);
            gate.answered();
            return found;
        } catch (UnsendableException e) {
            return String.valueOf(e.getMessage());
        } catch (IOException e) {
            gate.failed();
            throw e;
        }
    }

    private String compare(String study, String series, String instance, Bytes brought)
            throws IOException, InterruptedException {
        long length = patience.run(0, () -> folder.length(study, series, instance));
        Optional<Bytes> found =
                length < 0 ? Optional.empty() : patience.run(length, () -> folder.digest(study, series, instance));
        if (found.isEmpty()) {
            return "Its file is not there any more";
        }
        return found.get().equals(brought) ? "" : "Its file is not what was brought: it was changed or is damaged";
    }
}
