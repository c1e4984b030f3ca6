// SPDX-License-Identifier: Apache-2.0
package org.dozo.shared;

import org.jspecify.annotations.Nullable;

/** A {@link Failure} with its particulars. The message names the thing, the limit and the remedy; it never holds patient data. */
public final class FailureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Failure failure;

    public FailureException(Failure failure, String message) {
        this(failure, message, null);
    }

    public FailureException(Failure failure, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    /** With the message of its cause. */
    public static FailureException of(Failure failure, Throwable cause) {
        return new FailureException(failure, String.valueOf(cause.getMessage()), cause);
    }

    public Failure failure() {
        return failure;
    }
}
