// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.IOException;

/** A request that this side must answer with A-ASSOCIATE-RJ before anybody is asked, PS3.8 §9.3.4. */
public final class RejectedRequestException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Rejection rejection;

    public RejectedRequestException(Rejection rejection, String message) {
        super(message);
        this.rejection = rejection;
    }

    public Rejection rejection() {
        return rejection;
    }
}
