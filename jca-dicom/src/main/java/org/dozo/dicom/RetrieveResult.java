// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.util.List;

/**
 * The final response of a C-MOVE or C-GET.
 *
 * @param status 0000 all were sent; B000 one or more failed; FE00 cancelled; A701, A702, A801, A900, Cxxx, 0124 as in PS3.4 §C.4.2.1.5
 * @param counts remaining is sent only if the operation was cancelled
 * @param failedSopInstanceUids Failed SOP Instance UID List (0008,0058); sent unless the status is 0000, and no further than the
 *     65,534 bytes that VR UI has everywhere: the counts tell of all
 */
public record RetrieveResult(DimseStatus status, SubOperations counts, List<String> failedSopInstanceUids) {

    public RetrieveResult {
        failedSopInstanceUids = List.copyOf(failedSopInstanceUids);
    }

    /** Refused before anything was sent. */
    public static RetrieveResult refused(DimseStatus status) {
        return new RetrieveResult(status, SubOperations.NONE, List.of());
    }
}
