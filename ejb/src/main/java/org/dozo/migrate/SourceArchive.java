// SPDX-License-Identifier: Apache-2.0
package org.dozo.migrate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dozo.access.Destination;
import org.dozo.access.KnownPeer;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Matches;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.RetrieveProgress;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.Uid;
import org.dozo.dicom.data.VR;

/**
 * Another archive on one association: C-FIND and C-MOVE as SCU, PS3.4 §C.4.1 and §C.4.2, study root. What it answers is bounded and not
 * believed: UIDs that are none are passed over. Not thread-safe.
 */
final class SourceArchive implements AutoCloseable {

    private static final List<String> SYNTAXES = List.of("1.2.840.10008.1.2.1", "1.2.840.10008.1.2");

    private static final List<ProposedContext> CONTEXTS = List.of(
            new ProposedContext(SopClasses.STUDY_ROOT_FIND, SYNTAXES),
            new ProposedContext(SopClasses.STUDY_ROOT_MOVE, SYNTAXES));

    /** C-MOVE: the destination is not known to the source, PS3.4 §C.4.2.1.5. */
    private static final int DESTINATION_UNKNOWN = 0xA801;

    /** One is right; that there are more is not waited for. */
    private static final int MOST_BY_UID = 2;

    private static final int MOST_SERIES = 10_000;
    private static final int MOST_INSTANCES = 500_000;

    private final KnownPeer peer;
    private final Destination destination;
    private final DicomConnection connection;
    private final String ourTitle;

    private SourceArchive(KnownPeer peer, Destination destination, DicomConnection connection, String ourTitle) {
        this.peer = peer;
        this.destination = destination;
        this.connection = connection;
        this.ourTitle = ourTitle;
    }

    /**
     * @throws IOException if it can't be reached, or is left alone for a while
     * @throws SourceRefusedException if it does not offer what is needed
     */
    static SourceArchive open(KnownPeer peer, Destination destination, String ourTitle)
            throws IOException, SourceRefusedException {
        SourceArchive source = new SourceArchive(peer, destination, destination.open(CONTEXTS), ourTitle);
        try {
            source.require(SopClasses.STUDY_ROOT_FIND, "C-FIND");
            source.require(SopClasses.STUDY_ROOT_MOVE, "C-MOVE");
            return source;
        } catch (SourceRefusedException e) {
            source.close();
            throw e;
        }
    }

    KnownPeer peer() {
        return peer;
    }

    /** The association was lost in the middle of an operation. */
    void lost() {
        destination.lost();
    }

    private void require(String sopClassUid, String operation) throws SourceRefusedException {
        if (connection.acceptedTransferSyntaxUids(sopClassUid).isEmpty()) {
            throw SourceRefusedException.ofUs(peer.aeTitle() + " accepts no " + operation + " (study root) from "
                    + ourTitle + "; allow it there");
        }
    }

    /**
     * Studies that match.
     *
     * @param keys besides level and Study Instance UID: what must match, and what is to be told
     * @param most no more are waited for
     */
    List<Dataset> studies(Dataset keys, int most) throws IOException, SourceRefusedException {
        Dataset identifier = keys.setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, "STUDY");
        if (!identifier.contains(Tag.STUDY_INSTANCE_UID)) {
            identifier.setString(Tag.STUDY_INSTANCE_UID, VR.UI, "");
        }
        return find("STUDY", identifier, Tag.STUDY_INSTANCE_UID, most);
    }

    /** What it has of a study; nothing if it does not know it. */
    SourceStudy study(String study) throws IOException, SourceRefusedException {
        List<Dataset> found = studies(
                new Dataset()
                        .setString(Tag.STUDY_INSTANCE_UID, VR.UI, study)
                        .setString(Tag.NUMBER_OF_STUDY_RELATED_INSTANCES, VR.IS, ""),
                MOST_BY_UID);
        int count = found.isEmpty() ? 0 : found.getFirst().getInt(Tag.NUMBER_OF_STUDY_RELATED_INSTANCES, 0);
        List<SourceStudy.Series> series = new ArrayList<>();
        int named = 0;
        for (Dataset each : series(study)) {
            String uid = each.getString(Tag.SERIES_INSTANCE_UID, "");
            Set<String> uids = instances(study, uid, MOST_INSTANCES - named);
            named += uids.size();
            series.add(new SourceStudy.Series(uid, each.getString(Tag.MODALITY, ""), uids));
        }
        return new SourceStudy(count, series);
    }

    private List<Dataset> series(String study) throws IOException, SourceRefusedException {
        Dataset identifier = identifier("SERIES", study)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, "")
                .setString(Tag.MODALITY, VR.CS, "");
        return bounded(find("SERIES", identifier, Tag.SERIES_INSTANCE_UID, MOST_SERIES + 1), MOST_SERIES, "series");
    }

    private Set<String> instances(String study, String series, int most) throws IOException, SourceRefusedException {
        Dataset identifier = identifier("IMAGE", study)
                .setString(Tag.SERIES_INSTANCE_UID, VR.UI, series)
                .setString(Tag.SOP_INSTANCE_UID, VR.UI, "");
        Set<String> uids = new HashSet<>();
        for (Dataset match : bounded(find("IMAGE", identifier, Tag.SOP_INSTANCE_UID, most + 1), most, "instances")) {
            uids.add(match.getString(Tag.SOP_INSTANCE_UID, ""));
        }
        return uids;
    }

    private List<Dataset> bounded(List<Dataset> found, int most, String what) throws SourceRefusedException {
        if (found.size() > most) {
            throw SourceRefusedException.because(
                    peer.aeTitle() + " names more than " + most + " " + what + " in one study");
        }
        return found;
    }

    private List<Dataset> find(String level, Dataset identifier, int uidTag, int most)
            throws IOException, SourceRefusedException {
        List<Dataset> found = new ArrayList<>();
        DimseStatus status = connection.find(SopClasses.STUDY_ROOT_FIND, identifier, new Matches() {
            @Override
            public void add(Dataset match) {
                if (found.size() < most && Uid.isValid(match.getString(uidTag, ""))) {
                    found.add(match);
                }
            }

            @Override
            public boolean isCancelled() {
                return found.size() >= most;
            }
        });
        destination.answered();
        if (!status.isDone() && found.size() < most) {
            throw SourceRefusedException.of("C-FIND at " + level + " level", peer.aeTitle(), status);
        }
        return found;
    }

    /**
     * Has it send to us.
     *
     * @param series empty for the whole study
     * @param instances of the series; none for all of it
     */
    RetrieveResult move(String study, String series, List<String> instances, RetrieveProgress progress)
            throws IOException, SourceRefusedException {
        Dataset identifier = identifier(series.isEmpty() ? "STUDY" : instances.isEmpty() ? "SERIES" : "IMAGE", study);
        if (!series.isEmpty()) {
            identifier.setString(Tag.SERIES_INSTANCE_UID, VR.UI, series);
        }
        if (!instances.isEmpty()) {
            identifier.setStrings(Tag.SOP_INSTANCE_UID, VR.UI, instances);
        }
        RetrieveResult result = connection.move(SopClasses.STUDY_ROOT_MOVE, identifier, ourTitle, progress);
        destination.answered();
        if (result.status().code() == DESTINATION_UNKNOWN) {
            throw SourceRefusedException.ofUs(peer.aeTitle() + " does not know the move destination " + ourTitle
                    + ": add it there, with the host and DICOM port of this archive");
        }
        return result;
    }

    private static Dataset identifier(String level, String study) {
        return new Dataset()
                .setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, level)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, study);
    }

    /** Not left to a pool: there are archives that serve one association at a time. */
    @Override
    public void close() {
        try (connection) {
            connection.release();
        }
    }
}
