// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

import java.io.IOException;

/** The peer answered A-ASSOCIATE-RJ, PS3.8 §9.3.4. */
public final class AssociationRejectedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean permanent;

    public AssociationRejectedException(String message, boolean permanent) {
        super(message);
        this.permanent = permanent;
    }

    /** Whether trying again without a change is useless. */
    public boolean isPermanent() {
        return permanent;
    }
}
