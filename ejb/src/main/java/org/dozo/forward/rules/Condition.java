// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.Optional;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/**
 * What must be so of an instance that a rule sends on, in one line that an operator reads:
 * {@code modality in (CT, MR) and stationName ~ "^ER" and not rejected}. Compiled once; evaluated in memory, in a time bounded by its
 * size and that of the header. Immutable and thread-safe; its text reads back as an equal condition.
 */
public final class Condition {

    /** The most characters, as typed and as printed. */
    public static final int LONGEST = 4000;

    private final Term term;
    private final String text;

    private Condition(Term term) {
        this.term = term;
        this.text = term.toString();
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the character (from 1), what is there and what is expected */
    public static Condition parse(String text) {
        refuseLonger(text, "");
        Condition condition = new Condition(ConditionParser.parse(text));
        refuseLonger(condition.text, " written in full, as it is kept");
        return condition;
    }

    private static void refuseLonger(String text, String form) {
        if (text.length() > LONGEST) {
            throw new FailureException(
                    Failure.INVALID_RECORD,
                    "The condition has " + text.length() + " characters" + form + ", of at most " + LONGEST
                            + "; make two rules of it, or use ~ instead of a list");
        }
    }

    public boolean matches(Facts facts) {
        return term.matches(facts);
    }

    /** The first clause at which it fails, and what was found there, which may be a patient's; empty if it matches. */
    public Optional<String> whyNot(Facts facts) {
        return Optional.ofNullable(term.whyNot(facts));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Condition that && term.equals(that.term);
    }

    @Override
    public int hashCode() {
        return term.hashCode();
    }

    /** In its regular form: keywords for tags, words in lower case, no parentheses that are not needed. */
    @Override
    public String toString() {
        return text;
    }
}
