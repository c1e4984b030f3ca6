// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dozo.dicom.data.Uid;

/**
 * One of the media ranges that a client accepts, RFC 9110 §12.5.1 and PS3.18 §8.7.
 *
 * @param type lower case, {@code *} for any
 * @param subtype lower case, {@code *} for any
 * @param parameters by lower-case names, values without quotation marks, without {@code q}
 * @param q 0 to 1; 0: not accepted
 */
record MediaRange(String type, String subtype, Map<String, String> parameters, double q) {

    static final String TRANSFER_SYNTAX = "transfer-syntax";
    static final String ANY_SYNTAX = "*";

    private static final int LONGEST = 16 << 10;
    private static final int MOST = 100;

    MediaRange {
        parameters = Collections.unmodifiableMap(parameters);
    }

    /** Whether it covers a media type, {@code type/subtype} in lower case. */
    boolean covers(String mediaType) {
        int slash = mediaType.indexOf('/');
        return (type.equals("*") || type.equals(mediaType.substring(0, slash)))
                && (subtype.equals("*") || subtype.equals(mediaType.substring(slash + 1)));
    }

    /** Whether it covers multipart/related whose parts are of that media type. */
    boolean coversMultipart(String partType) {
        if (!covers("multipart/related")) {
            return false;
        }
        String wanted = parameters.get("type");
        return wanted == null || wanted(wanted).covers(partType);
    }

    private static MediaRange wanted(String range) {
        return new Scanner(range).mediaRange();
    }

    boolean isSpecific() {
        return !type.equals("*") && !subtype.equals("*");
    }

    /**
     * The ranges of some Accept headers, best liked first; of equals the more specific, then the earlier first.
     *
     * @throws IllegalArgumentException if one is malformed, or they are beyond {@value #MOST} ranges or {@value #LONGEST} characters
     */
    static List<MediaRange> parse(List<String> headers) {
        List<MediaRange> ranges = new ArrayList<>();
        for (String header : headers) {
            if (header.length() > LONGEST) {
                throw new IllegalArgumentException(
                        "Accept is longer than " + LONGEST + " characters; name fewer media types");
            }
            new Scanner(header).list(ranges);
        }
        if (ranges.size() > MOST) {
            throw new IllegalArgumentException("Accept names more than " + MOST + " media types; name fewer");
        }
        ranges.sort((a, b) -> {
            int byQ = Double.compare(b.q, a.q);
            return byQ != 0 ? byQ : Boolean.compare(b.isSpecific(), a.isSpecific());
        });
        return List.copyOf(ranges);
    }

    /** Reads one header from left to right. */
    private static final class Scanner {

        private final String text;
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        void list(List<MediaRange> into) {
            while (true) {
                blanks();
                if (at < text.length() && text.charAt(at) != ',') {
                    into.add(mediaRange());
                    blanks();
                }
                if (at == text.length()) {
                    return;
                }
                expect(',');
            }
        }

        MediaRange mediaRange() {
            String type = token();
            // Java's URL connection sends "*" for any type.
            String subtype = type.equals("*") && (at == text.length() || text.charAt(at) != '/') ? "*" : subtype();
            Map<String, String> parameters = new HashMap<>();
            blanks();
            while (at < text.length() && text.charAt(at) == ';') {
                at++;
                blanks();
                if (at < text.length() && text.charAt(at) != ';' && text.charAt(at) != ',') {
                    parameter(parameters);
                }
                blanks();
            }
            check(parameters);
            String q = parameters.remove("q");
            return new MediaRange(type, subtype, parameters, q == null ? 1 : quality(q));
        }

        private static void check(Map<String, String> parameters) {
            String partType = parameters.get("type");
            if (partType != null) {
                wanted(partType);
            }
            String syntax = parameters.getOrDefault(TRANSFER_SYNTAX, ANY_SYNTAX);
            if (!syntax.equals(ANY_SYNTAX) && !Uid.isValid(syntax)) {
                throw malformed("transfer-syntax is neither a UID nor an asterisk (PS3.18 §8.7.3.5)");
            }
        }

        private String subtype() {
            expect('/');
            return token();
        }

        private void parameter(Map<String, String> parameters) {
            String name = token();
            blanks();
            expect('=');
            blanks();
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : value();
            parameters.putIfAbsent(name, value);
        }

        private double quality(String q) {
            if (!q.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?|\\.[0-9]{1,3}")) {
                throw malformed("q=" + clip(q) + " is not between 0 and 1");
            }
            return Double.parseDouble(q);
        }

        private String token() {
            int start = at;
            while (at < text.length() && isToken(text.charAt(at))) {
                at++;
            }
            if (at == start) {
                throw malformed("a name is missing at character " + (at + 1));
            }
            return text.substring(start, at).toLowerCase(Locale.ROOT);
        }

        /** Many clients leave the quotation marks of {@code type=application/dicom} out. */
        private String value() {
            int start = at;
            while (at < text.length() && (isToken(text.charAt(at)) || text.charAt(at) == '/')) {
                at++;
            }
            if (at == start) {
                throw malformed("a value is missing at character " + (at + 1));
            }
            return text.substring(start, at);
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            expect('"');
            return value.toString();
        }

        private static boolean isToken(char c) {
            return c > ' ' && c < 0x7F && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }

        private void blanks() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }

        private void expect(char c) {
            if (at == text.length() || text.charAt(at) != c) {
                throw malformed("'" + c + "' is missing at character " + (at + 1));
            }
            at++;
        }

        private static IllegalArgumentException malformed(String fault) {
            return new IllegalArgumentException("Accept is malformed: " + fault + " (RFC 9110 §12.5.1)");
        }

        private static String clip(String text) {
            return text.substring(0, Math.min(20, text.length())).replaceAll("[^ -~]", "?");
        }
    }
}
