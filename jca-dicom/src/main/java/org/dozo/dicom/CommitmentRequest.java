// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.util.List;

/**
 * What a storage commitment is asked for, PS3.4 §J.3.2.1: the Action Information of an N-ACTION.
 *
 * @param transactionUid chosen by who asks; the report names it
 * @param references at least one; in the order asked, each as often as it was
 */
public record CommitmentRequest(String transactionUid, List<SopReference> references) {

    public CommitmentRequest {
        references = List.copyOf(references);
    }
}
