// SPDX-License-Identifier: Apache-2.0
package org.dozo.ingest.imports;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.io.DatasetReader;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomLimitException;
import org.dozo.dicom.io.FileMetaInformation;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.dicom.io.Part10;
import org.dozo.index.Recorded.Outcome;
import org.dozo.ingest.Arrival;
import org.dozo.ingest.IngestService;
import org.dozo.ingest.IngestService.Taken;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** Reads one file and brings it into the archive by the way of every object; what can't be is given a reason and a remedy. */
final class Intake {

    /** What is sent by no network has no address. */
    private static final String SOURCE = "file";

    private static final int PEEK = 64 << 10;
    private static final Pattern AE_TITLE = Pattern.compile("[ -~&&[^\\\\]]{1,16}");
    private static final Logger LOG = Logger.getLogger(Intake.class.getName());

    private final IngestService ingest;
    private final ParseLimits limits;
    private final boolean inPlace;

    /** @param inPlace whether files are recorded where they lie, instead of copied */
    Intake(IngestService ingest, ParseLimits limits, boolean inPlace) {
        this.inPlace = inPlace;
        this.ingest = ingest;
        this.limits = limits;
    }

    /**
     * Once the verdict is STORED or KNOWN the object is durable.
     *
     * @throws FailureException if the fault is not the file's: volumes or database are not to be had now
     */
    Verdict judge(Candidate candidate) {
        try (InputStream in = candidate.opening().open()) {
            byte[] start = in.readNBytes(FileKind.BYTES);
            InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), in);
            return switch (FileKind.of(start)) {
                case DICOM -> dicom(candidate, whole, true);
                case OTHER ->
                    start.length == 0 ? Verdict.skipped("the file is empty", "") : dicom(candidate, whole, false);
                case ZIP -> Verdict.skipped("a ZIP", "import it by itself, as a PATH of its own");
            };
        } catch (DicomLimitException e) {
            return limit(e);
        } catch (IOException e) {
            return FileTree.unreadable(e);
        } catch (FailureException e) {
            if (isTransient(e.failure())) {
                throw e;
            }
            return refusal(e);
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "DOZO-IMP-003 A file could not be imported for a fault inside Dozo", e);
            return Verdict.refused(
                    Failure.PROCESSING_FAILURE.sentence(), "report the lines DOZO-IMP-003 of the server's log");
        }
    }

    /** Whether trying later may help. */
    static boolean isTransient(Failure failure) {
        return switch (failure) {
            case VOLUME_FULL, STORAGE_UNAVAILABLE, DATABASE_UNAVAILABLE, COMMIT_IN_DOUBT -> true;
            default -> false;
        };
    }

    /** @param certain whether the file says itself that it is DICOM */
    private Verdict dicom(Candidate candidate, InputStream in, boolean certain) throws IOException {
        Part10 file;
        try {
            file = Part10.open(in);
        } catch (DicomFormatException e) {
            return certain
                    ? Verdict.refused(
                            String.valueOf(e.getMessage()), "the file is damaged: get it from its source again")
                    : Verdict.skipped("no DICOM file", "");
        }
        if (FileKind.isDicomDir(file)) {
            return Verdict.skipped("a DICOMDIR, which is no object", "import it by itself to have what it names");
        }
        byte[] start = file.dataSet().readNBytes(PEEK);
        Arrival arrival = arrival(file, start);
        Taken taken;
        if (!inPlace) {
            taken = ingest.take(arrival, new SequenceInputStream(new ByteArrayInputStream(start), file.dataSet()));
        } else if (candidate.file() != null) {
            taken = ingest.adopt(arrival, candidate.file().toRealPath(), file.dataSetOffset());
        } else {
            return Verdict.refused("a file in a ZIP can't be adopted in place", "import the ZIP without --in-place");
        }
        Verdict.Receipt receipt =
                new Verdict.Receipt(arrival.sopInstanceUid(), arrival.transferSyntaxUid(), taken.dataSetSha256());
        Verdict.Kind kind = taken.outcome() == Outcome.DUPLICATE ? Verdict.Kind.KNOWN : Verdict.Kind.STORED;
        return new Verdict(kind, "", "", receipt);
    }

    /** The data set is asked first: copied and edited files often have the meta information of another. */
    private Arrival arrival(Part10 file, byte[] start) {
        FileMetaInformation meta = FileMetaInformation.from(file.meta());
        Dataset identity = identity(start, file.syntax());
        String title = meta.sourceAeTitle();
        return new Arrival(
                identity.getString(Tag.SOP_CLASS_UID, meta.mediaStorageSopClassUid()),
                identity.getString(Tag.SOP_INSTANCE_UID, meta.mediaStorageSopInstanceUid()),
                file.syntax().uid(),
                AE_TITLE.matcher(title).matches() ? title : "",
                "",
                SOURCE);
    }

    /** Group 0008; empty if it can't be read from the first bytes alone, as of a deflated data set. */
    private Dataset identity(byte[] start, TransferSyntax syntax) {
        try {
            return new DatasetReader(new ByteArrayInputStream(start), syntax, limits).readGroup(0x0008);
        } catch (IOException e) {
            // The scan of the whole data set finds and tells what is wrong with it.
            return new Dataset();
        }
    }

    private static Verdict limit(DicomLimitException e) {
        return Verdict.refused(
                String.valueOf(e.getMessage()),
                "if the object is what it should be, raise " + e.setting()
                        + " in dozo.properties, restart, import again");
    }

    private static Verdict refusal(FailureException e) {
        if (e.getCause() instanceof DicomLimitException limit) {
            return limit(limit);
        }
        String reason = String.valueOf(e.getMessage());
        return switch (e.failure()) {
            case CANNOT_UNDERSTAND ->
                Verdict.refused(reason, "the file is damaged or no DICOM file: get it from its source again");
            case DATA_SET_MISMATCH -> Verdict.refused(reason, "correct the object at its source, then import it again");
            default -> Verdict.refused(reason, "see " + e.failure() + " in docs/statuses.md and the server's log");
        };
    }
}
