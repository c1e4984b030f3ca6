// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.Tag;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/** Reads a condition from left to right; the grammar stands in {@code docs/operations/forwarding-rules.md}. */
final class ConditionParser {

    private static final int DEEPEST = 64;
    private static final int MOST_LITERALS = 1000;
    private static final int MOST_STEPS = 16;
    private static final List<Operator> SYMBOLS = List.of(
            Operator.NOT_EQUAL,
            Operator.AT_MOST,
            Operator.AT_LEAST,
            Operator.EQUAL,
            Operator.LESS,
            Operator.GREATER,
            Operator.MATCHES);

    private final ConditionText text;
    private int depth;

    private ConditionParser(ConditionText text) {
        this.text = text;
    }

    /** @throws FailureException INVALID_RECORD naming the position, what was found and what is expected */
    static Term parse(String condition) {
        ConditionParser parser = new ConditionParser(new ConditionText(condition, "The condition"));
        if (parser.text.isAtEnd()) {
            throw parser.text.expected("a comparison, as modality = CT, or the word all for every instance");
        }
        Term term = parser.or();
        if (!parser.text.isAtEnd()) {
            throw parser.text.expected("and, or, or its end");
        }
        return term;
    }

    /**
     * The path of an attribute that a rule may give another value.
     *
     * @throws FailureException INVALID_RECORD naming the path, the position, what was found and what is expected
     */
    static AttributePath coercible(String path) {
        ConditionParser parser = new ConditionParser(
                new ConditionText(path, "The rule's coercion of \"" + path.replace('\0', ' ') + "\""));
        List<AttributePath.Step> steps = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        parser.steps(steps, starts);
        if (!parser.text.isAtEnd()) {
            throw parser.text.expected("its end, or a . and an attribute of the sequence");
        }
        for (int i = 0; i < steps.size(); i++) {
            String fault = Coercion.fault(steps.get(i), i < steps.size() - 1);
            if (!fault.isEmpty()) {
                throw parser.text.fault(starts.get(i), "names " + steps.get(i) + ", " + fault);
            }
        }
        return new AttributePath(steps);
    }

    private Term or() {
        return Term.Or.of(joined("or", () -> Term.And.of(joined("and", this::not))));
    }

    private List<Term> joined(String word, Supplier<Term> reader) {
        List<Term> terms = new ArrayList<>();
        do {
            terms.add(reader.get());
        } while (text.takeWord(word));
        return terms;
    }

    private Term not() {
        int start = text.position();
        if (++depth > DEEPEST) {
            throw text.fault(start, "is nested deeper than " + DEEPEST + " parentheses and nots; make it flatter");
        }
        try {
            return text.takeWord("not") ? new Term.Not(not()) : primary();
        } finally {
            depth--;
        }
    }

    private Term primary() {
        int start = text.position();
        if (text.take("(")) {
            int inner = text.position();
            if (isTag()) {
                text.back(start);
                return comparison(attribute());
            }
            text.back(inner);
            Term term = or();
            if (!text.take(")")) {
                throw text.expected("and, or, or the ) of the ( at character " + (start + 1));
            }
            return term;
        }
        for (Term flag : List.of(new Term.All(), Term.Flag.STAT, Term.Flag.REJECTED)) {
            if (text.takeWord(flag.toString())) {
                return flag;
            }
        }
        return comparison(operand(start));
    }

    /** Whether after a parenthesis there are four hexadecimal digits and a comma: no group of terms begins so. */
    private boolean isTag() {
        String group = text.hexadecimal(4);
        return group != null && group.length() == 4 && text.take(",");
    }

    // --- what is compared

    private Operand operand(int start) {
        if (text.takeWord("studyAge")) {
            return Operand.STUDY_AGE;
        }
        if (!text.takeWord("source")) {
            return attribute();
        }
        if (text.take(".")) {
            if (text.takeWord("ae")) {
                return Operand.SOURCE_AE;
            }
            if (text.takeWord("address")) {
                return Operand.SOURCE_ADDRESS;
            }
        }
        throw text.fault(start, "has \"source\", which is source.ae or source.address");
    }

    private Operand attribute() {
        List<AttributePath.Step> steps = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        steps(steps, starts);
        int start = starts.getLast();
        Operand operand = Operand.of(new AttributePath(steps));
        if (operand.kind() == Kind.BULK) {
            throw text.fault(
                    start,
                    "asks for " + operand.name() + ", whose octets the index does not keep; ask for another attribute");
        }
        return operand;
    }

    private void steps(List<AttributePath.Step> steps, List<Integer> starts) {
        do {
            if (!steps.isEmpty() && !holdsItems(steps.getLast())) {
                throw text.fault(starts.getLast(), "goes into " + steps.getLast() + ", which is no sequence");
            }
            if (steps.size() == MOST_STEPS) {
                throw text.fault(starts.getLast(), "goes deeper than " + MOST_STEPS + " sequences");
            }
            starts.add(text.position());
            steps.add(step(starts.getLast()));
        } while (text.take("."));
    }

    private static boolean holdsItems(AttributePath.Step step) {
        Kind kind = Kind.of(step);
        return kind == Kind.ITEMS || kind == Kind.UNKNOWN;
    }

    private AttributePath.Step step(int start) {
        if (text.take("(")) {
            return tag(start);
        }
        String word = text.name();
        if (word == null) {
            throw text.expected("an attribute, as modality or (0008,0060)");
        }
        OptionalInt tag = Keywords.tag(word);
        if (tag.isEmpty()) {
            String advice = Keywords.suggestion(word)
                    .map(known -> "did you mean " + known + "?")
                    .orElse("look it up in PS3.6, or write its tag, as (0008,0060)");
            throw text.fault(start, "has \"" + word + "\", which is no keyword of DICOM; " + advice);
        }
        return checked(tag.getAsInt(), start);
    }

    private AttributePath.Step tag(int start) {
        String group = text.hexadecimal(4);
        if (group == null || group.length() < 4 || !text.take(",")) {
            throw text.expected("a tag, as (0008,0060)");
        }
        int high = Integer.parseInt(group, 16) << 16;
        if (text.isQuoted()) {
            return ofCreator(high, start);
        }
        String element = text.hexadecimal(4);
        if (element == null || element.length() < 4 || !text.take(")")) {
            throw text.expected("a tag of four and four hexadecimal digits, as (0008,0060), or with a private creator,"
                    + " as (0019,\"ACME\",10)");
        }
        return checked(high | Integer.parseInt(element, 16), start);
    }

    private AttributePath.Step ofCreator(int group, int start) {
        String creator = String.valueOf(text.value()).strip();
        String element = text.take(",") ? text.hexadecimal(2) : null;
        if (element == null || !text.take(")")) {
            throw text.expected("the two low digits of the element and ), as (0019,\"ACME\",10)");
        }
        int tag = group | Integer.parseInt(element, 16);
        if (!Tag.isPrivate(tag)) {
            throw text.fault(start, "names a private creator for an even group; private groups are odd");
        }
        if (creator.isEmpty()) {
            throw text.fault(start, "names an empty private creator");
        }
        return new AttributePath.Step(tag, creator);
    }

    private AttributePath.Step checked(int tag, int start) {
        int group = tag >>> 16;
        boolean outside = group == 0x0000 || group == 0x0002 || group == 0xFFFE;
        if (outside && tag != Tag.TRANSFER_SYNTAX_UID) {
            throw text.fault(start, "asks for " + Tag.toString(tag) + ", which is no part of a data set");
        }
        if (!Tag.isPrivate(tag) && Dictionary.vrs(tag).isEmpty()) {
            throw text.fault(start, "asks for " + Tag.toString(tag) + ", which PS3.6 does not know");
        }
        return new AttributePath.Step(tag, "");
    }

    // --- how it is compared

    private Term comparison(Operand operand) {
        int start = text.position();
        boolean negated = text.takeWord("not");
        int position = text.position();
        Operator operator = operator();
        if (operator == null) {
            throw text.expected("an operator after " + operand.name() + ": = != < <= > >= ~ in between exists");
        }
        if (negated && SYMBOLS.contains(operator)) {
            throw text.fault(start, "has \"not\" before " + operator.word() + "; put it before " + operand.name());
        }
        if (!operator.fits(operand.kind())) {
            throw text.fault(
                    position, "compares " + operand.name() + " by " + operator.word() + ": " + remedy(operand));
        }
        Term term = comparison(operand, operator);
        return negated ? new Term.Not(term) : term;
    }

    private static String remedy(Operand operand) {
        return switch (operand.kind()) {
            case ITEMS -> "it is a sequence, which exists or not; ask for an attribute in it, after a dot";
            case ADDRESS -> "an address is compared by = != in exists";
            default -> "the age of a study is compared by = != < <= > >= between exists";
        };
    }

    private @Nullable Operator operator() {
        for (Operator operator : SYMBOLS) {
            if (text.take(operator.word())) {
                return operator;
            }
        }
        for (Operator operator : List.of(Operator.IN, Operator.BETWEEN, Operator.EXISTS)) {
            if (text.takeWord(operator.word())) {
                return operator;
            }
        }
        return null;
    }

    private Term comparison(Operand operand, Operator operator) {
        return switch (operator) {
            case EXISTS -> new Comparison(operand, operator, List.of());
            case MATCHES -> expression(operand);
            case IN -> list(operand);
            case BETWEEN -> between(operand);
            default -> {
                int start = text.position();
                String word = word(operand);
                Operand known = resolved(operand, List.of(word));
                yield new Comparison(known, operator, List.of(literal(known, word, start)));
            }
        };
    }

    private Term expression(Operand operand) {
        int start = text.position();
        String expression = text.value();
        if (expression == null || expression.isEmpty()) {
            throw text.expected("a regular expression between quotes, as \"^ER\"");
        }
        try {
            Operand known = operand.kind() == Kind.UNKNOWN ? operand.as(Kind.TEXT) : operand;
            return new Comparison(known, Operator.MATCHES, List.of(Literal.ofText(expression)));
        } catch (IllegalArgumentException e) {
            FailureException fault =
                    text.fault(start, "has a regular expression that can't be used: " + e.getMessage());
            fault.addSuppressed(e);
            throw fault;
        }
    }

    private Term list(Operand operand) {
        if (!text.take("(")) {
            throw text.expected("a list in parentheses, as (CT, MR)");
        }
        List<String> words = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        do {
            starts.add(text.position());
            if (words.size() == MOST_LITERALS) {
                throw text.fault(starts.getLast(), "has a list of more than " + MOST_LITERALS + " values; use ~");
            }
            words.add(word(operand));
        } while (text.take(","));
        if (!text.take(")")) {
            throw text.expected("a comma or the ) of the list; put quotes around a value with spaces");
        }
        Operand known = resolved(operand, words);
        List<Literal> literals = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            literals.add(literal(known, words.get(i), starts.get(i)));
        }
        return new Comparison(known, Operator.IN, literals);
    }

    private Term between(Operand operand) {
        int start = text.position();
        String from = word(operand);
        if (!text.takeWord("and")) {
            throw text.expected("and, as in between 1 and 5");
        }
        int second = text.position();
        String to = word(operand);
        Operand known = resolved(operand, List.of(from, to));
        Literal first = literal(known, from, start);
        Literal last = literal(known, to, second);
        boolean reversed =
                known.kind().isText() ? first.text().compareToIgnoreCase(last.text()) > 0 : first.from() > last.to();
        if (reversed) {
            throw text.fault(
                    start, "is between " + first + " and " + last + ", where nothing is; the smaller comes first");
        }
        return new Comparison(known, Operator.BETWEEN, List.of(first, last));
    }

    /** A value as it stands; of an age the number and its unit. */
    private String word(Operand operand) {
        String word = text.value();
        if (word == null) {
            throw text.expected("a value: " + operand.kind().expected());
        }
        boolean age = operand.kind() == Kind.AGE || operand.kind() == Kind.STUDY_AGE;
        if (age && word.matches("\\d{1,9}")) {
            String unit = text.name();
            return unit == null ? word : word + " " + unit;
        }
        return word;
    }

    /** What nobody knows is a number if it is compared with numbers only. */
    private static Operand resolved(Operand operand, List<String> words) {
        if (operand.kind() != Kind.UNKNOWN) {
            return operand;
        }
        boolean numbers = words.stream().noneMatch(word -> Double.isNaN(Kind.NUMBER.figure(word)));
        return operand.as(numbers ? Kind.NUMBER : Kind.TEXT);
    }

    private Literal literal(Operand operand, String word, int start) {
        if (word.isBlank()) {
            throw text.fault(start, "compares with an empty value; write not " + operand.name() + " exists");
        }
        Literal literal = operand.kind().literal(word);
        if (literal == null) {
            throw text.fault(
                    start,
                    "compares " + operand.name() + " with \"" + word + "\"; it needs "
                            + operand.kind().expected());
        }
        return literal;
    }
}
