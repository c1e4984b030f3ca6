// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a multipart/related body, RFC 2387 and PS3.18 §8.6.1.2.1: {@link #begin} and the part's bytes for each, then {@link #end}. */
final class MultipartWriter {

    private final OutputStream out;
    private final String boundary;
    private boolean first = true;

    /** @param boundary at most 70 characters that occur in no part; who makes the parts must not be able to guess it */
    MultipartWriter(OutputStream out, String boundary) {
        this.out = out;
        this.boundary = boundary;
    }

    /** The value of Content-Type for the whole body. */
    static String contentType(String partType, String boundary) {
        return "multipart/related; type=\"" + partType + "\"; boundary=" + boundary;
    }

    /**
     * Writes what comes before the bytes of the next part.
     *
     * @param length of the part in bytes; -1 if it is not known
     */
    void begin(String contentType, long length) throws IOException {
        out.write(head(boundary, contentType, length, first));
        first = false;
    }

    void end() throws IOException {
        out.write(tail(boundary, first));
    }

    /** Adds up the body's bytes. */
    static final class Length {

        private final String boundary;
        private long bytes;
        private boolean first = true;

        Length(String boundary) {
            this.boundary = boundary;
        }

        Length add(String contentType, long length) {
            bytes += head(boundary, contentType, length, first).length + length;
            first = false;
            return this;
        }

        long total() {
            return bytes + tail(boundary, first).length;
        }
    }

    private static byte[] head(String boundary, String contentType, long length, boolean first) {
        String size = length < 0 ? "" : "Content-Length: " + length + "\r\n";
        return ascii(
                (first ? "" : "\r\n") + "--" + boundary + "\r\nContent-Type: " + contentType + "\r\n" + size + "\r\n");
    }

    private static byte[] tail(String boundary, boolean empty) {
        return ascii((empty ? "" : "\r\n") + "--" + boundary + "--\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
