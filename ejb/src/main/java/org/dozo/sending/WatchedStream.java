// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Remembers whether reading failed: what fails in the middle of sending is either the object or the network. */
final class WatchedStream extends FilterInputStream {

    private @Nullable IOException fault;

    WatchedStream(InputStream in) {
        super(in);
    }

    /** Why reading failed; null if it did not. */
    @Nullable
    IOException fault() {
        return fault;
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (IOException e) {
            fault = e;
            throw e;
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        try {
            return super.read(into, offset, length);
        } catch (IOException e) {
            fault = e;
            throw e;
        }
    }
}
