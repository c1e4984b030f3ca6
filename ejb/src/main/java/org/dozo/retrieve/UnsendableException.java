// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One object can't be sent to this receiver; others may be. The message holds no patient data. */
final class UnsendableException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean associationLost;

    UnsendableException(String message, boolean associationLost, @Nullable Throwable cause) {
        super(message, cause);
        this.associationLost = associationLost;
    }

    /** Whether it showed in the middle of the message, which nothing but the association's end could take back. */
    boolean isAssociationLost() {
        return associationLost;
    }
}
