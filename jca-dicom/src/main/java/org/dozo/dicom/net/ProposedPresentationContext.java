// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.util.List;

/**
 * A presentation context of an A-ASSOCIATE-RQ, PS3.8 §9.3.2.2.
 *
 * @param id odd, 1 to 255
 * @param transferSyntaxUids in the proposer's order, at least one
 */
public record ProposedPresentationContext(int id, String abstractSyntaxUid, List<String> transferSyntaxUids) {

    public ProposedPresentationContext {
        transferSyntaxUids = List.copyOf(transferSyntaxUids);
    }
}
