// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.List;
import org.dozo.dicom.data.Dictionary;
import org.dozo.dicom.data.VR;
import org.jspecify.annotations.Nullable;

/** What an operand's values are, and so how they are compared. */
enum Kind {
    TEXT("a text; put quotes around one with spaces"),
    /** A person name: tested as a whole, and each of its groups by itself. */
    NAME("a name, as \"Yamada^Tarou\""),
    NUMBER("a number, as 2.5"),
    DATE("a date, as 2026-01-31, 2026-01 or 2026"),
    TIME("a time, as 08:30"),
    MOMENT("a date and time, as 2026-01-31T08:30, or a date"),
    AGE("an age, as 18 years or 6 weeks"),
    ADDRESS("an address or a network, as 10.1.0.7 or 10.1.0.0/16, or file"),
    STUDY_AGE("an age, as 30 days or 6 months"),
    /** A sequence. */
    ITEMS("nothing"),
    /** Octets that the index does not keep. */
    BULK("nothing"),
    /** A private element: what it is compared with says what it is. */
    UNKNOWN("a text or a number");

    private final String expected;

    Kind(String expected) {
        this.expected = expected;
    }

    /** What a literal of it looks like. */
    String expected() {
        return expected;
    }

    static Kind of(AttributePath.Step step) {
        // Of a private element the tag is not known before its block is.
        List<VR> vrs = step.creator().isEmpty() ? Dictionary.vrs(step.tag()) : List.of();
        if (vrs.isEmpty()) {
            return UNKNOWN;
        }
        if (vrs.stream().anyMatch(VR::isBulk)) {
            return BULK;
        }
        VR vr = vrs.getFirst();
        return switch (vr) {
            case SQ -> ITEMS;
            case PN -> NAME;
            case DA -> DATE;
            case TM -> TIME;
            case DT -> MOMENT;
            case AS -> AGE;
            case IS, DS -> NUMBER;
            case AT -> TEXT;
            default -> vr.isBinaryNumber() ? NUMBER : TEXT;
        };
    }

    boolean isText() {
        return this == TEXT || this == NAME;
    }

    /** Whether its values lie on a line and are compared by {@link #figure}. */
    boolean isFigure() {
        return switch (this) {
            case NUMBER, DATE, TIME, MOMENT, AGE -> true;
            default -> false;
        };
    }

    /** A word as a value of this kind; null if it is none. */
    @Nullable
    Literal literal(String word) {
        return switch (this) {
            case TEXT, NAME -> word.isBlank() ? null : Literal.ofText(word.strip());
            case NUMBER -> number(word);
            case DATE -> Moments.date(word);
            case TIME -> Moments.time(word);
            case MOMENT -> Moments.moment(word);
            case AGE, STUDY_AGE -> age(word);
            case ADDRESS -> Network.of(word) == null ? null : Literal.ofText(word.strip());
            case ITEMS, BULK, UNKNOWN -> null;
        };
    }

    private static @Nullable Literal number(String word) {
        double number = NUMBER.figure(word);
        return Double.isNaN(number) ? null : new Literal(word.strip(), number, number);
    }

    private static @Nullable Literal age(String word) {
        Age age = Age.of(word);
        return age == null ? null : new Literal(age.toString(), age.days(), age.days());
    }

    /** Where a value lies on its line: of a date that leaves something open, its beginning. NaN if it is not what its VR says. */
    double figure(String value) {
        if (this == NUMBER) {
            return number(value.strip(), value.length());
        }
        Literal read = switch (this) {
            case DATE -> Moments.date(value);
            case TIME -> Moments.time(value);
            case MOMENT -> Moments.moment(value);
            case AGE -> age(value);
            default -> null;
        };
        return read == null ? Double.NaN : read.from();
    }

    /** Java reads more as numbers than DICOM has: {@code 1d}, {@code 0x1p3}, {@code Infinity}. */
    private static double number(String text, int length) {
        if (text.isEmpty() || length > 64) {
            return Double.NaN;
        }
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                return Double.NaN;
            }
        }
        try {
            double number = Double.parseDouble(text);
            return Double.isFinite(number) ? number : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
