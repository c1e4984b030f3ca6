// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import org.dozo.dicom.MoveListener;

/** Activation of a {@link MoveListener}; it has no properties. */
public final class MoveActivation extends Activation {

    private static final long serialVersionUID = 1L;

    public MoveActivation() {
        super(MoveListener.class);
    }
}
