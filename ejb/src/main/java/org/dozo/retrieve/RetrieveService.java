// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.io.BulkValue;
import org.dozo.dicom.io.DataSetFile;
import org.dozo.dicom.io.DataSetRewrite;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.DicomLimitException;
import org.dozo.dicom.io.ElementPath;
import org.dozo.dicom.io.FrameIndex;
import org.dozo.dicom.io.ObjectScanner;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.dicom.io.Patch;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.index.Corrections;
import org.dozo.index.InstanceCatalogue;
import org.dozo.index.InstanceSelection;
import org.dozo.index.SelectedInstances;
import org.dozo.index.StoredInstance;
import org.dozo.sending.Outbox;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * Gives objects, frames, long values and metadata to the web. Nothing is verified here, and no database connection is held while bytes
 * flow; memory does not grow with the objects.
 */
@Singleton
public class RetrieveService {

    private static final int MOST_AT_ONCE = 50_000;

    private final InstanceCatalogue catalogue;
    private final Corrections corrections;
    private final StoredFiles files;
    private final SeriesDocuments documents;
    private final ParseLimits limits;

    @Inject
    public RetrieveService(
            InstanceCatalogue catalogue,
            Corrections corrections,
            StoredFiles files,
            SeriesDocuments documents,
            ParseLimits limits) {
        this.catalogue = catalogue;
        this.corrections = corrections;
        this.files = files;
        this.documents = documents;
        this.limits = limits;
    }

    /** An instance and where it lies; empty if there is none. */
    public Optional<StoredInstance> find(String studyInstanceUid, String seriesInstanceUid, String sopInstanceUid)
            throws SQLException {
        return Optional.ofNullable(catalogue
                .select(InstanceSelection.ofInstance(studyInstanceUid, seriesInstanceUid, sopInstanceUid))
                .next());
    }

    /**
     * Decides what of a selection goes out, and how; costs about 1 KiB an instance.
     *
     * @param original whether corrections are left out
     * @throws FailureException {@link Failure#LIMIT_EXCEEDED} if it is more than {@value #MOST_AT_ONCE} instances
     */
    public RetrievalPlan plan(InstanceSelection selection, AcceptedSyntaxes syntaxes, boolean original)
            throws SQLException {
        SelectedInstances selected = catalogue.select(selection);
        if (selected.size() > MOST_AT_ONCE) {
            throw new FailureException(
                    Failure.LIMIT_EXCEEDED,
                    selected.size() + " instances are more than the " + MOST_AT_ONCE
                            + " that one request gives; retrieve the series one by one");
        }
        Outbox outbox = new Outbox(selected, corrections);
        List<PlannedObject> objects = new ArrayList<>();
        Set<String> unaccepted = new TreeSet<>();
        int leftOut = 0;
        int unreadable = 0;
        for (Outbox.Item item = outbox.next(); item != null; item = outbox.next()) {
            Optional<String> syntax = syntaxes.choose(item.instance().transferSyntaxUid());
            boolean readable = files.find(item.instance()).isPresent();
            if (syntax.isPresent() && readable) {
                Dataset patch = original ? new Dataset() : item.corrections();
                objects.add(new PlannedObject(item.instance(), patch, syntax.get()));
                continue;
            }
            leftOut++;
            unreadable += readable ? 0 : 1;
            if (syntax.isEmpty()) {
                unaccepted.add(item.instance().transferSyntaxUid());
            }
        }
        return new RetrievalPlan(objects, leftOut, List.copyOf(unaccepted), unreadable);
    }

    /**
     * Opens an object as it goes out.
     *
     * @throws FailureException {@link Failure#STORAGE_UNAVAILABLE} if no copy can be read, {@link Failure#CANNOT_UNDERSTAND} if the
     *     object can't be rewritten
     */
    public OutgoingObject open(PlannedObject planned) throws IOException, SQLException {
        StoredInstance instance = planned.instance();
        Path path = files.require(instance);
        if (planned.isAsStored()) {
            return OutgoingObject.asStored(instance, path);
        }
        DataSetFile file = open(instance, path);
        try {
            ScannedObject object = header(instance, file);
            ScannedObject patched = planned.patch().isEmpty() ? object : Patch.apply(object, planned.patch());
            DataSetRewrite rewrite = DataSetRewrite.of(patched, syntax(planned.syntaxUid()));
            return OutgoingObject.rewritten(instance, file, rewrite, limits);
        } catch (DicomFormatException e) {
            file.close();
            throw FailureException.of(Failure.CANNOT_UNDERSTAND, e);
        } catch (IOException | SQLException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** @throws FailureException {@link Failure#NOT_FOUND} if it has none, or they can't be told apart */
    public OutgoingFrames frames(StoredInstance instance) throws IOException, SQLException {
        DataSetFile file = open(instance, files.require(instance));
        try {
            FrameIndex index = FrameIndex.of(header(instance, file), file);
            return new OutgoingFrames(instance.transferSyntaxUid(), index, file);
        } catch (DicomFormatException e) {
            file.close();
            throw FailureException.of(Failure.NOT_FOUND, e);
        } catch (IOException | SQLException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Opens a long value. One in fragments is a video stream as a whole; other pixel data in fragments is given by its {@link #frames}.
     *
     * @throws FailureException {@link Failure#NOT_FOUND} if there is no such value
     */
    public OutgoingBulkData bulkData(StoredInstance instance, ElementPath path) throws IOException, SQLException {
        DataSetFile file = open(instance, files.require(instance));
        try {
            for (BulkValue value : header(instance, file).bulkValues()) {
                if (value.path().equals(path)) {
                    return new OutgoingBulkData(
                            instance.transferSyntaxUid(), value.fragments() != null, value.asFrame(), file);
                }
            }
            throw new FailureException(
                    Failure.NOT_FOUND, "The instance has no bulk data at " + path + "; its metadata tells what it has");
        } catch (IOException | SQLException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The metadata of a study, or of one of its series; empty if there is none. */
    public Optional<Metadata> metadata(String studyInstanceUid, Optional<String> seriesInstanceUid)
            throws SQLException {
        return documents.metadata(studyInstanceUid, seriesInstanceUid);
    }

    /** The metadata of one instance, corrected. */
    public ScannedObject metadata(StoredInstance instance) throws IOException, SQLException {
        Dataset patch = corrections.patchFor(instance.instanceId());
        ScannedObject object = header(instance);
        return patch.isEmpty() ? object : Patch.apply(object, patch);
    }

    private ScannedObject header(StoredInstance instance) throws IOException, SQLException {
        Optional<ScannedObject> kept = catalogue.header(instance);
        if (kept.isPresent()) {
            return kept.get();
        }
        try (DataSetFile file = open(instance, files.require(instance))) {
            return scan(file);
        }
    }

    private ScannedObject header(StoredInstance instance, DataSetFile file) throws IOException, SQLException {
        Optional<ScannedObject> kept = catalogue.header(instance);
        return kept.isPresent() ? kept.get() : scan(file);
    }

    /** Another object became the current one since the instance was looked up: the kept header is not this one's. */
    private ScannedObject scan(DataSetFile file) throws IOException {
        try {
            return ObjectScanner.scan(file.open(), file.syntax(), limits);
        } catch (DicomLimitException e) {
            throw FailureException.of(Failure.LIMIT_EXCEEDED, e);
        }
    }

    private DataSetFile open(StoredInstance instance, Path path) throws IOException {
        return new DataSetFile(
                path, instance.dataSetOffset(), instance.dataSetLength(), syntax(instance.transferSyntaxUid()), limits);
    }

    private static TransferSyntax syntax(String uid) {
        TransferSyntax known = TransferSyntaxes.of(uid);
        return known == null ? TransferSyntax.unknown(uid) : known;
    }
}
