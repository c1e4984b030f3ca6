// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomLimitException;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.io.Part10;
import org.dozo.settings.StowSettings;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** STOW-RS's objects, PS3.18 §10.5: ingest, and every outcome as a result. Its callers are let in by the door. */
@Singleton
public class StowService {

    /** Source AE title of the objects that came by this door; PS3.10 has no field for a sender without one. */
    public static final String SOURCE = "STOW-RS";

    private static final Logger LOG = Logger.getLogger(StowService.class.getName());

    private final IngestService ingest;
    private final StowSettings settings;

    @Inject
    public StowService(IngestService ingest, StowSettings settings) {
        this.ingest = ingest;
        this.settings = settings;
    }

    /**
     * Takes one Part 10 file in; its meta information must name SOP class, instance and transfer syntax.
     *
     * @param study the Study Instance UID that the object must have; empty for any
     * @param address of the sender, in figures
     * @throws IOException as {@code file} threw it: the request cannot be read further
     */
    public StowResult store(InputStream file, String study, String address) throws IOException {
        FileMetaInformation meta;
        InputStream dataSet;
        try {
            // Not closed: the stream is the caller's.
            @SuppressWarnings("resource")
            Part10 part10 = Part10.open(file);
            meta = FileMetaInformation.from(part10.meta());
            dataSet = part10.dataSet();
        } catch (DicomFormatException e) {
            return noted(StowResult.refused(Failure.CANNOT_UNDERSTAND, String.valueOf(e.getMessage())), address);
        } catch (DicomLimitException e) {
            return noted(StowResult.refused(Failure.LIMIT_EXCEEDED, String.valueOf(e.getMessage())), address);
        }
        return store(
                new StowObject(
                        meta.mediaStorageSopClassUid(),
                        meta.mediaStorageSopInstanceUid(),
                        meta.transferSyntaxUid(),
                        dataSet),
                study,
                address);
    }

    /** As {@link #store(InputStream, String, String)}, of an object without a file around it. */
    public StowResult store(StowObject object, String study, String address) throws IOException {
        Filed filed = new Filed(study);
        Failure failure = null;
        String comment = "";
        try {
            requireTaken(object);
            ingest.ingest(arrival(object, address, filed), object.dataSet());
        } catch (FailureException e) {
            failure = e.failure();
            comment = comment(e);
            LOG.log(Level.FINE, "Refused because of", e);
        } catch (RuntimeException e) {
            failure = Failure.PROCESSING_FAILURE;
            comment = failure.sentence();
            LOG.log(
                    Level.SEVERE,
                    "DOZO-ING-012 STOW-RS failed inside Dozo. Remedy: report it with this stack trace",
                    e);
        }
        return noted(
                new StowResult(
                        object.sopClassUid(), object.sopInstanceUid(), filed.study, filed.series, failure, comment),
                address);
    }

    private static Arrival arrival(StowObject object, String address, Filed filed) {
        return new Arrival(
                object.sopClassUid(), object.sopInstanceUid(), object.transferSyntaxUid(), SOURCE, "", address, filed);
    }

    /** What an association would not have negotiated. */
    private void requireTaken(StowObject object) {
        String sopClass = object.sopClassUid();
        if (sopClass.isEmpty()
                || object.sopInstanceUid().isEmpty()
                || object.transferSyntaxUid().isEmpty()) {
            throw new FailureException(
                    Failure.CANNOT_UNDERSTAND,
                    "The object comes without its SOP Class, SOP Instance or Transfer Syntax UID: send a file with File"
                            + " Meta Information (PS3.10 §7.1), or whole metadata");
        }
        boolean known = SopClasses.isStorage(sopClass) && !SopClasses.isNonPatientObject(sopClass);
        if (!known && !settings.privateSopClasses().contains(sopClass)) {
            throw new FailureException(
                    Failure.SOP_CLASS_NOT_SUPPORTED,
                    "Its SOP class is not one of storage, or of objects without a patient; dicom.private-sop-classes"
                            + " can name further ones");
        }
        String syntax = object.transferSyntaxUid();
        if (!TransferSyntaxes.isStorable(syntax)
                && !settings.unknownTransferSyntaxes().contains(syntax)) {
            throw new FailureException(
                    Failure.TRANSFER_SYNTAX_NOT_SUPPORTED,
                    "Its transfer syntax is unknown or not for storage; dicom.unknown-transfer-syntaxes can name further"
                            + " ones");
        }
    }

    private static StowResult noted(StowResult result, String address) {
        Failure failure = result.failure();
        if (failure != null) {
            LOG.log(
                    Level.WARNING,
                    () -> "DOZO-ING-011 STOW-RS from %s refused an object with %s (%04X): %s"
                            .formatted(address, failure, failure.dimseStatus(), result.comment()));
        }
        return result;
    }

    private static String comment(FailureException e) {
        return switch (e.failure()) {
            case DATA_SET_MISMATCH,
                    CANNOT_UNDERSTAND,
                    LIMIT_EXCEEDED,
                    SOP_CLASS_NOT_SUPPORTED,
                    TRANSFER_SYNTAX_NOT_SUPPORTED -> String.valueOf(e.getMessage());
            default -> e.failure().sentence();
        };
    }

    /** Where the object is filed, learnt while it comes; refuses one of another study. */
    private static final class Filed implements Consumer<Dataset> {

        private final String wanted;
        private String study = "";
        private String series = "";

        Filed(String wanted) {
            this.wanted = wanted;
        }

        @Override
        public void accept(Dataset header) {
            study = header.getString(Tag.STUDY_INSTANCE_UID, "");
            series = header.getString(Tag.SERIES_INSTANCE_UID, "");
            if (!wanted.isEmpty() && !wanted.equals(study)) {
                throw new FailureException(
                        Failure.DATA_SET_MISMATCH,
                        "Study Instance UID (0020,000D) is not that of the request's address (PS3.18 §10.5)");
            }
        }
    }
}
