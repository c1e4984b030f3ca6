// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import org.dozo.dicom.DimseStatus;

/** A request that is answered without asking the archive. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient DimseStatus status;

    RefusedException(DimseStatus status) {
        super(status.toString());
        this.status = status;
    }

    DimseStatus status() {
        return status;
    }
}
