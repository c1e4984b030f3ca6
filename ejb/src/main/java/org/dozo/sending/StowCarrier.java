// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.Gate;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.index.ObjectKind;

/**
 * Brings objects to a DICOMweb service by STOW-RS, several by one request, and has QIDO-RS say what it has. After a request failed as a
 * whole the next objects go one by one: so one that the service can't bear does not keep the others from it.
 */
final class StowCarrier implements Inspector {

    private static final Logger LOG = Logger.getLogger(StowCarrier.class.getName());

    private static final int MOST_OBJECTS = 20;
    private static final long MOST_BYTES = 32 << 20;
    /** Failed requests in a row, until the destination is given up for now. */
    private static final int MOST_LOSSES = 3;

    private static final DimseStatus OUT_OF_RESOURCES = new DimseStatus(0xA700, "");

    private final String name;
    private final DicomWebService service;
    private final Gate gate;
    private final ObjectSender sender;
    /** How many objects are still to go one by one. */
    private final AtomicInteger singly = new AtomicInteger();

    StowCarrier(String name, DicomWebService service, Gate gate, ObjectSender sender) {
        this.name = name;
        this.service = service;
        this.gate = gate;
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
    public void probe() throws IOException {
        ask();
    }

    @Override
    public String trial() throws IOException {
        int status = ask();
        String answered = "It answers GET /studies?limit=1 with HTTP " + status;
        return switch (status) {
            case 200, 204, 206 -> answered + "; nothing was stored";
            default ->
                answered
                        + ", so it can't be queried, or its address is wrong: that it takes objects was not seen, and deliveries"
                        + " are proved by its word only (acknowledged)";
        };
    }

    /** HTTP status of a question that changes nothing. */
    private int ask() throws IOException {
        return Turn.unlessStopped(service::probe);
    }

    @Override
    public void carry(Consignment consignment, List<ObjectKind> kinds) {
        Turn.take(consignment, gate, () -> {
            service.requireSecret();
            gate.pass(this::probe);
            new Round(consignment).run();
        });
    }

    /** What one consignment has to do with this destination. */
    private final class Round {

        private final Consignment consignment;
        private int losses;

        Round(Consignment consignment) {
            this.consignment = consignment;
        }

        void run() throws IOException, SQLException, InterruptedException {
            while (!consignment.isStopped()) {
                List<Outbox.Item> batch = batch();
                if (batch.isEmpty()) {
                    return;
                }
                List<Outbox.Item> open = new ArrayList<>(batch);
                try {
                    carry(open);
                } finally {
                    // The last first, so that they come in their order again.
                    open.reversed().forEach(consignment.outbox()::giveBack);
                }
            }
        }

        private List<Outbox.Item> batch() throws SQLException {
            List<Outbox.Item> batch = new ArrayList<>();
            int most = singly.get() > 0 ? 1 : MOST_OBJECTS;
            long bytes = 0;
            while (batch.size() < most) {
                Outbox.Item item = consignment.outbox().next();
                if (item == null) {
                    break;
                }
                bytes += item.instance().fileLength();
                if (!batch.isEmpty() && bytes > MOST_BYTES) {
                    consignment.outbox().giveBack(item);
                    break;
                }
                batch.add(item);
            }
            return batch;
        }

        /** @param open what is settled is taken out of it */
        private void carry(List<Outbox.Item> open) throws IOException, SQLException, InterruptedException {
            List<OutgoingFile> files = files(open);
            if (files.isEmpty()) {
                return;
            }
            HttpResponse<byte[]> answer;
            try {
                answer = service.store(files);
            } catch (IOException e) {
                lost(open, files, e);
                return;
            }
            if (answer.statusCode() == 200 || answer.statusCode() == 202 || answer.statusCode() == 409) {
                told(open, answer);
            } else {
                refused(open, answer.statusCode());
            }
        }

        private List<OutgoingFile> files(List<Outbox.Item> open) throws SQLException {
            List<OutgoingFile> files = new ArrayList<>();
            for (Outbox.Item item : List.copyOf(open)) {
                try {
                    files.add(sender.file(item));
                } catch (UnsendableException e) {
                    failed(open, item, String.valueOf(e.getMessage()), !e.isLasting());
                } catch (RuntimeException e) {
                    open.remove(item);
                    Turn.broke(consignment, item.instance(), e);
                }
            }
            return files;
        }

        private void lost(List<Outbox.Item> open, List<OutgoingFile> files, IOException fault)
                throws IOException, SQLException {
            OutgoingFile broken = DicomWebService.broken(files);
            if (broken != null) {
                for (Outbox.Item item : List.copyOf(open)) {
                    if (item.instance().equals(broken.instance())) {
                        IOException why = broken.fault();
                        failed(open, item, why == null ? "It can't be read" : String.valueOf(why.getMessage()), true);
                    }
                }
                return;
            }
            losses++;
            gate.failed();
            LOG.warning(() -> "DOZO-SND-004 " + consignment + ": a request of " + files.size() + " objects failed: "
                    + fault.getMessage() + (losses >= MOST_LOSSES ? ". It is given up for now" : ""));
            if (files.size() > 1) {
                singly.set(files.size());
            } else {
                singly.updateAndGet(count -> Math.max(0, count - 1));
            }
            if (losses >= MOST_LOSSES) {
                throw fault;
            }
            if (files.size() == 1) {
                for (Outbox.Item item : List.copyOf(open)) {
                    failed(open, item, "The request failed while it was sent: " + fault.getMessage(), true);
                }
            }
        }

        /** It has taken the request as such, and says what became of each. */
        private void told(List<Outbox.Item> open, HttpResponse<byte[]> answer) throws IOException, SQLException {
            StowAnswer report;
            try {
                report = StowAnswer.of(answer.body());
            } catch (DicomFormatException e) {
                // Any web server may answer 200 to any request.
                gate.failed();
                throw new IOException(
                        name + " answered HTTP " + answer.statusCode() + " with what is no DICOM JSON: "
                                + e.getMessage()
                                + ". Remedy: check the destination's address, to which /studies is added",
                        e);
            }
            answered();
            boolean alone = open.size() == 1;
            for (Outbox.Item item : List.copyOf(open)) {
                DimseStatus status = report.statuses().get(item.instance().sopInstanceUid());
                if (status == null && alone && !report.others().isEmpty()) {
                    status = report.others().getFirst();
                }
                if (status == null) {
                    failed(
                            open,
                            item,
                            name + " answered HTTP " + answer.statusCode() + " and does not say what became of it",
                            true);
                } else {
                    open.remove(item);
                    consignment.answered(item.instance(), status);
                }
            }
        }

        private void refused(List<Outbox.Item> open, int status) throws IOException, SQLException {
            switch (status) {
                case 429, 503, 507 -> {
                    // Not these objects' fault, and no use to try the others.
                    consignment.answered(open.getFirst().instance(), OUT_OF_RESOURCES);
                    if (!consignment.isStopped()) {
                        throw service.refusal(status);
                    }
                }
                case 400, 406, 411, 413, 415, 422 -> {
                    answered();
                    if (open.size() > 1) {
                        // One of them may be the reason.
                        singly.set(open.size());
                    } else {
                        boolean again = status == 400 || status == 422;
                        failed(open, open.getFirst(), name + " refused it with HTTP " + status, again);
                    }
                }
                default -> {
                    gate.failed();
                    throw service.refusal(status);
                }
            }
        }

        private void answered() {
            losses = 0;
            gate.answered();
            singly.updateAndGet(count -> Math.max(0, count - 1));
        }

        private void failed(List<Outbox.Item> open, Outbox.Item item, String why, boolean again) throws SQLException {
            open.remove(item);
            consignment.failed(item.instance(), why, again);
        }
    }

    @Override
    public Optional<Inspection> inspect(Sent sent, BooleanSupplier isStopped) throws IOException, InterruptedException {
        return Turn.look(name, gate, this::probe, () -> look(sent, isStopped));
    }

    private Optional<Inspection> look(Sent sent, BooleanSupplier isStopped) throws IOException, InterruptedException {
        try {
            Optional<Inspection> found = ask(sent, isStopped);
            gate.answered();
            return found;
        } catch (DicomFormatException e) {
            LOG.log(Level.FINE, e, () -> name + " answers QIDO-RS with what is none");
            return Optional.of(Inspection.IMPOSSIBLE);
        } catch (IOException e) {
            gate.failed();
            throw e;
        }
    }

    private Optional<Inspection> ask(Sent sent, BooleanSupplier isStopped) throws IOException, InterruptedException {
        Set<String> missing = new TreeSet<>();
        for (Map.Entry<String, Set<String>> series : sent.instances().entrySet()) {
            if (isStopped.getAsBoolean()) {
                return Optional.empty();
            }
            Optional<Set<String>> there = service.instances(sent.study(), series.getKey());
            if (there.isEmpty()) {
                return Optional.of(Inspection.IMPOSSIBLE);
            }
            missing.addAll(series.getValue());
            missing.removeAll(there.get());
        }
        return Optional.of(new Inspection(
                Inspection.Depth.NAMES,
                missing,
                missing.isEmpty() ? "" : "It was acknowledged, but is not found there"));
    }
}
