// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import org.dozo.dicom.AssociationListener;

/** Activation of an {@link AssociationListener}; it has no properties. */
public final class AssociationActivation extends Activation {

    private static final long serialVersionUID = 1L;

    public AssociationActivation() {
        super(AssociationListener.class);
    }
}
