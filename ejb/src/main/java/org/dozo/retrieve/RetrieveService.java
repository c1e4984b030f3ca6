// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
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
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/**
 * Gives objects, frames, long values and metadata to the web. Nothing is verified here, and no database connection is held while bytes
 * flow; memory does not grow with the objects.
 */
@Singleton
public class RetrieveService {

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

    /** The instances that are meant, as of now. */
    public SelectedInstances select(InstanceSelection selection) throws SQLException {
        return catalogue.select(selection);
    }

    /** What is changed in the instance on its way out; empty if nothing. */
    public Dataset patchFor(StoredInstance instance) throws SQLException {
        return corrections.patchFor(instance.instanceId());
    }

    /** Whether a file of it can be read now. */
    public boolean isReadable(StoredInstance instance) {
        return files.find(instance).isPresent();
    }

    /**
     * Opens an object as it goes out.
     *
     * @param patch what to change in it; empty: as it was received
     * @param syntaxUid the stored transfer syntax, or an uncompressed one if that is uncompressed
     * @throws FailureException {@link Failure#STORAGE_UNAVAILABLE} if no copy can be read, {@link Failure#CANNOT_UNDERSTAND} if the
     *     object can't be rewritten
     */
    public OutgoingObject open(StoredInstance instance, Dataset patch, String syntaxUid)
            throws IOException, SQLException {
        Path path = files.require(instance);
        if (patch.isEmpty() && syntaxUid.equals(instance.transferSyntaxUid())) {
            return OutgoingObject.asStored(instance, path);
        }
        DataSetFile file = open(instance, path);
        try {
            ScannedObject object = header(instance, file);
            ScannedObject patched = patch.isEmpty() ? object : Patch.apply(object, patch);
            DataSetRewrite rewrite = DataSetRewrite.of(patched, syntax(syntaxUid));
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
     * Opens a long value that is not in fragments.
     *
     * @throws FailureException {@link Failure#NOT_FOUND} if there is no such value, or it is in fragments
     */
    public OutgoingBulkData bulkData(StoredInstance instance, ElementPath path) throws IOException, SQLException {
        DataSetFile file = open(instance, files.require(instance));
        try {
            for (BulkValue value : header(instance, file).bulkValues()) {
                if (value.path().equals(path) && value.fragments() == null) {
                    return new OutgoingBulkData(value.asFrame(), file);
                }
            }
            throw new FailureException(
                    Failure.NOT_FOUND, "The instance has no bulk data at " + path + "; its metadata tells what it has");
        } catch (IOException | SQLException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Whether the value is pixel data in fragments, whose frames are to be given instead. */
    public boolean isInFragments(StoredInstance instance, ElementPath path) throws IOException, SQLException {
        try (DataSetFile file = open(instance, files.require(instance))) {
            return header(instance, file).bulkValues().stream()
                    .anyMatch(value -> value.path().equals(path) && value.fragments() != null);
        }
    }

    /** The metadata of a study, or of one of its series; empty if there is none. */
    public Optional<Metadata> metadata(String studyInstanceUid, Optional<String> seriesInstanceUid)
            throws SQLException {
        return documents.metadata(studyInstanceUid, seriesInstanceUid);
    }

    /** The metadata of one instance, corrected. */
    public ScannedObject metadata(StoredInstance instance) throws IOException, SQLException {
        Dataset patch = patchFor(instance);
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
