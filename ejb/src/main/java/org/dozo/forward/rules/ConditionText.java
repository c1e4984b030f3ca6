// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward.rules;

import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/** The characters of a condition, and how far they are read. Messages count them from 1. Space between words never counts. */
final class ConditionText {

    private static final int LONGEST_SHOWN = 40;

    private final String text;
    private final String subject;
    private int at;

    /** @param subject what it is called in messages, as {@code The condition} */
    ConditionText(String text, String subject) {
        this.text = text;
        this.subject = subject;
    }

    /** Where the next word begins. */
    int position() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    boolean isAtEnd() {
        return position() == text.length();
    }

    /** Goes back to a {@link #position} of before. */
    void back(int position) {
        at = position;
    }

    /** Reads the symbol if it is next. */
    boolean take(String symbol) {
        boolean next = text.startsWith(symbol, position());
        at += next ? symbol.length() : 0;
        return next;
    }

    /** Reads the word if it is next, as a whole and in whatever case. */
    boolean takeWord(String word) {
        int start = position();
        int end = start + word.length();
        boolean next = text.regionMatches(true, start, word, 0, word.length())
                && (end == text.length() || !isName(text.charAt(end)));
        at = next ? end : start;
        return next;
    }

    /** Reads a keyword: letters and digits, beginning with a letter. Null if none is next. */
    @Nullable
    String name() {
        int start = position();
        if (start == text.length() || !Character.isLetter(text.charAt(start))) {
            return null;
        }
        while (at < text.length() && isName(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isName(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    /** Reads one or more hexadecimal digits, as many as there are up to {@code most}; null if none is next. */
    @Nullable
    String hexadecimal(int most) {
        int start = position();
        while (at < text.length() && at < start + most && Character.digit(text.charAt(at), 16) >= 0) {
            at++;
        }
        return at == start ? null : text.substring(start, at);
    }

    /** Reads a value between quotes, or a bare one; null if none is next. */
    @Nullable
    String value() {
        int start = position();
        if (start == text.length()) {
            return null;
        }
        char quote = text.charAt(start);
        if (quote == '"' || quote == '\'') {
            return quoted(quote);
        }
        while (at < text.length() && Literal.isBare(text.substring(at, at + 1))) {
            at++;
        }
        String word = text.substring(start, at);
        if (Literal.isBare(word)) {
            return word;
        }
        at = start;
        return null;
    }

    /** Whether a quote is next. */
    boolean isQuoted() {
        int start = position();
        return start < text.length() && (text.charAt(start) == '"' || text.charAt(start) == '\'');
    }

    private String quoted(char quote) {
        int start = at;
        StringBuilder value = new StringBuilder();
        for (at = start + 1; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean escaped = c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == quote;
            if (c == quote) {
                at++;
                return value.toString();
            }
            if (Character.isISOControl(c)) {
                throw fault(at, "has a control character between quotes; remove it");
            }
            at += escaped ? 1 : 0;
            value.append(escaped ? quote : c);
        }
        throw fault(start, "has a quote that is never closed; a quote within quotes is written \\" + quote);
    }

    /** That something else should stand here. */
    FailureException expected(String what) {
        int start = position();
        return fault(start, "has " + found(start) + " where it needs " + what);
    }

    /** What begins at the position: a word, or a single character. */
    private String found(int start) {
        if (start >= text.length()) {
            return "its end";
        }
        int end = start + 1;
        while (end < text.length()
                && end < start + LONGEST_SHOWN
                && isName(text.charAt(start))
                && isName(text.charAt(end))) {
            end++;
        }
        return "\"" + text.substring(start, end) + "\"";
    }

    /** That something is wrong at a {@link #position} of before. */
    FailureException fault(int position, String what) {
        return new FailureException(Failure.INVALID_RECORD, subject + ", at character " + (position + 1) + ", " + what);
    }
}
