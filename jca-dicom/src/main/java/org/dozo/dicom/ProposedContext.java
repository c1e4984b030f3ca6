// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.util.List;

/** A presentation context as SCU proposes it, PS3.8 §9.3.2.2: one abstract syntax, one or more transfer syntaxes (by UID). */
public record ProposedContext(String abstractSyntaxUid, List<String> transferSyntaxUids) {

    public ProposedContext {
        transferSyntaxUids = List.copyOf(transferSyntaxUids);
    }
}
