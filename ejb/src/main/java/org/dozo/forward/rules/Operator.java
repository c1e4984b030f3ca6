// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

/** How an operand is compared with the literals. */
enum Operator {
    EXISTS("exists"),
    EQUAL("="),
    NOT_EQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">="),
    MATCHES("~"),
    IN("in"),
    BETWEEN("between");

    private final String word;

    Operator(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    boolean isOrder() {
        return switch (this) {
            case LESS, AT_MOST, GREATER, AT_LEAST, BETWEEN -> true;
            default -> false;
        };
    }

    /** Whether values of this kind can be compared so. */
    boolean fits(Kind kind) {
        return switch (kind) {
            case ITEMS -> this == EXISTS;
            case BULK -> false;
            case ADDRESS -> !isOrder() && this != MATCHES;
            case STUDY_AGE -> this != MATCHES && this != IN;
            default -> true;
        };
    }
}
