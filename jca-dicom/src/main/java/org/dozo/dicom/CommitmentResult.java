// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.util.List;

/**
 * What became of a storage commitment request, PS3.4 §J.3.3.1: the Event Information of an N-EVENT-REPORT.
 *
 * @param transactionUid of the request
 * @param committed instances that the provider answers for from now on
 * @param failed instances that it does not; empty for event type 1
 */
public record CommitmentResult(String transactionUid, List<SopReference> committed, List<FailedSopReference> failed) {

    public CommitmentResult {
        committed = List.copyOf(committed);
        failed = List.copyOf(failed);
    }

    /** Event Type ID (0000,1002): 1 if every instance is committed, 2 if failures exist. */
    public int eventTypeId() {
        return failed.isEmpty() ? 1 : 2;
    }
}
