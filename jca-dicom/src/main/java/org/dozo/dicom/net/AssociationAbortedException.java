// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;

/** The peer sent A-ABORT, or closed the connection without a release. */
public final class AssociationAbortedException extends IOException {

    private static final long serialVersionUID = 1L;

    public AssociationAbortedException(String message) {
        super(message);
    }
}
