// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Files as one multipart/related body, RFC 2387 and PS3.18 §8.6.1.2.1, made while it is read: one file is open at a time, and memory
 * does not grow with them. Thread-safe.
 */
final class MultipartFiles extends InputStream {

    private static final int PREFERRED_READ = 64 << 10;

    private final String boundary;
    private final List<OutgoingFile> files;
    private final LongConsumer taken;
    private InputStream part;
    private int next;
    private boolean inHead = true;
    private boolean over;
    private boolean closed;

    /** @param taken hears of bytes that were read */
    MultipartFiles(String boundary, List<OutgoingFile> files, LongConsumer taken) {
        this.boundary = boundary;
        this.files = List.copyOf(files);
        this.taken = taken;
        this.part = ascii(head(boundary, true));
    }

    static String contentType(String boundary) {
        return "multipart/related; type=\"application/dicom\"; boundary=" + boundary;
    }

    /** In bytes; -1 if that of a file shows at its end only. */
    static long length(String boundary, List<OutgoingFile> files) {
        long total = tail(boundary).length();
        for (int i = 0; i < files.size(); i++) {
            long length = files.get(i).length();
            if (length < 0) {
                return -1;
            }
            total += head(boundary, i == 0).length() + length;
        }
        return total;
    }

    private static String head(String boundary, boolean first) {
        return (first ? "" : "\r\n") + "--" + boundary + "\r\nContent-Type: application/dicom\r\n\r\n";
    }

    private static String tail(String boundary) {
        return "\r\n--" + boundary + "--\r\n";
    }

    private static InputStream ascii(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public synchronized int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (closed) {
            throw new IOException("The request is over");
        }
        while (true) {
            int count = part.read(into, offset, Math.min(length, PREFERRED_READ));
            if (count >= 0) {
                taken.accept(count);
                return count;
            }
            if (over) {
                return -1;
            }
            advance();
        }
    }

    /** From a head to its file, and from that to the next head, or to the end. */
    private void advance() throws IOException {
        part.close();
        if (inHead) {
            part = files.get(next++).bytes();
            inHead = false;
        } else if (next < files.size()) {
            part = ascii(head(boundary, false));
            inHead = true;
        } else {
            part = ascii(tail(boundary));
            over = true;
        }
    }

    /** Waits for whoever is reading: a stored file is never closed while it is read. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        part.close();
    }
}
