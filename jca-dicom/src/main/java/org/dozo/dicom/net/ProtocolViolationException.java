// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;

/** The peer sent what PS3.8 or PS3.7 forbids, or more than a limit allows: the association is aborted with {@link #reason}. */
public final class ProtocolViolationException extends IOException {

    private static final long serialVersionUID = 1L;

    private final AbortReason reason;

    public ProtocolViolationException(AbortReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public AbortReason reason() {
        return reason;
    }
}
