// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import io.undertow.io.BufferWritableOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import org.dozo.retrieve.OutgoingObject;

/**
 * The way of bytes to the client. Files of a response of known length go from the page cache to the socket without passing
 * through this process (docs/adr/0014).
 */
final class ResponseBody {

    private static final int BLOCK = 128 << 10;

    private final OutputStream out;
    private final boolean lengthKnown;

    private ResponseBody(OutputStream out, boolean lengthKnown) {
        this.out = out;
        this.lengthKnown = lengthKnown;
    }

    /**
     * @param container the stream that JAX-RS gives; it sets the headers when it is first written to, then the servlet's own is used
     * @param lengthKnown whether Content-Length is set: chunks are copied, a file's transfer would make tiny ones
     */
    static ResponseBody of(OutputStream container, HttpServletResponse response, boolean lengthKnown)
            throws IOException {
        container.write(new byte[0]);
        return new ResponseBody(response.getOutputStream(), lengthKnown);
    }

    OutputStream stream() {
        return out;
    }

    void send(OutgoingObject object) throws IOException {
        if (object.file().isPresent()) {
            send(object.file().get());
        } else {
            copy(object, out);
        }
    }

    void send(InputStream bytes) throws IOException {
        copy(bytes, out);
    }

    /** The object's bytes, to whatever stream. */
    static void copy(OutgoingObject object, OutputStream to) throws IOException {
        copy(object.bytes(), to);
    }

    private static void copy(InputStream bytes, OutputStream to) throws IOException {
        byte[] block = new byte[BLOCK];
        for (int count = bytes.read(block); count >= 0; count = bytes.read(block)) {
            to.write(block, 0, count);
        }
    }

    /** A file from its first byte to its last. The transfer is deprecated without a successor: docs/adr/0014. */
    @SuppressWarnings("deprecation")
    private void send(FileChannel file) throws IOException {
        if (!(out instanceof BufferWritableOutputStream direct)) {
            copy(Channels.newInputStream(file), out);
        } else if (lengthKnown) {
            direct.transferFrom(file);
        } else {
            ByteBuffer block = ByteBuffer.allocateDirect(Math.clamp(file.size(), 1, BLOCK));
            while (file.read(block) >= 0) {
                direct.write(block.flip());
                block.clear();
            }
        }
    }
}
