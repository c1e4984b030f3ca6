// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.StorageReceiver;
import org.dozo.dicom.StoreOperation;
import org.dozo.dicom.data.SopClasses;
import org.dozo.dicom.data.TransferSyntax;
import org.dozo.dicom.data.TransferSyntaxes;
import org.dozo.dicom.io.DataSetRewrite;
import org.dozo.dicom.io.DicomFormatException;
import org.dozo.dicom.io.ParseLimits;
import org.dozo.dicom.io.ScannedObject;
import org.dozo.index.InstanceCatalogue;
import org.dozo.index.StoredInstance;
import org.dozo.storage.ObjectStorage;
import org.jspecify.annotations.Nullable;

/**
 * Sends one object: as it was received if the receiver takes it so and nothing else is wished, otherwise written anew, uncompressed in
 * a syntax that the receiver takes.
 */
@Singleton
public class ObjectSender {

    private static final List<TransferSyntax> PREFERRED = List.of(
            TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
            TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
            TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
            TransferSyntax.EXPLICIT_VR_BIG_ENDIAN);

    private final InstanceCatalogue catalogue;
    private final ObjectStorage storage;
    private final ParseLimits limits;

    @Inject
    public ObjectSender(InstanceCatalogue catalogue, ObjectStorage storage, ParseLimits limits) {
        this.catalogue = catalogue;
        this.storage = storage;
        this.limits = limits;
    }

    /** How an object is to be encoded: as it is kept if there is no rewrite. */
    private record Form(String transferSyntaxUid, @Nullable DataSetRewrite rewrite) {}

    /**
     * Sends it and awaits the answer.
     *
     * @return what the receiver answered: not necessarily that it took it
     * @throws UnsendableException if it is the object's fault, or the receiver takes no such object
     * @throws IOException if the association failed
     */
    public DimseStatus send(StorageReceiver receiver, Outbox.Item item, MoveOriginator originator) throws IOException {
        StoredInstance instance = item.instance();
        Form form = form(receiver, item);
        StoreOperation operation = new StoreOperation(
                instance.sopClassUid(),
                instance.sopInstanceUid(),
                form.transferSyntaxUid(),
                originator.priority(),
                originator.aeTitle(),
                originator.messageId());
        try (InputStream kept = openKept(instance);
                WatchedStream dataSet = new WatchedStream(
                        form.rewrite() == null ? kept : form.rewrite().open(kept, limits))) {
            return store(receiver, operation, dataSet);
        }
    }

    private InputStream openKept(StoredInstance instance) throws UnsendableException {
        try {
            return StoredBytes.open(instance, storage, catalogue);
        } catch (IOException e) {
            throw UnsendableException.forNow(String.valueOf(e.getMessage()), e);
        }
    }

    private static DimseStatus store(StorageReceiver receiver, StoreOperation operation, WatchedStream dataSet)
            throws IOException {
        try {
            return receiver.store(operation, dataSet);
        } catch (IOException e) {
            IOException fault = dataSet.fault();
            throw fault == null ? e : UnsendableException.midway(String.valueOf(fault.getMessage()), fault);
        }
    }

    private Form form(StorageReceiver receiver, Outbox.Item item) throws UnsendableException {
        StoredInstance instance = item.instance();
        Set<String> accepted = receiver.acceptedTransferSyntaxUids(instance.sopClassUid());
        if (accepted.isEmpty()) {
            throw UnsendableException.forGood("The receiver takes no " + SopClasses.name(instance.sopClassUid()), null);
        }
        String stored = instance.transferSyntaxUid();
        TransferSyntax target = target(item, accepted);
        if (target == null) {
            throw UnsendableException.forGood(
                    "The receiver does not take " + syntax(stored).name() + ", nor any uncompressed syntax", null);
        }
        if (target.uid().equals(stored) && item.isAsKept()) {
            return new Form(stored, null);
        }
        try {
            ScannedObject object = item.changed(header(instance));
            return new Form(target.uid(), DataSetRewrite.of(object, target));
        } catch (DicomFormatException e) {
            throw UnsendableException.forGood(String.valueOf(e.getMessage()), e);
        }
    }

    /** The dearest that it can have; null if the receiver takes none that it can have. */
    private static @Nullable TransferSyntax target(Outbox.Item item, Set<String> accepted) {
        String stored = item.instance().transferSyntaxUid();
        boolean convertible = ProposalPlan.isUncompressed(stored);
        for (String wished : item.wishes().syntaxes()) {
            boolean possible = wished.equals(stored) || (convertible && ProposalPlan.isUncompressed(wished));
            if (possible && accepted.contains(wished)) {
                return syntax(wished);
            }
        }
        return accepted.contains(stored) ? syntax(stored) : preferred(accepted);
    }

    private ScannedObject header(StoredInstance instance) throws UnsendableException, DicomFormatException {
        try {
            return catalogue
                    .header(instance)
                    .orElseThrow(() -> UnsendableException.forNow("The object was replaced meanwhile", null));
        } catch (SQLException e) {
            throw UnsendableException.forNow("The database does not give the object's header", e);
        }
    }

    private static TransferSyntax syntax(String uid) {
        TransferSyntax known = TransferSyntaxes.of(uid);
        return known == null ? TransferSyntax.unknown(uid) : known;
    }

    private static @Nullable TransferSyntax preferred(Set<String> accepted) {
        return PREFERRED.stream()
                .filter(syntax -> accepted.contains(syntax.uid()))
                .findFirst()
                .orElse(null);
    }
}
