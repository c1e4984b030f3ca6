// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;

/**
 * A data set that this side was sending could not be read to its end. The peer has a part of it, which can't be taken back: the
 * association is to be aborted.
 */
public final class SourceFailedException extends IOException {

    private static final long serialVersionUID = 1L;

    SourceFailedException(Exception cause) {
        super("What was to be sent could not be read to its end: " + cause.getMessage(), cause);
    }
}
