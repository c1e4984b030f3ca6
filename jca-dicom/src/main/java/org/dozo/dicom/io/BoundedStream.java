// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.io.InputStream;

/** So many bytes of a stream. */
final class BoundedStream extends InputStream {

    private final InputStream in;
    private long left;

    BoundedStream(InputStream in, long length) {
        this.in = in;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0 || left == 0) {
            return length == 0 ? 0 : -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new DicomFormatException("The data set ends " + left + " bytes too early");
        }
        left -= count;
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
