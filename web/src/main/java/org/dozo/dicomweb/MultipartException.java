// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.io.IOException;
import org.dozo.shared.Failure;

/** A request's multipart body cannot be read further: malformed, cut off, or beyond a limit. The message says what and what to do. */
final class MultipartException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Failure failure;

    MultipartException(Failure failure, String message) {
        super(message);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
