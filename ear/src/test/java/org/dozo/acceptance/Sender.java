// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Peer;
import org.dozo.dicom.Priority;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.outbound.AssociationRequestor;
import org.dozo.dicom.outbound.RequestorSettings;

/** One association that sends objects and writes down which were acknowledged. */
final class Sender implements AutoCloseable {

    static final ProposedContext CT = new ProposedContext(TestObject.CT, List.of(TestObject.EXPLICIT));
    static final ProposedContext VERIFICATION = new ProposedContext("1.2.840.10008.1.1", List.of("1.2.840.10008.1.2"));

    private final DicomConnection connection;
    private final SentObjects sent;

    private Sender(DicomConnection connection, SentObjects sent) {
        this.connection = connection;
        this.sent = sent;
    }

    static Sender open(DozoNode node) throws IOException {
        return open(node, "ACCEPTANCE", List.of(VERIFICATION, CT));
    }

    /** To a member of a cluster, past the balancer. */
    static Sender open(DozoNode cluster, int member) throws IOException {
        return open(cluster.peer(member), "ACCEPTANCE", List.of(VERIFICATION, CT), cluster.sent());
    }

    static Sender open(DozoNode node, String callingAeTitle, List<ProposedContext> contexts) throws IOException {
        return open(node.peer(), callingAeTitle, contexts, node.sent());
    }

    private static Sender open(Peer peer, String callingAeTitle, List<ProposedContext> contexts, SentObjects sent)
            throws IOException {
        return new Sender(
                new AssociationRequestor(RequestorSettings.DEFAULT).open(peer, callingAeTitle, contexts), sent);
    }

    Set<String> accepted(String sopClassUid) {
        return connection.acceptedTransferSyntaxUids(sopClassUid);
    }

    DimseStatus echo() throws IOException {
        return connection.echo();
    }

    DimseStatus store(TestObject object) throws IOException {
        MessageDigest digest = SentObjects.sha256();
        sent.attempt(object.sopInstanceUid());
        try (InputStream in = object.dataSet().open()) {
            DimseStatus status = connection.store(
                    new StoreOperation(
                            object.sopClassUid(), object.sopInstanceUid(), object.transferSyntaxUid(), Priority.MEDIUM),
                    new DigestInputStream(in, digest));
            if (status.isDone()) {
                sent.acknowledge(object.sopInstanceUid(), HexFormat.of().formatHex(digest.digest()));
            }
            return status;
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
