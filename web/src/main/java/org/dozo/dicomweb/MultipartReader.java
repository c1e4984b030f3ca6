// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.dozo.shared.Failure;
import org.jspecify.annotations.Nullable;

/**
 * Reads a multipart body part by part, RFC 2046 §5.1, with one buffer: a part's content is streamed, never gathered. Not thread-safe.
 *
 * <p>Every fault is a {@link MultipartException}; any other {@link IOException} is the connection's.
 */
final class MultipartReader {

    /** All headers of one part, in bytes. */
    static final int MAX_HEADER_BYTES = 8192;

    private static final int MAX_PREAMBLE = 64 << 10;
    private static final int MAX_PADDING = 70;

    /** Characters. RFC 2046 §5.1.1 allows 70; Orthanc's DICOMweb client sends 73. */
    private static final int LONGEST_BOUNDARY = 200;

    private static final int BUFFER = 64 << 10;
    private static final int NONE = -1;

    private final InputStream in;
    private final byte[] delimiter;
    private final int maxParts;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private boolean ended;
    private int parts;
    private boolean closed;
    private @Nullable Content current;

    /**
     * One part.
     *
     * @param headers by their names in lower case; of a name that stands twice the first
     * @param content to be read before the next part is asked for; what is left of it then is skipped
     */
    record Part(Map<String, String> headers, InputStream content) {

        /** Content-Type; empty if there is none. */
        String type() {
            return headers.getOrDefault("content-type", "");
        }
    }

    /**
     * @param boundary the parameter of the media type, unquoted
     * @param maxParts more are refused
     */
    MultipartReader(InputStream in, String boundary, int maxParts) throws MultipartException {
        if (boundary.isEmpty()
                || boundary.length() > LONGEST_BOUNDARY
                || !boundary.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw malformed("its boundary is missing, or not of 1 to " + LONGEST_BOUNDARY
                    + " printable characters (RFC 2046 §5.1.1 allows 70)");
        }
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
        this.maxParts = maxParts;
        // The first delimiter may begin the body: it is read as if a line had ended before it.
        buffer[0] = '\r';
        buffer[1] = '\n';
        to = 2;
    }

    /** The next part, or null behind the last. */
    @Nullable
    Part next() throws IOException {
        Content content = current == null ? new Content(MAX_PREAMBLE) : current;
        content.skipRest();
        if (closed) {
            return null;
        }
        if (++parts > maxParts) {
            throw new MultipartException(
                    Failure.LIMIT_EXCEEDED,
                    "The request has more than " + maxParts
                            + " parts, the limit set by stow.max-parts: send several requests");
        }
        Map<String, String> headers = readHeaders();
        Content next = new Content(Long.MAX_VALUE);
        current = next;
        return new Part(headers, next);
    }

    private Map<String, String> readHeaders() throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        int left = MAX_HEADER_BYTES;
        for (String line = readLine(left); !line.isEmpty(); line = readLine(left)) {
            left -= line.length() + 2;
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw malformed("a part has a header line without a name");
            }
            headers.putIfAbsent(
                    line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        // The empty line's end may be the beginning of the delimiter, if the content is empty.
        from -= 2;
        if (delimiterEnd() == NONE) {
            from += 2;
        }
        return headers;
    }

    private String readLine(int most) throws IOException {
        int length = 0;
        while (!isLineEnd(length)) {
            if (++length > most) {
                throw malformed("the headers of a part are longer than " + MAX_HEADER_BYTES + " bytes");
            }
        }
        String line = new String(buffer, from, length, StandardCharsets.ISO_8859_1);
        from += length + 2;
        return line;
    }

    private boolean isLineEnd(int at) throws IOException {
        if (!has(at + 2)) {
            throw malformed("it ends among the headers of a part");
        }
        return buffer[from + at] == '\r' && buffer[from + at + 1] == '\n';
    }

    /**
     * Whether a whole delimiter line begins here.
     *
     * @return the number of bytes to its end, or {@link #NONE}
     */
    private int delimiterEnd() throws IOException {
        for (int i = 0; i < delimiter.length; i++) {
            if (!has(i + 1) || buffer[from + i] != delimiter[i]) {
                return NONE;
            }
        }
        int end = delimiter.length;
        if (has(end + 2) && buffer[from + end] == '-' && buffer[from + end + 1] == '-') {
            closed = true;
            return end + 2;
        }
        int padding = end;
        while (padding - end <= MAX_PADDING && has(padding + 2)) {
            byte c = buffer[from + padding];
            if (c == '\r' && buffer[from + padding + 1] == '\n') {
                return padding + 2;
            }
            if (c != ' ' && c != '\t') {
                // A longer boundary, of a multipart within the part: content.
                return NONE;
            }
            padding++;
        }
        return NONE;
    }

    /** Whether so many bytes can be looked at from here; reads until they can, or the body ends. */
    private boolean has(int count) throws IOException {
        while (to - from < count && !ended) {
            if (from > 2 && (from == to || buffer.length - from < count)) {
                // Two bytes before are kept: a delimiter may begin with the end of the line that was just read.
                int keep = Math.min(2, from);
                System.arraycopy(buffer, from - keep, buffer, 0, to - from + keep);
                to -= from - keep;
                from = keep;
            }
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) {
                ended = true;
            } else {
                to += read;
            }
        }
        return to - from >= count;
    }

    private static MultipartException malformed(String fault) {
        return new MultipartException(Failure.MALFORMED_REQUEST, "The multipart body is malformed: " + fault);
    }

    /** The bytes up to the next delimiter. */
    private final class Content extends InputStream {

        private final long most;
        private long given;
        private boolean atEnd;

        Content(long most) {
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int plain = atEnd ? 0 : plainBytes();
            if (plain == 0) {
                return -1;
            }
            int count = Math.min(plain, length);
            System.arraycopy(buffer, from, into, offset, count);
            from += count;
            given += count;
            if (given > most) {
                throw malformed("its boundary does not come within the first " + most + " bytes");
            }
            return count;
        }

        /** Bytes that are content for sure, at least one; 0 if the delimiter is here, which is passed over then. */
        private int plainBytes() throws IOException {
            has(1);
            int at = 0;
            while (true) {
                while (from + at < to && buffer[from + at] != '\r') {
                    at++;
                }
                if (at > 0) {
                    return at;
                }
                if (from == to) {
                    throw malformed("it ends without its closing boundary; the request was cut off");
                }
                int end = delimiterEnd();
                if (end != NONE) {
                    from += end;
                    atEnd = true;
                    return 0;
                }
                at = 1;
            }
        }

        void skipRest() throws IOException {
            byte[] waste = new byte[BUFFER];
            while (read(waste, 0, waste.length) >= 0) {
                // Goes on to the delimiter.
            }
        }
    }
}
