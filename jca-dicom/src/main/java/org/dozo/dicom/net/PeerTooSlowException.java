// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;

/** A timeout or the minimum throughput was missed; the message names the limit. */
public final class PeerTooSlowException extends IOException {

    private static final long serialVersionUID = 1L;

    public PeerTooSlowException(String message) {
        super(message);
    }
}
