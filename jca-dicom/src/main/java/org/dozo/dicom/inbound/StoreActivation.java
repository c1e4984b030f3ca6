// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import org.dozo.dicom.StoreListener;

/** Activation of a {@link StoreListener}; it has no properties. */
public final class StoreActivation extends Activation {

    private static final long serialVersionUID = 1L;

    public StoreActivation() {
        super(StoreListener.class);
    }
}
