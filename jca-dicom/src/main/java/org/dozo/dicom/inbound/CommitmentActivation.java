// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import org.dozo.dicom.CommitmentListener;

/** Activation of a {@link CommitmentListener}; it has no properties. */
public final class CommitmentActivation extends Activation {

    private static final long serialVersionUID = 1L;

    public CommitmentActivation() {
        super(CommitmentListener.class);
    }
}
