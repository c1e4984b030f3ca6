// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.access.Admissions;
import org.dozo.access.Permission;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.RetrieveRequest;
import org.dozo.dicom.RetrieveResult;
import org.dozo.index.InstanceCatalogue;
import org.dozo.index.SelectedInstances;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** What C-MOVE and C-GET have in common: permission, selection, every outcome as a status, and its line in the log. */
@Singleton
public class Retrieval {

    private static final Logger LOG = Logger.getLogger(Retrieval.class.getName());

    /** PS3.4 §C.4.2.1.5: out of resources, unable to calculate the number of matches. */
    private static final int CANNOT_COUNT_MATCHES = 0xA701;

    private final Admissions admissions;
    private final InstanceCatalogue catalogue;

    @Inject
    public Retrieval(Admissions admissions, InstanceCatalogue catalogue) {
        this.admissions = admissions;
        this.catalogue = catalogue;
    }

    /** The sending, once it is known what. */
    @FunctionalInterface
    interface Sending {
        RetrieveResult send() throws IOException, SQLException;
    }

    /** @throws FailureException if the peer may not do this, or the identifier is not as it must be */
    SelectedInstances select(RetrieveRequest request, Permission permission) throws SQLException {
        if (!admissions.may(request.association(), permission)) {
            throw new FailureException(
                    Failure.NOT_AUTHORISED,
                    "The peer is not allowed to " + permission.word()
                            + "; allow it with ./dozo peer add or /api/peers");
        }
        return catalogue.select(RetrieveIdentifier.selection(request));
    }

    /** @throws IOException only what the network threw */
    RetrieveResult perform(String operation, Sending sending) throws IOException {
        try {
            return sending.send();
        } catch (FailureException e) {
            LOG.warning(() -> "DOZO-RET-101 %s refused with %s (%04X): %s"
                    .formatted(operation, e.failure(), e.failure().dimseStatus(), e.getMessage()));
            return RetrieveResult.refused(new DimseStatus(e.failure().dimseStatus(), comment(e)));
        } catch (SQLException e) {
            // The database's own words may hold the values that it refused, hence its state only.
            LOG.warning(() -> "DOZO-RET-101 %s refused with %s (%04X): the database answered %s"
                    .formatted(operation, Failure.of(e), CANNOT_COUNT_MATCHES, e.getSQLState()));
            return RetrieveResult.refused(
                    new DimseStatus(CANNOT_COUNT_MATCHES, Failure.of(e).sentence()));
        } catch (RuntimeException e) {
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "DOZO-RET-106 " + operation + " failed inside Dozo. Remedy: report it with this stack trace");
            return RetrieveResult.refused(
                    new DimseStatus(Failure.PROCESSING_FAILURE.dimseStatus(), Failure.PROCESSING_FAILURE.sentence()));
        }
    }

    /** One line for each that was begun. */
    static void report(String operation, Tally tally, RetrieveResult result, long startNanos) {
        LOG.info(() -> "DOZO-RET-105 %s ended with %04X: %s in %d ms"
                .formatted(operation, result.status().code(), tally, (System.nanoTime() - startNanos) / 1_000_000));
    }

    private static String comment(FailureException e) {
        return switch (e.failure()) {
            case DATA_SET_MISMATCH -> String.valueOf(e.getMessage());
            default -> e.failure().sentence();
        };
    }
}
