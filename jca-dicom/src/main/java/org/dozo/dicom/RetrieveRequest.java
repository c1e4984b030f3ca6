// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.util.Set;
import org.dozo.dicom.data.Dataset;

/**
 * The fields of a C-MOVE-RQ or C-GET-RQ, PS3.7 §9.3.3.1 and §9.3.4.1.
 *
 * @param affectedSopClassUid the information model
 * @param identifier as the peer sent it; not yet checked
 * @param moveDestination AE title; empty for C-GET
 * @param options what both sides agreed to by extended negotiation, PS3.4 §C.5.2.1
 */
public record RetrieveRequest(
        Association association,
        int messageId,
        String affectedSopClassUid,
        Priority priority,
        Dataset identifier,
        String moveDestination,
        Set<QueryOption> options) {

    public RetrieveRequest {
        options = Set.copyOf(options);
    }
}
