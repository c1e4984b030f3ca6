// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.Admissions;
import org.dozo.access.Permission;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.FindListener;
import org.dozo.dicom.FindRequest;
import org.dozo.dicom.Matches;
import org.dozo.dicom.QueryOption;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** C-FIND as SCP, PS3.4 §C.4.1: permission, information model, and every outcome as a status. What {@link FindMdb} lets in ends here. */
@Singleton
public class FindService implements FindListener {

    private static final Logger LOG = Logger.getLogger(FindService.class.getName());

    /** Matching terminated due to cancel request, PS3.4 §C.4.1.1.4. */
    private static final DimseStatus CANCELLED = new DimseStatus(0xFE00, "");

    private final Admissions admissions;
    private final QueryService queries;

    @Inject
    public FindService(Admissions admissions, QueryService queries) {
        this.admissions = admissions;
        this.queries = queries;
    }

    @Override
    public DimseStatus find(FindRequest request, Matches matches) throws IOException {
        try {
            if (!admissions.may(request.association(), Permission.FIND)) {
                throw new FailureException(
                        Failure.NOT_AUTHORISED,
                        "The peer is not allowed to find; allow it with ./dozo peer add or /api/peers");
            }
            QueryOutcome outcome = answer(request, matches);
            return outcome.cancelled() ? CANCELLED : DimseStatus.SUCCESS;
        } catch (FailureException e) {
            LOG.log(
                    e.failure() == Failure.PROCESSING_FAILURE ? Level.SEVERE : Level.WARNING,
                    () -> refusal(request, e));
            LOG.log(Level.FINE, "Refused because of", e);
            return new DimseStatus(e.failure().dimseStatus(), comment(e));
        } catch (RuntimeException e) {
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "DOZO-QRY-002 C-FIND of association "
                            + request.association().id()
                            + " failed inside Dozo. Remedy: report it with this stack trace");
            return new DimseStatus(Failure.PROCESSING_FAILURE.dimseStatus(), Failure.PROCESSING_FAILURE.sentence());
        }
    }

    private QueryOutcome answer(FindRequest request, Matches matches) throws IOException {
        FindModel model = FindModel.of(request.affectedSopClassUid());
        Dataset identifier = request.identifier();
        QueryLevel level = model.level(identifier);
        if (!request.options().contains(QueryOption.RELATIONAL)) {
            model.requireHierarchy(level, identifier);
        }
        StudyQuery query = new StudyQuery(
                level,
                identifier,
                request.options().contains(QueryOption.FUZZY_PERSON_NAMES),
                request.options().contains(QueryOption.COMBINED_DATE_TIME),
                request.options().contains(QueryOption.TIMEZONE_ADJUSTMENT),
                false,
                Page.ALL);
        return queries.find(query, new Pending(request, level, characterSet(request), matches));
    }

    private ResponseCharacterSet characterSet(FindRequest request) {
        return new ResponseCharacterSet(
                admissions.characterSet(request.association()),
                request.identifier().characterSet());
    }

    /** Makes a pending response of a match. */
    private static final class Pending implements Matches {

        private final QueryLevel level;
        private final String aeTitle;
        private final ResponseCharacterSet characterSet;
        private final Matches peer;

        Pending(FindRequest request, QueryLevel level, ResponseCharacterSet characterSet, Matches peer) {
            this.level = level;
            // The title that the peer knows us by is the one that it can retrieve from.
            this.aeTitle = request.association().calledAeTitle();
            this.characterSet = characterSet;
            this.peer = peer;
        }

        @Override
        public void add(Dataset match) throws IOException {
            peer.add(characterSet
                    .write(match)
                    .setString(Tag.QUERY_RETRIEVE_LEVEL, VR.CS, level.name())
                    .setString(Tag.RETRIEVE_AE_TITLE, VR.AE, aeTitle)
                    .setString(Tag.INSTANCE_AVAILABILITY, VR.CS, "ONLINE"));
        }

        @Override
        public boolean isCancelled() {
            return peer.isCancelled();
        }
    }

    private static String refusal(FindRequest request, FailureException e) {
        return "DOZO-QRY-001 C-FIND of association %d from AE title %s ended with %s (%04X): %s"
                .formatted(
                        request.association().id(),
                        request.association().callingAeTitle(),
                        e.failure(),
                        e.failure().dimseStatus(),
                        e.getMessage());
    }

    /** To the peer: what is wrong with its question, but nothing of our database. */
    private static String comment(FailureException e) {
        return switch (e.failure()) {
            case BAD_IDENTIFIER, QUERY_TOO_BROAD -> String.valueOf(e.getMessage());
            default -> e.failure().sentence();
        };
    }
}
