// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.dozo.dicom.CommitmentReports;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Matches;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;

/** A peer that takes objects, or fails as it is told. Thread-safe. */
public final class FakeDestination implements DicomConnectionFactory {

    private static final String FIND = "1.2.840.10008.5.1.4.1.2.2.1";

    /** An object that came. */
    public record Received(StoreOperation operation, List<Byte> bytes) {
        public byte[] toArray() {
            byte[] array = new byte[bytes.size()];
            for (int i = 0; i < array.length; i++) {
                array[i] = bytes.get(i);
            }
            return array;
        }
    }

    /** What was made by N-CREATE, or refused. */
    public record Created(String sopClassUid, String sopInstanceUid, Dataset attributes) {}

    public final List<Created> created = new CopyOnWriteArrayList<>();
    public final List<Received> received = new CopyOnWriteArrayList<>();
    public final List<List<ProposedContext>> proposals = new CopyOnWriteArrayList<>();
    public final AtomicInteger opened = new AtomicInteger();
    public final AtomicInteger released = new AtomicInteger();
    public final AtomicInteger echoed = new AtomicInteger();

    /** Attempts to be refused from now on. */
    public final AtomicInteger unreachable = new AtomicInteger();

    /** Which of all stores, counted from 1, end the association. */
    public volatile Predicate<Integer> loses = number -> false;

    /** Which objects end the association, whenever they come. */
    public volatile Predicate<String> losesObject = uid -> false;

    /** Whether it takes C-FIND, and which of the objects that came it then names. */
    public volatile boolean queryable = true;

    /** Whether it takes requests for storage commitment, which it answers as it is told. */
    public volatile boolean commits;

    public final List<CommitmentRequest> commitments = new CopyOnWriteArrayList<>();
    public volatile BiFunction<CommitmentRequest, CommitmentReports, DimseStatus> answersCommitment =
            (request, reports) -> DimseStatus.SUCCESS;

    public volatile Predicate<String> files = uid -> true;
    public volatile Predicate<String> accepts = syntax -> true;
    public volatile UnaryOperator<DimseStatus> answers = status -> status;
    public volatile Runnable beforeEach = () -> {};
    private final AtomicInteger stores = new AtomicInteger();

    public List<String> uids() {
        return received.stream().map(each -> each.operation().sopInstanceUid()).toList();
    }

    @Override
    public DicomConnection open(Peer peer, String callingAeTitle, List<ProposedContext> contexts) throws IOException {
        if (unreachable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException("connection refused");
        }
        opened.incrementAndGet();
        proposals.add(contexts);
        return new Connection(contexts);
    }

    private final class Connection extends UnaskedConnection {

        private final List<ProposedContext> contexts;
        private boolean dead;

        Connection(List<ProposedContext> contexts) {
            this.contexts = contexts;
        }

        @Override
        public Set<String> acceptedTransferSyntaxUids(String abstractSyntaxUid) {
            Set<String> accepted = new LinkedHashSet<>();
            contexts.stream()
                    .filter(context -> commits || !context.abstractSyntaxUid().equals(SopClasses.STORAGE_COMMITMENT))
                    .filter(context -> queryable || !context.abstractSyntaxUid().equals(FIND))
                    .filter(context -> context.abstractSyntaxUid().equals(abstractSyntaxUid))
                    .flatMap(context -> context.transferSyntaxUids().stream())
                    .filter(accepts)
                    .forEach(accepted::add);
            return accepted;
        }

        @Override
        public DimseStatus store(StoreOperation operation, InputStream dataSet) throws IOException {
            if (dead) {
                throw new IOException("used after its end");
            }
            beforeEach.run();
            if (loses.test(stores.incrementAndGet()) || losesObject.test(operation.sopInstanceUid())) {
                dead = true;
                throw new IOException("connection reset");
            }
            List<Byte> bytes = new ArrayList<>();
            try {
                for (byte each : dataSet.readAllBytes()) {
                    bytes.add(each);
                }
            } catch (IOException e) {
                dead = true;
                throw e;
            }
            DimseStatus status = answers.apply(DimseStatus.SUCCESS);
            if (status.isDone()) {
                received.add(new Received(operation, bytes));
            }
            return status;
        }

        @Override
        public void release() {
            released.incrementAndGet();
        }

        @Override
        public void close() {
            dead = true;
        }

        @Override
        public DimseStatus echo() {
            echoed.incrementAndGet();
            return DimseStatus.SUCCESS;
        }

        @Override
        public DimseStatus find(String sopClassUid, Dataset identifier, Matches matches) throws IOException {
            for (String uid : uids()) {
                if (files.test(uid)) {
                    matches.add(new Dataset().setString(Tag.SOP_INSTANCE_UID, VR.UI, uid));
                }
            }
            return DimseStatus.SUCCESS;
        }

        @Override
        public DimseStatus requestCommitment(CommitmentRequest request, Duration patience, CommitmentReports reports) {
            commitments.add(request);
            return answersCommitment.apply(request, reports);
        }

        @Override
        public DimseStatus create(String sopClassUid, String sopInstanceUid, Dataset attributes) {
            created.add(new Created(sopClassUid, sopInstanceUid, attributes));
            return answers.apply(DimseStatus.SUCCESS);
        }
    }
}
