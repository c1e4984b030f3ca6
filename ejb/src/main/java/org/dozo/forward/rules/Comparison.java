// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One operand compared. It holds if any of the operand's values does; {@code !=} holds if none of them is equal, so it is never the
 * same as "has another value". Texts are compared without case and outer spaces.
 */
final class Comparison implements Term {

    private static final int MOST_SHOWN = 3;
    private static final int LONGEST_SHOWN = 64;

    private final Operand operand;
    private final Operator operator;
    private final List<Literal> literals;
    private final Predicate<String> test;

    /**
     * @param literals as many as the operator takes; of {@link Operator#MATCHES} the expression
     * @throws IllegalArgumentException if the expression can't be compiled
     */
    Comparison(Operand operand, Operator operator, List<Literal> literals) {
        this.operand = operand;
        this.operator = operator;
        this.literals = List.copyOf(literals);
        this.test = test();
    }

    private Predicate<String> test() {
        Kind kind = operand.kind();
        return switch (operator) {
            case EXISTS -> value -> true;
            case MATCHES -> SafeRegex.of(literals.getFirst().text())::finds;
            case EQUAL, NOT_EQUAL, IN -> kind.isFigure() ? figures() : kind == Kind.ADDRESS ? networks() : texts();
            default -> kind.isFigure() ? figureOrder() : textOrder();
        };
    }

    private Predicate<String> figures() {
        Kind kind = operand.kind();
        return value -> {
            double figure = kind.figure(value);
            for (Literal literal : literals) {
                if (literal.contains(figure)) {
                    return true;
                }
            }
            return false;
        };
    }

    private Predicate<String> networks() {
        List<Network> networks = literals.stream()
                .map(literal -> Network.of(literal.text()))
                .map(Objects::requireNonNull)
                .toList();
        return value -> networks.stream().anyMatch(network -> network.contains(value));
    }

    private Predicate<String> texts() {
        Set<String> wanted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        literals.forEach(literal -> wanted.add(text(literal.text())));
        return value -> wanted.contains(text(value));
    }

    private String text(String value) {
        return operand.kind() == Kind.NAME ? Operand.withoutTrailing(value) : value.strip();
    }

    private Predicate<String> figureOrder() {
        Kind kind = operand.kind();
        Literal first = literals.getFirst();
        Literal last = literals.getLast();
        return switch (operator) {
            case LESS -> value -> kind.figure(value) < first.from();
            case AT_MOST -> value -> kind.figure(value) <= first.to();
            case GREATER -> value -> kind.figure(value) > first.to();
            case AT_LEAST -> value -> kind.figure(value) >= first.from();
            default ->
                value -> {
                    double figure = kind.figure(value);
                    return figure >= first.from() && figure <= last.to();
                };
        };
    }

    private Predicate<String> textOrder() {
        String first = text(literals.getFirst().text());
        String last = text(literals.getLast().text());
        return switch (operator) {
            case LESS -> value -> text(value).compareToIgnoreCase(first) < 0;
            case AT_MOST -> value -> text(value).compareToIgnoreCase(first) <= 0;
            case GREATER -> value -> text(value).compareToIgnoreCase(first) > 0;
            case AT_LEAST -> value -> text(value).compareToIgnoreCase(first) >= 0;
            default ->
                value -> {
                    String text = text(value);
                    return text.compareToIgnoreCase(first) >= 0 && text.compareToIgnoreCase(last) <= 0;
                };
        };
    }

    @Override
    public boolean matches(Facts facts) {
        if (operator == Operator.EXISTS) {
            return operand.exists(facts);
        }
        if (operand.kind() == Kind.STUDY_AGE) {
            return facts.studyDate().map(date -> isOfAge(date, facts.today())).orElse(operator == Operator.NOT_EQUAL);
        }
        boolean any = false;
        for (String value : operand.values(facts)) {
            if (test.test(value)) {
                any = true;
                break;
            }
        }
        return any != (operator == Operator.NOT_EQUAL);
    }

    /** The older the study, the earlier its date. */
    private boolean isOfAge(LocalDate study, LocalDate today) {
        LocalDate first = birth(literals.getFirst(), today);
        LocalDate last = birth(literals.getLast(), today);
        return switch (operator) {
            case EQUAL -> study.equals(first);
            case NOT_EQUAL -> !study.equals(first);
            case LESS -> study.isAfter(first);
            case AT_MOST -> !study.isBefore(first);
            case GREATER -> study.isBefore(first);
            case AT_LEAST -> !study.isAfter(first);
            default -> !study.isAfter(first) && !study.isBefore(last);
        };
    }

    private static LocalDate birth(Literal literal, LocalDate today) {
        return Objects.requireNonNull(Age.of(literal.text())).before(today);
    }

    @Override
    public @Nullable String whyNot(Facts facts) {
        if (matches(facts)) {
            return null;
        }
        List<String> values = operand.kind() == Kind.ITEMS ? List.of() : operand.values(facts);
        if (values.isEmpty()) {
            return this + ": it is not there";
        }
        String shown = values.stream().limit(MOST_SHOWN).map(Comparison::shown).collect(Collectors.joining(", "));
        String more = values.size() > MOST_SHOWN ? " and " + (values.size() - MOST_SHOWN) + " more" : "";
        return this + ": it is " + shown + more;
    }

    private static String shown(String value) {
        return Literal.quote(value.length() > LONGEST_SHOWN ? value.substring(0, LONGEST_SHOWN) + "…" : value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Comparison that
                && operand.equals(that.operand)
                && operator == that.operator
                && literals.equals(that.literals);
    }

    @Override
    public int hashCode() {
        return Objects.hash(operand, operator, literals);
    }

    @Override
    public String toString() {
        String start = operand.name() + " " + operator.word();
        return switch (operator) {
            case EXISTS -> start;
            case MATCHES -> start + " " + Literal.quote(literals.getFirst().text());
            case IN -> start + literals.stream().map(this::print).collect(Collectors.joining(", ", " (", ")"));
            case BETWEEN -> start + " " + print(literals.getFirst()) + " and " + print(literals.getLast());
            default -> start + " " + print(literals.getFirst());
        };
    }

    private String print(Literal literal) {
        boolean age = operand.kind() == Kind.AGE || operand.kind() == Kind.STUDY_AGE;
        return age ? literal.text() : literal.toString();
    }
}
