// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that gives up with a {@link DicomLimitException} once more than a limit's bytes were read. */
public final class LimitedStream extends FilterInputStream {

    private final String what;
    private final long limit;
    private final String setting;
    private long left;

    /**
     * @param what is limited, for the message
     * @param setting the key in dozo.properties that raises the limit
     */
    public LimitedStream(InputStream in, String what, long limit, String setting) {
        super(in);
        this.what = what;
        this.limit = limit;
        this.setting = setting;
        this.left = limit;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        count(read);
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long read) throws DicomLimitException {
        left -= Math.max(0, read);
        if (left < 0) {
            throw new DicomLimitException(what, limit, setting);
        }
    }
}
