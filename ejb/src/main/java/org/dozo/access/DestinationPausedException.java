// SPDX-License-Identifier: Apache-2.0
package org.dozo.access;

import java.io.IOException;
import java.time.Duration;

/** The destination is being left alone: nothing was tried. */
public final class DestinationPausedException extends IOException {

    private static final long serialVersionUID = 1L;

    DestinationPausedException(String aeTitle, int failures, Duration left) {
        super("%s could not be reached %d times in a row and is left alone for another %d s"
                .formatted(aeTitle, failures, left.toSeconds() + 1));
    }
}
