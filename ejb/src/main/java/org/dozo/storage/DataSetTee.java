// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

import java.io.IOException;
import java.io.InputStream;

/** The data set as the caller reads it: whatever is read or skipped is written to the object. */
final class DataSetTee extends InputStream {

    private final InputStream source;
    private final ObjectWrite write;
    private final byte[] single = new byte[1];

    DataSetTee(InputStream source, ObjectWrite write) {
        this.source = source;
        this.write = write;
    }

    @Override
    public int read() throws IOException {
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = source.read(bytes, offset, length);
        if (read > 0) {
            write.put(bytes, offset, read);
        }
        return read;
    }

    @Override
    public long skip(long most) throws IOException {
        long skipped = 0;
        while (skipped < most) {
            int taken = write.putFrom(source, most - skipped);
            if (taken < 0) {
                break;
            }
            skipped += taken;
        }
        return skipped;
    }

    @Override
    public int available() throws IOException {
        return source.available();
    }

    /** Takes what the caller left unread. */
    void drain() throws IOException {
        skip(Long.MAX_VALUE);
    }
}
