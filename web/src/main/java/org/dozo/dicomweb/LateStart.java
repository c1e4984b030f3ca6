// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A body whose beginning is kept back until it is too much or complete: until then the answer can still become another one. Not
 * thread-safe.
 */
final class LateStart extends OutputStream {

    /** Called once, when the first bytes must go out. */
    @FunctionalInterface
    interface Start {

        /** @return where the body goes */
        OutputStream begin() throws IOException;
    }

    private final int most;
    private final Start start;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private OutputStream target = OutputStream.nullOutputStream();
    private boolean started;

    LateStart(int most, Start start) {
        this.most = most;
        this.start = start;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (!started && kept.size() + length > most) {
            begin();
        }
        if (started) {
            target.write(bytes, offset, length);
        } else {
            kept.write(bytes, offset, length);
        }
    }

    /** Nothing: those who write flush often. */
    @Override
    public void flush() {}

    /** The body is complete. */
    void finish() throws IOException {
        if (!started) {
            begin();
        }
        target.flush();
    }

    private void begin() throws IOException {
        target = start.begin();
        started = true;
        kept.writeTo(target);
        kept.reset();
    }
}
