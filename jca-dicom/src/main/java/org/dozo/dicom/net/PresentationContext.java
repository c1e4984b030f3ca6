// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

/**
 * The answer to a proposed context, PS3.8 §9.3.3.2.
 *
 * @param id that of the proposal
 * @param transferSyntaxUid the one chosen; of no meaning unless accepted
 */
public record PresentationContext(int id, Result result, String transferSyntaxUid) {

    /** Result/Reason of PS3.8 Table 9-18, in the order of its codes. */
    public enum Result {
        ACCEPTANCE,
        USER_REJECTION,
        NO_REASON,
        ABSTRACT_SYNTAX_NOT_SUPPORTED,
        TRANSFER_SYNTAXES_NOT_SUPPORTED;

        static Result of(int code) {
            return code >= 0 && code < values().length ? values()[code] : NO_REASON;
        }
    }

    public boolean isAccepted() {
        return result == Result.ACCEPTANCE;
    }
}
