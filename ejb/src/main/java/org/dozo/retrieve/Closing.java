// SPDX-License-Identifier: Apache-2.0
package org.dozo.retrieve;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that closes what it is read from. */
final class Closing extends FilterInputStream {

    private final Closeable source;

    Closing(InputStream in, Closeable source) {
        super(in);
        this.source = source;
    }

    @Override
    public void close() throws IOException {
        try (source) {
            super.close();
        }
    }
}
