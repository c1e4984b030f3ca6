// SPDX-License-Identifier: Apache-2.0
package org.dozo.query;

/**
 * A text with the wildcards of PS3.4 §C.2.2.2.4: {@code *} is any number of characters, {@code ?} is one. There is no way to write
 * either of them literally.
 */
record Glob(String pattern) {

    boolean hasWildcard() {
        return pattern.indexOf('*') >= 0 || pattern.indexOf('?') >= 0;
    }

    /** Whether it is nothing but stars. */
    boolean isUniversal() {
        return !pattern.isEmpty() && pattern.chars().allMatch(c -> c == '*');
    }

    /** What every match begins with. */
    String prefix() {
        int end = 0;
        while (end < pattern.length() && pattern.charAt(end) != '*' && pattern.charAt(end) != '?') {
            end++;
        }
        return pattern.substring(0, end);
    }

    /** For {@code LIKE … ESCAPE '\'}: everything but the wildcards is literal. */
    String like() {
        StringBuilder like = new StringBuilder(pattern.length() + 8);
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case '*' -> like.append('%');
                case '?' -> like.append('_');
                case '%', '_', '\\' -> like.append('\\').append(c);
                default -> like.append(c);
            }
        }
        return like.toString();
    }

    /** In time proportional to the product of both lengths at worst. */
    boolean matches(String text) {
        int[] glob = pattern.codePoints().toArray();
        int[] chars = text.codePoints().toArray();
        int at = 0;
        int star = -1;
        int resume = 0;
        for (int i = 0; i < chars.length; ) {
            if (at < glob.length && glob[at] == '*') {
                star = at++;
                resume = i;
            } else if (at < glob.length && (glob[at] == '?' || glob[at] == chars[i])) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++resume;
            } else {
                return false;
            }
        }
        while (at < glob.length && glob[at] == '*') {
            at++;
        }
        return at == glob.length;
    }

    /**
     * The least text above all that begin with {@code prefix}, in the order of code points; empty if there is none.
     *
     * @param prefix not empty
     */
    static String above(String prefix) {
        int end = prefix.length();
        while (end > 0) {
            int last = prefix.codePointBefore(end);
            end -= Character.charCount(last);
            if (last < Character.MAX_CODE_POINT) {
                // Surrogates are no characters, and the database takes none.
                int next = last == 0xD7FF ? 0xE000 : last + 1;
                return new StringBuilder(prefix.substring(0, end))
                        .appendCodePoint(next)
                        .toString();
            }
        }
        return "";
    }
}
