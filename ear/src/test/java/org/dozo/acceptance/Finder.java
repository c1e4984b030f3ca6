// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Priority;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.io.DatasetWriter;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.net.AssociateRequest;
import org.dozo.dicom.net.CommandSet;
import org.dozo.dicom.net.DimseMessage;
import org.dozo.dicom.net.ExtendedNegotiation;
import org.dozo.dicom.net.IdentifierReader;
import org.dozo.dicom.net.ProposedPresentationContext;
import org.dozo.dicom.net.Timeouts;
import org.dozo.dicom.net.UpperLayer;
import org.dozo.dicom.net.UserInformation;

/** One association that finds, with options of SOP class extended negotiation, PS3.4 §C.5.1.1. */
final class Finder implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> MODELS =
            List.of(SopClasses.PATIENT_ROOT_FIND, SopClasses.STUDY_ROOT_FIND, SopClasses.PATIENT_STUDY_ONLY_FIND);

    private final UpperLayer upper;
    private int messageId;

    /**
     * @param pending the statuses of the pending responses, each once
     */
    record Answer(DimseStatus status, List<Dataset> matches, Set<Integer> pending) {

        List<String> values(int tag) {
            return matches.stream().map(match -> match.getString(tag, "none")).toList();
        }
    }

    private Finder(UpperLayer upper) {
        this.upper = upper;
    }

    static Finder open(DozoNode node, QueryOption... options) throws IOException {
        return openAs("ACCEPTANCE", node, options);
    }

    static Finder openAs(String callingAeTitle, DozoNode node, QueryOption... options) throws IOException {
        byte[] wanted = new byte[QueryOption.values().length];
        for (QueryOption option : options) {
            wanted[List.of(QueryOption.values()).indexOf(option)] = 1;
        }
        List<ProposedPresentationContext> contexts = new ArrayList<>();
        List<ExtendedNegotiation> extended = new ArrayList<>();
        for (String model : MODELS) {
            contexts.add(new ProposedPresentationContext(2 * contexts.size() + 1, model, List.of(TestObject.EXPLICIT)));
            extended.add(new ExtendedNegotiation(model, wanted));
        }
        Timeouts timeouts = new Timeouts(PATIENCE, PATIENCE, 0, PATIENCE);
        UpperLayer upper = new UpperLayer(
                new Socket(InetAddress.getLoopbackAddress(), node.dicomPort()), timeouts, 128 << 10, new LongAdder());
        upper.request(
                new AssociateRequest(
                        "DOZO",
                        callingAeTitle,
                        AssociateRequest.DICOM_APPLICATION_CONTEXT,
                        contexts,
                        new UserInformation(
                                128 << 10,
                                FileMetaInformation.IMPLEMENTATION_CLASS_UID,
                                FileMetaInformation.IMPLEMENTATION_VERSION_NAME,
                                null,
                                List.of(),
                                extended,
                                List.of(),
                                null,
                                false)),
                PATIENCE);
        return new Finder(upper);
    }

    Answer find(String model, Dataset identifier) throws IOException {
        return find(model, DatasetWriter.toBytes(identifier, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
    }

    /** @param identifier in explicit VR little endian, be it right or wrong */
    Answer find(String model, byte[] identifier) throws IOException {
        messageId++;
        upper.send(
                upper.contextsFor(model).getFirst().id(),
                CommandSet.findRequest(messageId, model, Priority.MEDIUM),
                identifier);
        List<Dataset> matches = new ArrayList<>();
        Set<Integer> pending = new TreeSet<>();
        while (true) {
            DimseMessage response = upper.receive(PATIENCE);
            if (response == null) {
                throw new IOException("The node released the association instead of answering");
            }
            DimseStatus status = response.command().status();
            if (!status.isPending()) {
                return new Answer(status, matches, pending);
            }
            pending.add(status.code());
            matches.add(new IdentifierReader(1 << 20).read(response.dataSet(), TestObject.EXPLICIT));
        }
    }

    @Override
    public void close() throws IOException {
        try (upper) {
            upper.release(PATIENCE);
        }
    }
}
