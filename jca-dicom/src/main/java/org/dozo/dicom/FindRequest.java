// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.util.Set;
import org.dozo.dicom.data.Dataset;

/**
 * The fields of a C-FIND-RQ, PS3.7 §9.3.2.1, with what was negotiated for its SOP class.
 *
 * @param affectedSopClassUid the information model
 * @param identifier as the peer sent it; not yet checked
 * @param options what both sides agreed to by extended negotiation, PS3.4 §C.5.1.1
 */
public record FindRequest(
        Association association,
        int messageId,
        String affectedSopClassUid,
        Priority priority,
        Dataset identifier,
        Set<QueryOption> options) {

    public FindRequest {
        options = Set.copyOf(options);
    }
}
