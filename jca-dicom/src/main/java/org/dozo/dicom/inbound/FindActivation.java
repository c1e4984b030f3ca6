// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import org.dozo.dicom.FindListener;

/** Activation of a {@link FindListener}; it has no properties. */
public final class FindActivation extends Activation {

    private static final long serialVersionUID = 1L;

    public FindActivation() {
        super(FindListener.class);
    }
}
