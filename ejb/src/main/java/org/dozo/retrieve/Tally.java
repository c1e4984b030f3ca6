// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dozo.dicom.DimseStatus;
import org.dozo.dicom.RetrieveResult;
import org.dozo.dicom.SubOperations;
import org.dozo.index.StoredInstance;
import org.dozo.shared.Failure;

/** What became of the objects of one retrieval so far, PS3.4 §C.4.2.1. Thread-safe. */
final class Tally {

    /** More UIDs than a UI of the 65,534 bytes that every peer reads can hold. */
    static final int MOST_FAILED_UIDS = 3000;

    private static final int CANCELLED = 0xFE00;
    private static final int SOME_FAILED = 0xB000;

    private int total;
    private int completed;
    private int failed;
    private int warning;
    private long bytes;
    private String reason = "";
    private final List<String> failedUids = new ArrayList<>();

    /** @param total objects to send */
    Tally(int total) {
        this.total = total;
    }

    /** An object was sent and taken, perhaps with a warning (Bxxx). */
    synchronized void sent(StoredInstance instance, DimseStatus status) {
        if (status.code() == 0) {
            completed++;
        } else {
            warning++;
        }
        bytes += instance.dataSetLength();
        notifyAll();
    }

    /** @param why for the requestor: no patient data, nothing of our volumes and database */
    synchronized void failed(String sopInstanceUid, String why) {
        failed++;
        reason = why;
        if (failedUids.size() < MOST_FAILED_UIDS) {
            failedUids.add(sopInstanceUid);
        }
        notifyAll();
    }

    /** What was not tried and will not be. */
    synchronized void failRest(String why) {
        failed += remaining();
        reason = why;
        notifyAll();
    }

    /** There are no more than those counted: the others were deleted since they were selected. */
    synchronized void noMore() {
        total -= remaining();
        notifyAll();
    }

    /** Something else than a count has changed. */
    synchronized void wake() {
        notifyAll();
    }

    /** Waits until something changes or the time is over. */
    synchronized void await(Duration patience) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedWait(this, patience.toNanos());
    }

    synchronized int remaining() {
        return total - completed - failed - warning;
    }

    synchronized SubOperations counts() {
        return new SubOperations(bounded(remaining()), bounded(completed), bounded(failed), bounded(warning));
    }

    private static int bounded(int count) {
        return Math.min(count, 0xFFFF);
    }

    synchronized RetrieveResult result(boolean cancelled) {
        return new RetrieveResult(status(cancelled), counts(), failedUids);
    }

    private DimseStatus status(boolean cancelled) {
        if (cancelled && remaining() > 0) {
            return new DimseStatus(CANCELLED, "Cancelled on request");
        }
        if (failed == 0) {
            return DimseStatus.SUCCESS;
        }
        return new DimseStatus(completed + warning > 0 ? SOME_FAILED : Failure.PEER_UNREACHABLE.dimseStatus(), reason);
    }

    @Override
    public synchronized String toString() {
        return "%d sent (%d bytes), %d with a warning, %d failed, %d not sent"
                .formatted(completed + warning, bytes, warning, failed, remaining());
    }
}
