// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.dozo.access.DestinationSettings;
import org.dozo.access.Destinations;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerRegistry;
import org.dozo.access.Permission;
import org.dozo.dicom.MoveListener;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveRequest;
import org.dozo.dicom.RetrieveResult;
import org.dozo.index.Corrections;
import org.dozo.index.ObjectKind;
import org.dozo.index.SelectedInstances;
import org.dozo.sending.ObjectSender;
import org.dozo.sending.Outbox;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** C-MOVE as SCP, PS3.4 §C.4.2: to known peers only. What {@link MoveMdb} lets in ends here. */
@Singleton
public class MoveService implements MoveListener {

    private final Retrieval retrieval;
    private final PeerRegistry peers;
    private final Destinations destinations;
    private final DestinationSettings settings;
    private final Corrections corrections;
    private final ObjectSender sender;

    @Inject
    public MoveService(
            Retrieval retrieval,
            PeerRegistry peers,
            Destinations destinations,
            DestinationSettings settings,
            Corrections corrections,
            ObjectSender sender) {
        this.retrieval = retrieval;
        this.peers = peers;
        this.destinations = destinations;
        this.settings = settings;
        this.corrections = corrections;
        this.sender = sender;
    }

    @Override
    public RetrieveResult move(RetrieveRequest request, RetrieveProgress progress) throws IOException {
        String operation = "C-MOVE %d of association %d from %s"
                .formatted(
                        request.messageId(),
                        request.association().id(),
                        request.association().callingAeTitle());
        return retrieval.perform(operation, () -> moveSelected(request, progress));
    }

    private RetrieveResult moveSelected(RetrieveRequest request, RetrieveProgress progress)
            throws IOException, SQLException {
        long start = System.nanoTime();
        SelectedInstances selected = retrieval.select(request, Permission.MOVE);
        KnownPeer destination = destination(request.moveDestination());
        List<ObjectKind> kinds = selected.kinds();
        Tally tally = new Tally(selected.size());
        Move move = new Move(request, new Outbox(selected, corrections), sender, tally);
        int associations = Math.min(settings.associationsPerMove(), selected.size());
        RetrieveResult result = move.run(destinations.of(destination), kinds, associations, progress);
        Retrieval.report(move.toString(), tally, result, start);
        return result;
    }

    private KnownPeer destination(String aeTitle) {
        return peers.find(aeTitle)
                .orElseThrow(() -> new FailureException(
                        Failure.UNKNOWN_DESTINATION,
                        "The move destination is not a known peer; add it with ./dozo peer add AET HOST PORT"));
    }
}
