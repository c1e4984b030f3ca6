// SPDX-License-Identifier: Apache-2.0
package org.dozo.proof;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.dozo.dicom.CommitmentReports;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DicomConnectionFactory;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Peer;
import org.dozo.dicom.ProposedContext;
import org.dozo.sending.UnaskedConnection;

/** A peer of storage commitment in both roles, that answers as it is told. Thread-safe. */
public final class FakePeer implements DicomConnectionFactory {

    public final List<CommitmentRequest> requests = Collections.synchronizedList(new ArrayList<>());
    public final List<CommitmentResult> reports = Collections.synchronizedList(new ArrayList<>());
    /** Whom we called, and as whom. */
    public final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    public final AtomicInteger unreachable = new AtomicInteger();
    public volatile boolean offers = true;
    public volatile BiFunction<CommitmentRequest, CommitmentReports, DimseStatus> answersRequest =
            (request, reports) -> DimseStatus.SUCCESS;
    public volatile Function<CommitmentResult, DimseStatus> answersReport = result -> DimseStatus.SUCCESS;

    @Override
    public DicomConnection open(Peer peer, String callingAeTitle, List<ProposedContext> contexts) throws IOException {
        if (unreachable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException("connection refused");
        }
        calls.add(
                peer.aeTitle() + " as " + callingAeTitle + (contexts.getFirst().provider() ? ", provider" : ""));
        return new Connection();
    }

    private final class Connection extends UnaskedConnection {

        @Override
        public Set<String> acceptedTransferSyntaxUids(String abstractSyntaxUid) {
            return offers ? Set.of("1.2.840.10008.1.2") : Set.of();
        }

        @Override
        public DimseStatus requestCommitment(CommitmentRequest request, Duration patience, CommitmentReports taker) {
            requests.add(request);
            return answersRequest.apply(request, taker);
        }

        @Override
        public DimseStatus reportCommitment(CommitmentResult result) {
            DimseStatus status = answersReport.apply(result);
            if (status.isDone()) {
                reports.add(result);
            }
            return status;
        }

        @Override
        public void release() {}

        @Override
        public void close() {}
    }
}
