// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dozo.dicom.CommitmentRequest;
import org.dozo.dicom.CommitmentResult;
import org.dozo.dicom.FailedSopReference;
import org.dozo.dicom.SopReference;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.Uid;
import org.dozo.dicom.data.VR;
import org.dozo.dicom.io.DicomFormatException;

/** The data sets of the Storage Commitment Push Model, PS3.4 §J.3.2.1 and §J.3.3.1, to records and back. */
public final class CommitmentDataSets {

    /** Action Type ID (0000,1008), PS3.4 §J.3.2. */
    public static final int REQUEST_STORAGE_COMMITMENT = 1;

    /** Event Type ID (0000,1002), PS3.4 §J.3.3: all is committed. */
    public static final int SUCCESSFUL = 1;

    /** Event Type ID (0000,1002), PS3.4 §J.3.3: something is not. */
    public static final int FAILURES_EXIST = 2;

    private static final int PROCESSING_FAILURE = 0x0110;

    private CommitmentDataSets() {}

    public static Dataset of(CommitmentRequest request) {
        Dataset dataSet = new Dataset().setString(Tag.TRANSACTION_UID, VR.UI, request.transactionUid());
        request.references().forEach(reference -> add(dataSet, Tag.REFERENCED_SOP_SEQUENCE, reference));
        return dataSet;
    }

    public static Dataset of(CommitmentResult result) {
        Dataset dataSet = new Dataset().setString(Tag.TRANSACTION_UID, VR.UI, result.transactionUid());
        result.failed()
                .forEach(failed -> add(dataSet, Tag.FAILED_SOP_SEQUENCE, failed.reference())
                        .setInts(Tag.FAILURE_REASON, VR.US, failed.reason()));
        result.committed().forEach(reference -> add(dataSet, Tag.REFERENCED_SOP_SEQUENCE, reference));
        return dataSet;
    }

    private static Dataset add(Dataset dataSet, int sequence, SopReference reference) {
        return dataSet.addItem(sequence)
                .setString(Tag.REFERENCED_SOP_CLASS_UID, VR.UI, reference.sopClassUid())
                .setString(Tag.REFERENCED_SOP_INSTANCE_UID, VR.UI, reference.sopInstanceUid());
    }

    /** @throws DicomFormatException naming what is missing or no UID */
    static CommitmentRequest request(Dataset dataSet) throws DicomFormatException {
        List<SopReference> references = new References(dataSet).of(Tag.REFERENCED_SOP_SEQUENCE);
        if (references.isEmpty()) {
            throw new DicomFormatException("Referenced SOP Sequence (0008,1199) has no item");
        }
        return new CommitmentRequest(transactionUid(dataSet), references);
    }

    /** @throws DicomFormatException naming what is missing or no UID */
    static CommitmentResult result(Dataset dataSet) throws DicomFormatException {
        References references = new References(dataSet);
        List<SopReference> committed = references.of(Tag.REFERENCED_SOP_SEQUENCE);
        List<SopReference> failed = references.of(Tag.FAILED_SOP_SEQUENCE);
        List<Dataset> items = dataSet.getItems(Tag.FAILED_SOP_SEQUENCE);
        List<FailedSopReference> failures = new ArrayList<>();
        for (int i = 0; i < failed.size(); i++) {
            int reason = items.get(i).getInt(Tag.FAILURE_REASON, PROCESSING_FAILURE);
            failures.add(new FailedSopReference(failed.get(i), reason));
        }
        return new CommitmentResult(transactionUid(dataSet), committed, failures);
    }

    private static String transactionUid(Dataset dataSet) throws DicomFormatException {
        return uid(dataSet, Tag.TRANSACTION_UID, "Transaction UID (0008,1195)");
    }

    private static String uid(Dataset dataSet, int tag, String name) throws DicomFormatException {
        String uid = dataSet.getString(tag, "");
        if (!Uid.isValid(uid)) {
            throw new DicomFormatException(name + (uid.isEmpty() ? " is missing" : " is no UID"));
        }
        return uid;
    }

    /** Reads references; a class UID, which many share, is kept once. */
    private static final class References {

        private final Dataset dataSet;
        private final Map<String, String> classes = new HashMap<>();

        References(Dataset dataSet) {
            this.dataSet = dataSet;
        }

        List<SopReference> of(int sequence) throws DicomFormatException {
            List<SopReference> references = new ArrayList<>();
            for (Dataset item : dataSet.getItems(sequence)) {
                String sopClass = uid(item, Tag.REFERENCED_SOP_CLASS_UID, "Referenced SOP Class UID (0008,1150)");
                references.add(new SopReference(
                        classes.computeIfAbsent(sopClass, same -> same),
                        uid(item, Tag.REFERENCED_SOP_INSTANCE_UID, "Referenced SOP Instance UID (0008,1155)")));
            }
            return references;
        }
    }
}
