// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.Admissions;
import org.dozo.access.Permission;
import org.dozo.dicom.Association;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.StoreListener;
import org.dozo.dicom.StoreRequest;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** C-STORE as SCP, PS3.4 §B.2.3: permission, ingest, and every outcome as a status. What {@link StoreMdb} lets in ends here. */
@Singleton
public class StoreService implements StoreListener {

    private static final Logger LOG = Logger.getLogger(StoreService.class.getName());

    private final Admissions admissions;
    private final IngestService ingest;
    private final IngestMetrics metrics;

    @Inject
    public StoreService(Admissions admissions, IngestService ingest, IngestMetrics metrics) {
        this.admissions = admissions;
        this.ingest = ingest;
        this.metrics = metrics;
    }

    @Override
    public DimseStatus store(StoreRequest request, InputStream dataSet) throws IOException {
        long start = System.nanoTime();
        DimseStatus status = answer(request, dataSet);
        metrics.answered(status.code(), start);
        return status;
    }

    private DimseStatus answer(StoreRequest request, InputStream dataSet) throws IOException {
        try {
            if (!admissions.may(request.association(), Permission.STORE)) {
                throw new FailureException(
                        Failure.NOT_AUTHORISED,
                        "The peer is not allowed to store; allow it with ./dozo peer add or /api/peers");
            }
            ingest.ingest(arrival(request), dataSet);
            return DimseStatus.SUCCESS;
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
                    () -> "DOZO-ING-002 C-STORE of association "
                            + request.association().id()
                            + " failed inside Dozo. Remedy: report it with this stack trace");
            return new DimseStatus(Failure.PROCESSING_FAILURE.dimseStatus(), Failure.PROCESSING_FAILURE.sentence());
        }
    }

    private static Arrival arrival(StoreRequest request) {
        Association association = request.association();
        return new Arrival(
                request.affectedSopClassUid(),
                request.affectedSopInstanceUid(),
                request.transferSyntaxUid(),
                association.callingAeTitle(),
                association.calledAeTitle(),
                association.remoteAddress().getHostAddress());
    }

    private static String refusal(StoreRequest request, FailureException e) {
        return "DOZO-ING-001 C-STORE of association %d from AE title %s refused with %s (%04X): %s"
                .formatted(
                        request.association().id(),
                        request.association().callingAeTitle(),
                        e.failure(),
                        e.failure().dimseStatus(),
                        e.getMessage());
    }

    /** To the sender: what is wrong with his object, but nothing of our volumes and database. */
    private static String comment(FailureException e) {
        return switch (e.failure()) {
            case DATA_SET_MISMATCH, CANNOT_UNDERSTAND, LIMIT_EXCEEDED -> String.valueOf(e.getMessage());
            default -> e.failure().sentence();
        };
    }
}
