// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterInputStream;

/** Deflates what is read (RFC 1951) and makes its length even with a zero byte, PS3.5 §A.5. */
final class EvenDeflatedStream extends DeflaterInputStream {

    private boolean padded;

    EvenDeflatedStream(InputStream plain) {
        super(plain, new Deflater(Deflater.BEST_SPEED, true), 8 << 10);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = super.read(into, offset, length);
        if (count >= 0 || padded || length == 0) {
            return count;
        }
        padded = true;
        if (def.getBytesWritten() % 2 == 0) {
            return -1;
        }
        into[offset] = 0;
        return 1;
    }

    @Override
    public void close() throws IOException {
        super.close();
        // Given from outside, it is not ended by the stream.
        def.end();
    }
}
