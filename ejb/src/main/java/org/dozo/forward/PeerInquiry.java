// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.dozo.access.Destination;
import org.dozo.dicom.DicomConnection;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.Matches;
import org.dozo.dicom.ProposedContext;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;

/** Asks a destination which objects of a study it has: C-FIND as SCU, PS3.4 §C.4.1, study root. */
@Singleton
public class PeerInquiry {

    private static final String FIND = "1.2.840.10008.5.1.4.1.2.2.1";
    private static final String VERIFICATION = "1.2.840.10008.1.1";
    private static final List<String> SYNTAXES = List.of("1.2.840.10008.1.2.1", "1.2.840.10008.1.2");

    /** With Verification, so that a peer that can't be queried has something to accept. */
    private static final List<ProposedContext> CONTEXTS =
            List.of(new ProposedContext(FIND, SYNTAXES), new ProposedContext(VERIFICATION, SYNTAXES));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * What the destination says.
     *
     * @param isAnswered whether it could be asked: otherwise nothing is known
     * @param missing the SOP Instance UIDs that it did not name
     */
    record Answer(boolean isAnswered, Set<String> missing) {
        static final Answer NONE = new Answer(false, Set.of());

        Answer {
            missing = Set.copyOf(missing);
        }
    }

    /**
     * @param sent SOP Instance UIDs by Series Instance UID
     * @throws IOException if the destination can't be reached, has no place free, or ends the association
     */
    Answer ask(Destination destination, String study, Map<String, Set<String>> sent)
            throws IOException, InterruptedException {
        if (!destination.enter(PATIENCE)) {
            throw new IOException("All associations with " + destination.aeTitle() + " are in use");
        }
        try (DicomConnection connection = destination.open(CONTEXTS)) {
            Answer answer = ask(connection, study, sent);
            // Not left to a pool: there are destinations that serve one association at a time.
            connection.release();
            destination.answered();
            return answer;
        } finally {
            destination.leave();
        }
    }

    private static Answer ask(DicomConnection connection, String study, Map<String, Set<String>> sent)
            throws IOException {
        if (connection.acceptedTransferSyntaxUids(FIND).isEmpty()) {
            return Answer.NONE;
        }
        Answer answer = byInstance(connection, study, sent);
        return answer.isAnswered() ? answer : byCount(connection, study, sent);
    }

    private static Answer byInstance(DicomConnection connection, String study, Map<String, Set<String>> sent)
            throws IOException {
        Set<String> missing = new HashSet<>();
        for (Map.Entry<String, Set<String>> series : sent.entrySet()) {
            missing.addAll(series.getValue());
            Dataset identifier = identifier("IMAGE", study)
                    .setString(Tag.SERIES_INSTANCE_UID, VR.UI, series.getKey())
                    .setString(Tag.SOP_INSTANCE_UID, VR.UI, "");
            DimseStatus status =
                    find(connection, identifier, match -> missing.remove(match.getString(Tag.SOP_INSTANCE_UID, "")));
            if (status.code() != 0) {
                return Answer.NONE;
            }
        }
        return new Answer(true, missing);
    }

    /** For those who know of studies only. */
    private static Answer byCount(DicomConnection connection, String study, Map<String, Set<String>> sent)
            throws IOException {
        AtomicLong count = new AtomicLong(-1);
        Dataset identifier = identifier("STUDY", study).setString(Tag.NUMBER_OF_STUDY_RELATED_INSTANCES, VR.IS, "");
        DimseStatus status = find(
                connection, identifier, match -> count.set(match.getInt(Tag.NUMBER_OF_STUDY_RELATED_INSTANCES, -1)));
        long wanted = sent.values().stream().mapToLong(Set::size).sum();
        return status.code() == 0 && count.get() >= wanted ? new Answer(true, Set.of()) : Answer.NONE;
    }

    private static Dataset identifier(String level, String study) {
        return new Dataset()
                .setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, level)
                .setString(Tag.STUDY_INSTANCE_UID, VR.UI, study);
    }

    private static DimseStatus find(DicomConnection connection, Dataset identifier, Consumer<Dataset> taker)
            throws IOException {
        return connection.find(FIND, identifier, new Matches() {
            @Override
            public void add(Dataset match) {
                taker.accept(match);
            }

            @Override
            public boolean isCancelled() {
                return false;
            }
        });
    }
}
