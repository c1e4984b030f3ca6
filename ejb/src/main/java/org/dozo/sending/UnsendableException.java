// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One object can't be sent to this receiver; others may be. The message holds no patient data. */
public final class UnsendableException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean associationLost;
    private final boolean lasting;

    private UnsendableException(String message, boolean associationLost, boolean lasting, @Nullable Throwable cause) {
        super(message, cause);
        this.associationLost = associationLost;
        this.lasting = lasting;
    }

    /** The receiver will never take this object as it is. */
    static UnsendableException forGood(String message, @Nullable Throwable cause) {
        return new UnsendableException(message, false, true, cause);
    }

    /** Later it may be sent. */
    static UnsendableException forNow(String message, @Nullable Throwable cause) {
        return new UnsendableException(message, false, false, cause);
    }

    /** As {@link #forNow}, in the middle of the message. */
    static UnsendableException midway(String message, Throwable cause) {
        return new UnsendableException(message, true, false, cause);
    }

    /** Whether it showed in the middle of the message, which nothing but the association's end could take back. */
    public boolean isAssociationLost() {
        return associationLost;
    }

    /** Whether trying again is useless. */
    boolean isLasting() {
        return lasting;
    }
}
