// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a condition. */
sealed interface Term permits Term.All, Term.And, Term.Or, Term.Not, Term.Flag, Comparison {

    boolean matches(Facts facts);

    /** The first clause at which it fails, and what was found there; null if it matches. */
    @Nullable
    String whyNot(Facts facts);

    /** Whether it needs parentheses among terms that are joined by {@code and}, or after {@code not}. */
    default boolean isJoined() {
        return false;
    }

    private static String within(Term term) {
        return term.isJoined() ? "(" + term + ")" : term.toString();
    }

    /** Holds always. */
    record All() implements Term {

        @Override
        public boolean matches(Facts facts) {
            return true;
        }

        @Override
        public @Nullable String whyNot(Facts facts) {
            return null;
        }

        @Override
        public String toString() {
            return "all";
        }
    }

    /** Holds if all do. */
    record And(List<Term> terms) implements Term {

        public And {
            terms = List.copyOf(terms);
        }

        /** Groups within groups of the same kind are one: it does not matter how they are put in parentheses. */
        static Term of(List<Term> terms) {
            List<Term> flat = new ArrayList<>();
            terms.forEach(term -> flat.addAll(term instanceof And and ? and.terms : List.of(term)));
            return flat.size() == 1 ? flat.getFirst() : new And(flat);
        }

        @Override
        public boolean matches(Facts facts) {
            for (Term term : terms) {
                if (!term.matches(facts)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public @Nullable String whyNot(Facts facts) {
            for (Term term : terms) {
                String reason = term.whyNot(facts);
                if (reason != null) {
                    return reason;
                }
            }
            return null;
        }

        @Override
        public boolean isJoined() {
            return true;
        }

        @Override
        public String toString() {
            return String.join(
                    " and ",
                    terms.stream()
                            .map(term -> term instanceof Or ? "(" + term + ")" : term.toString())
                            .toList());
        }
    }

    /** Holds if one does. */
    record Or(List<Term> terms) implements Term {

        public Or {
            terms = List.copyOf(terms);
        }

        static Term of(List<Term> terms) {
            List<Term> flat = new ArrayList<>();
            terms.forEach(term -> flat.addAll(term instanceof Or or ? or.terms : List.of(term)));
            return flat.size() == 1 ? flat.getFirst() : new Or(flat);
        }

        @Override
        public boolean matches(Facts facts) {
            for (Term term : terms) {
                if (term.matches(facts)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public @Nullable String whyNot(Facts facts) {
            List<String> reasons = new ArrayList<>();
            for (Term term : terms) {
                String reason = term.whyNot(facts);
                if (reason == null) {
                    return null;
                }
                reasons.add(reason);
            }
            return String.join("; and ", reasons);
        }

        @Override
        public boolean isJoined() {
            return true;
        }

        @Override
        public String toString() {
            return String.join(" or ", terms.stream().map(Term::toString).toList());
        }
    }

    /** Holds if the other does not. */
    record Not(Term term) implements Term {

        @Override
        public boolean matches(Facts facts) {
            return !term.matches(facts);
        }

        @Override
        public @Nullable String whyNot(Facts facts) {
            return matches(facts) ? null : this + ": but it is so";
        }

        @Override
        public String toString() {
            return "not " + within(term);
        }
    }

    /** A fact that is so or not. */
    enum Flag implements Term {
        STAT {
            @Override
            public boolean matches(Facts facts) {
                return facts.isStat();
            }
        },
        REJECTED {
            @Override
            public boolean matches(Facts facts) {
                return facts.rejected();
            }
        };

        @Override
        public @Nullable String whyNot(Facts facts) {
            return matches(facts) ? null : this + ": it is not";
        }

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
