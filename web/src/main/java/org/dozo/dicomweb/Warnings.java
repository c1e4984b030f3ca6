// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

/** Warning header fields, RFC 7234 §5.5, as PS3.18 §8.3.4 and §10.6.1.2 still ask for them. */
final class Warnings {

    private static final int MOST = 500;

    private Warnings() {}

    /** A miscellaneous persistent warning (299) in ASCII: nothing in the text can end the field. */
    static String of(String text) {
        StringBuilder quoted = new StringBuilder("299 dozo \"");
        text.chars().limit(MOST).forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c >= ' ' && c <= '~' ? (char) c : '?');
        });
        return quoted.append('"').toString();
    }
}
