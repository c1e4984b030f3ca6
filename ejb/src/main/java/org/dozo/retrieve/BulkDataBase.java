// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Gives the BulkDataURIs of a JSON document another base while it is written. A quotation mark within a JSON string is always
 * escaped, so the mark searched for is never part of a value.
 */
final class BulkDataBase extends FilterOutputStream {

    private static final byte[] MARK = "\"BulkDataURI\":\"".getBytes(StandardCharsets.US_ASCII);

    private final int oldLength;
    private final byte[] base;
    private int matched;
    private int toDrop;

    BulkDataBase(OutputStream out, String oldBase, String base) {
        super(out);
        this.oldLength = oldBase.getBytes(StandardCharsets.UTF_8).length;
        this.base = base.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void write(int next) throws IOException {
        write(new byte[] {(byte) next}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int written = offset;
        for (int at = offset; at < offset + length; at++) {
            if (toDrop > 0) {
                toDrop--;
                written = at + 1;
                continue;
            }
            if (bytes[at] == MARK[matched]) {
                matched++;
            } else {
                // The mark begins with the only quotation mark that could begin it anew.
                matched = bytes[at] == MARK[0] ? 1 : 0;
            }
            if (matched == MARK.length) {
                out.write(bytes, written, at + 1 - written);
                out.write(base);
                written = at + 1;
                matched = 0;
                toDrop = oldLength;
            }
        }
        out.write(bytes, written, offset + length - written);
    }

    /** The stream below stays open. */
    @Override
    public void close() throws IOException {
        flush();
    }
}
