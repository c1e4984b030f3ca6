// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.SopReference;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.net.AssociateAccept;
import org.dozo.dicom.net.AssociateRequest;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.CommitmentReader;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.PresentationContext;
import org.dozo.dicom.net.Timeouts;
import org.dozo.dicom.net.UpperLayer;
import org.dozo.dicom.outbound.AssociationRequestor;
import org.dozo.dicom.outbound.RequestorSettings;

/** A modality that asks for storage commitment and takes the reports, or refuses them. */
final class CommitmentPeer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String aeTitle;
    private final int port;
    private final List<CommitmentResult> reports = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile ServerSocket server;

    private CommitmentPeer(String aeTitle, ServerSocket server) {
        this.aeTitle = aeTitle;
        this.port = server.getLocalPort();
        this.server = server;
    }

    /** Listens, and is known to the node as one that may ask. */
    static CommitmentPeer start(DozoNode node, String aeTitle) throws Exception {
        return start(node, aeTitle, "store,commit");
    }

    static CommitmentPeer start(DozoNode node, String aeTitle, String allowed) throws Exception {
        CommitmentPeer peer = new CommitmentPeer(aeTitle, listen(0));
        peer.serve();
        node.dozo("peer", "add", aeTitle, "127.0.0.1", "" + peer.port, "--allow", allowed)
                .orFail();
        return peer;
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** Takes no calls until {@link #comeBack}. */
    void goAway() throws IOException {
        server.close();
    }

    void comeBack() throws IOException {
        server = listen(port);
        serve();
    }

    /** So many reports are answered 0110 from now on. */
    void refuse(int times) {
        refusals.set(times);
    }

    int refused() {
        return refused.get();
    }

    List<CommitmentResult> reports() {
        return reports;
    }

    CommitmentResult awaitReport(String transactionUid, Duration patience) throws Exception {
        Await.until("a report on " + transactionUid, patience, () -> find(transactionUid) != null);
        return find(transactionUid);
    }

    private CommitmentResult find(String transactionUid) {
        synchronized (reports) {
            return reports.stream()
                    .filter(report -> report.transactionUid().equals(transactionUid))
                    .findFirst()
                    .orElse(null);
        }
    }

    DimseStatus ask(DozoNode node, String transactionUid, List<SopReference> references) throws IOException {
        List<ProposedContext> contexts = List.of(new ProposedContext(
                SopClasses.STORAGE_COMMITMENT, List.of("1.2.840.10008.1.2.1", "1.2.840.10008.1.2")));
        try (DicomConnection connection =
                new AssociationRequestor(RequestorSettings.DEFAULT).open(node.peer(), aeTitle, contexts)) {
            return connection.requestCommitment(
                    new CommitmentRequest(transactionUid, references), Duration.ZERO, result -> {
                        throw new AssertionError("Reports come on an association of the archive's");
                    });
        }
    }

    private void serve() {
        ServerSocket mine = server;
        Thread.ofVirtual().start(() -> {
            while (!mine.isClosed()) {
                try (Socket socket = mine.accept()) {
                    converse(socket);
                } catch (IOException e) {
                    System.out.println("The peer " + aeTitle + " lost a connection: " + e.getMessage());
                }
            }
        });
    }

    private void converse(Socket socket) throws IOException {
        Timeouts timeouts = new Timeouts(PATIENCE, PATIENCE, 0, PATIENCE);
        try (UpperLayer upper = new UpperLayer(socket, timeouts, 16384, new LongAdder())) {
            AssociateRequest request = upper.awaitRequest(PATIENCE);
            List<PresentationContext> contexts = request.contexts().stream()
                    .map(context -> new PresentationContext(
                            context.id(),
                            PresentationContext.Result.ACCEPTANCE,
                            context.transferSyntaxUids().getFirst()))
                    .toList();
            upper.accept(
                    request,
                    new AssociateAccept(
                            request.calledAeTitle(), request.callingAeTitle(), contexts, request.userInformation()));
            for (DimseMessage message = upper.receive(PATIENCE); message != null; message = upper.receive(PATIENCE)) {
                CommitmentResult result = new CommitmentReader(1000)
                        .result(message.dataSet(), message.context().transferSyntaxUid());
                upper.send(message.context().id(), CommandSet.response(message.command(), answer(result)));
            }
        }
    }

    private DimseStatus answer(CommitmentResult result) {
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            refused.incrementAndGet();
            return new DimseStatus(0x0110, "not now");
        }
        reports.add(result);
        return DimseStatus.SUCCESS;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
