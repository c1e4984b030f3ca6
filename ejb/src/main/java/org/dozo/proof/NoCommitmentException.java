// SPDX-License-Identifier: Apache-2.0
package org.dozo.proof;

/** The peer answers, but gives no storage commitment: it does not offer the service, or refuses the request. */
public final class NoCommitmentException extends Exception {

    private static final long serialVersionUID = 1L;

    NoCommitmentException(String message) {
        super(message);
    }
}
