// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.util.ArrayList;
import java.util.List;
import org.dozo.dicom.data.Dataset;
import org.dozo.dicom.data.Tag;
import org.dozo.dicom.data.VR;
import org.dozo.ingest.StowResult;
import org.dozo.shared.Failure;

/** What became of a request's objects, and the answer that says so, PS3.18 §10.5.3. */
final class StowReport {

    private static final int TOLD = 3;

    private final RetrieveUrls urls;
    private final List<StowResult> stored = new ArrayList<>();
    private final List<StowResult> failed = new ArrayList<>();

    StowReport(RetrieveUrls urls) {
        this.urls = urls;
    }

    void add(StowResult result) {
        (result.isStored() ? stored : failed).add(result);
    }

    boolean isEmpty() {
        return stored.isEmpty() && failed.isEmpty();
    }

    int storedObjects() {
        return stored.size();
    }

    /** 200 all stored, 202 some, 409 none; 503 if none for want of resources, so that the sender tries again. */
    int status() {
        if (failed.isEmpty()) {
            return 200;
        }
        if (!stored.isEmpty()) {
            return 202;
        }
        boolean later = failed.stream().allMatch(result -> reason(result) == Failure.STORAGE_UNAVAILABLE.dimseStatus());
        return later ? 503 : 409;
    }

    /** The first few reasons in words, for which the answer's data set has no place. */
    List<String> comments() {
        return failed.stream().map(StowResult::comment).distinct().limit(TOLD).toList();
    }

    /** Store Instances Response, PS3.18 table I.2-1. */
    Dataset dataset() {
        Dataset answer = new Dataset();
        List<String> studies = stored.stream()
                .map(StowResult::studyInstanceUid)
                .distinct()
                .limit(2)
                .toList();
        if (studies.size() == 1) {
            answer.setString(Tag.RETRIEVE_URL, VR.UR, urls.study(studies.getFirst()));
        }
        for (StowResult result : stored) {
            Dataset item = reference(answer.addItem(Tag.REFERENCED_SOP_SEQUENCE), result);
            item.setString(
                    Tag.RETRIEVE_URL,
                    VR.UR,
                    urls.instance(result.studyInstanceUid(), result.seriesInstanceUid(), result.sopInstanceUid()));
        }
        for (StowResult result : failed) {
            boolean known =
                    !result.sopClassUid().isEmpty() && !result.sopInstanceUid().isEmpty();
            Dataset item = known
                    ? reference(answer.addItem(Tag.FAILED_SOP_SEQUENCE), result)
                    : answer.addItem(Tag.OTHER_FAILURES_SEQUENCE);
            item.setInts(Tag.FAILURE_REASON, VR.US, reason(result));
        }
        return answer;
    }

    private static Dataset reference(Dataset item, StowResult result) {
        return item.setString(Tag.REFERENCED_SOP_CLASS_UID, VR.UI, result.sopClassUid())
                .setString(Tag.REFERENCED_SOP_INSTANCE_UID, VR.UI, result.sopInstanceUid());
    }

    private static int reason(StowResult result) {
        Failure failure = result.failure();
        return (failure == null ? Failure.PROCESSING_FAILURE : failure).dimseStatus();
    }
}
