// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import java.util.regex.Pattern;

/**
 * A value that a condition names.
 *
 * @param text as it is printed, without quotes
 * @param from of a number, date, time or age, where it begins on its line, see {@link Kind#figure}; NaN of any other
 * @param to where it ends: {@code 2026} is a whole year
 */
record Literal(String text, double from, double to) {

    private static final Pattern BARE = Pattern.compile("[^\\s\"'(),=!<>~]+");
    private static final Pattern RESERVED = Pattern.compile("and|or|not", Pattern.CASE_INSENSITIVE);

    static Literal ofText(String text) {
        return new Literal(text, Double.NaN, Double.NaN);
    }

    boolean contains(double figure) {
        return figure >= from && figure <= to;
    }

    /** Whether the word can stand without quotes. */
    static boolean isBare(String word) {
        return BARE.matcher(word).matches() && !RESERVED.matcher(word).matches();
    }

    /** Between double quotes: one within is written {@code \"}, any other character stands for itself. */
    static String quote(String text) {
        return '"' + text.replace("\"", "\\\"") + '"';
    }

    /** As the language writes it. */
    @Override
    public String toString() {
        return isBare(text) ? text : quote(text);
    }
}
