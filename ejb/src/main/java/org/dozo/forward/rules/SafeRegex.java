// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression in RE2's syntax, which finds in a time that grows with its size times the text's length and no faster,
 * whatever both are. Equal to another one of the same text.
 */
record SafeRegex(String text, Pattern pattern) {

    static final int LONGEST = 1000;

    /** Steps of the compiled expression, and so of a search for each character of the text. */
    static final long LARGEST = 2000;

    /** @throws IllegalArgumentException saying what is wrong with it */
    static SafeRegex of(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("it has " + text.length() + " characters, of at most " + LONGEST);
        }
        if (size(text) > LARGEST) {
            throw new IllegalArgumentException("its repetitions multiply to more than " + LARGEST
                    + " steps; use smaller numbers in braces, or * and +");
        }
        try {
            return new SafeRegex(text, Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    e.getDescription() + " (" + e.getPattern()
                            + "); the syntax is RE2's, without look-around and back-references",
                    e);
        }
    }

    /** Whether it is anywhere in the value. */
    boolean finds(String value) {
        return pattern.matcher(value).find();
    }

    /** About how many steps it compiles to, never too few; one that is malformed has any. */
    private static long size(String text) {
        long[] sums = new long[text.length() + 1];
        int depth = 0;
        long last = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = at + 1;
            long factor = c == '{' ? factor(text, at) : 0;
            if (factor > 0) {
                last = Math.min(last * factor, LARGEST + 1);
                end = text.indexOf('}', at) + 1;
            } else if (c == '(') {
                sums[depth] += last;
                sums[++depth] = 0;
                last = 0;
            } else if (c == ')' && depth > 0) {
                last += sums[depth--] + 2;
            } else if (c == '*' || c == '+' || c == '?') {
                last++;
            } else {
                sums[depth] += last;
                last = 1;
                end = endOfAtom(text, at);
            }
            at = end;
        }
        long sum = last;
        for (int i = 0; i <= depth; i++) {
            sum += sums[i];
        }
        return sum;
    }

    private static int endOfAtom(String text, int at) {
        char c = text.charAt(at);
        if (c == '\\' && at + 1 < text.length()) {
            boolean named =
                    at + 2 < text.length() && "pPx".indexOf(text.charAt(at + 1)) >= 0 && text.charAt(at + 2) == '{';
            int close = named ? text.indexOf('}', at) : -1;
            return close > 0 ? close + 1 : at + 2;
        }
        if (c != '[') {
            return at + 1;
        }
        int end = text.startsWith("[^", at) ? at + 2 : at + 1;
        // The first bracket in a class stands for itself.
        end = end < text.length() && text.charAt(end) == ']' ? end + 1 : end;
        while (end < text.length() && text.charAt(end) != ']') {
            int close = text.startsWith("[:", end) ? text.indexOf(":]", end + 2) : -1;
            end += close > 0 ? close + 2 - end : text.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(end + 1, text.length());
    }

    /** How often {@code {n}}, {@code {n,}} or {@code {n,m}} repeats at most; 0 if it is none of them. */
    private static long factor(String text, int at) {
        int close = text.indexOf('}', at);
        String[] bounds =
                close < 0 ? new String[0] : text.substring(at + 1, close).split(",", -1);
        if (bounds.length < 1 || bounds.length > 2 || !isNumber(bounds[0])) {
            return 0;
        }
        if (bounds.length == 1) {
            return Math.max(1, Integer.parseInt(bounds[0]));
        }
        if (bounds[1].isEmpty()) {
            return Integer.parseInt(bounds[0]) + 1L;
        }
        // Each optional turn takes a step more.
        return isNumber(bounds[1]) ? Math.max(1, 2L * Integer.parseInt(bounds[1])) : 0;
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,6}");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SafeRegex that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
