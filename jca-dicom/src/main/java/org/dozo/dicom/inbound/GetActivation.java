// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import org.dozo.dicom.GetListener;

/** Activation of a {@link GetListener}; it has no properties. */
public final class GetActivation extends Activation {

    private static final long serialVersionUID = 1L;

    public GetActivation() {
        super(GetListener.class);
    }
}
