// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A Content-Type, RFC 9110 §8.3: what a body or a part says of itself. Never fails: what is not understood is not there.
 *
 * @param type as {@code application/dicom}, in lower case; empty if there is none
 * @param parameters by their names in lower case, unquoted
 */
record ContentType(String type, Map<String, String> parameters) {

    static ContentType parse(String text) {
        int end = text.indexOf(';');
        String type = (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        Map<String, String> parameters = new LinkedHashMap<>();
        int at = end < 0 ? text.length() : end;
        while (at < text.length()) {
            int equals = text.indexOf('=', ++at);
            if (equals < 0) {
                break;
            }
            String name = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
            StringBuilder value = new StringBuilder();
            at = value(text, equals + 1, value);
            parameters.putIfAbsent(name, value.toString().strip());
        }
        return new ContentType(type, parameters);
    }

    /** @return where the parameter ends: at a semicolon or the text's end */
    private static int value(String text, int from, StringBuilder value) {
        boolean quoted = false;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\' && at + 1 < text.length()) {
                value.append(text.charAt(++at));
            } else if (!quoted && c == ';') {
                return at;
            } else {
                value.append(c);
            }
        }
        return text.length();
    }

    boolean is(String other) {
        return type.equals(other);
    }

    /** A parameter's value; empty if it is not there. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }
}
