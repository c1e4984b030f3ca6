// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.util.List;

/**
 * A presentation context as requestor proposes it, PS3.8 §9.3.2.2: one abstract syntax, one or more transfer syntaxes (by UID).
 *
 * @param provider whether the SCP role is proposed instead of the usual SCU role, PS3.7 §D.3.3.4
 */
public record ProposedContext(String abstractSyntaxUid, List<String> transferSyntaxUids, boolean provider) {

    public ProposedContext {
        transferSyntaxUids = List.copyOf(transferSyntaxUids);
    }

    /** As SCU. */
    public ProposedContext(String abstractSyntaxUid, List<String> transferSyntaxUids) {
        this(abstractSyntaxUid, transferSyntaxUids, false);
    }
}
