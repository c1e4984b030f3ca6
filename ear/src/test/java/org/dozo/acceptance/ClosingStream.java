// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream whose end closes what it was taken from. */
final class ClosingStream extends FilterInputStream {

    private final Closeable owner;

    ClosingStream(InputStream in, Closeable owner) {
        super(in);
        this.owner = owner;
    }

    @Override
    public void close() throws IOException {
        owner.close();
    }
}
