// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

/**
 * The answer to a proposed context, PS3.8 §9.3.3.2.
 *
 * @param id that of the proposal
 * @param transferSyntaxUid the one chosen; of no meaning unless accepted
 */
public record PresentationContext(int id, Result result, String transferSyntaxUid) {

    /** Result/Reason of PS3.8 Table 9-18. */
    public enum Result {
        ACCEPTANCE(0),
        USER_REJECTION(1),
        NO_REASON(2),
        ABSTRACT_SYNTAX_NOT_SUPPORTED(3),
        TRANSFER_SYNTAXES_NOT_SUPPORTED(4);

        private final int code;

        Result(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Result of(int code) {
            for (Result result : values()) {
                if (result.code == code) {
                    return result;
                }
            }
            return NO_REASON;
        }
    }

    public boolean isAccepted() {
        return result == Result.ACCEPTANCE;
    }
}
