// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.dozo.access.Gate;
import org.dozo.index.ObjectKind;
import org.dozo.shared.Bytes;

/** Brings objects to a {@link FilePlace}, one after the other, and proves it by their digests. */
final class FileCarrier implements Inspector {

    private final String name;
    private final FilePlace place;
    private final Gate gate;
    private final Patience patience;
    private final ObjectSender sender;

    FileCarrier(String name, FilePlace place, Gate gate, Patience patience, ObjectSender sender) {
        this.name = name;
        this.place = place;
        this.gate = gate;
        this.patience = patience;
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
            Turn.broke(consignment, item.instance(), e);
            return;
        } catch (IOException e) {
            whose(e, item);
            consignment.failed(item.instance(), "Its file could not be written: " + place.reason(e), true);
            return;
        }
        gate.answered();
        consignment.filed(item.instance(), sha256);
    }

    private Bytes bring(Outbox.Item item) throws IOException, InterruptedException {
        OutgoingFile file = sender.file(item);
        return patience.run(item.instance().fileLength(), () -> place.bring(file));
    }

    /** Returns if the place is well otherwise, so that it is this object's fault. */
    private void whose(IOException fault, Outbox.Item item) throws IOException, InterruptedException {
        try {
            patience.<Boolean>run(0, () -> {
                place.blame(fault, item.instance().fileLength());
                return true;
            });
        } catch (IOException e) {
            gate.failed();
            throw e;
        }
    }

    @Override
    public void probe() throws IOException {
        patiently(() -> {
            place.probe();
            return true;
        });
    }

    @Override
    public String trial() throws IOException {
        return patiently(place::trial);
    }

    private <T> T patiently(Callable<T> task) throws IOException {
        return Turn.unlessStopped(() -> patience.run(0, task));
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
                String wrong = "";
                try {
                    wrong = compare(sent, series.getKey(), instance);
                } catch (UnsendableException e) {
                    wrong = String.valueOf(e.getMessage());
                }
                if (!wrong.isEmpty()) {
                    missing.add(instance);
                    fault = fault.isEmpty() ? wrong : fault;
                }
            }
        }
        return Optional.of(new Inspection(Inspection.Depth.DIGESTS, missing, fault));
    }

    /**
     * @return what is wrong with the file of an object; empty if it is what was brought
     * @throws UnsendableException if there is nothing to compare with
     */
    private String compare(Sent sent, String series, String instance) throws IOException, InterruptedException {
        Bytes brought = sent.digests().get(instance);
        if (brought == null) {
            throw UnsendableException.forNow(
                    "It was never brought there as a file: the destination was another one then", null);
        }
        try {
            FilePlace.Glance glance = patience.run(0, () -> place.glance(sent.study(), series, instance, brought));
            FilePlace.Found found = glance.found() == FilePlace.Found.UNREAD
                    ? patience.run(glance.length(), () -> read(sent, series, instance, brought))
                    : glance.found();
            gate.answered();
            return switch (found) {
                case NOTHING -> "Its file is not there any more";
                case ANOTHER, UNREAD -> "Its file is not what was brought: it was changed or is damaged";
                case SAME -> "";
            };
        } catch (UnsendableException e) {
            throw e;
        } catch (IOException e) {
            gate.failed();
            throw e;
        }
    }

    private FilePlace.Found read(Sent sent, String series, String instance, Bytes brought) throws IOException {
        Optional<Bytes> found = place.digest(sent.study(), series, instance);
        if (found.isEmpty()) {
            return FilePlace.Found.NOTHING;
        }
        return found.get().equals(brought) ? FilePlace.Found.SAME : FilePlace.Found.ANOTHER;
    }
}
