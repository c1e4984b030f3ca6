// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A socket that says exactly what it is told. */
final class RawPeer implements AutoCloseable {

    private final Socket socket;

    RawPeer(DozoNode node) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), node.dicomPort());
        socket.setTcpNoDelay(true);
    }

    /** Whether the other side still took it. */
    boolean send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The type of the next PDU, which is read whole; 0 if the other side closed. */
    int receive() throws IOException {
        socket.setSoTimeout(10_000);
        try {
            InputStream in = socket.getInputStream();
            byte[] head = in.readNBytes(6);
            if (head.length < 6) {
                return 0;
            }
            int length = (head[2] & 0xFF) << 24 | (head[3] & 0xFF) << 16 | (head[4] & 0xFF) << 8 | (head[5] & 0xFF);
            in.skipNBytes(length);
            return head[0];
        } catch (SocketException e) {
            return 0;
        }
    }

    void endOutput() throws IOException {
        try {
            socket.shutdownOutput();
        } catch (SocketException e) {
            // The other side was quicker.
        }
    }

    /** Whether the other side ends the association in time: by A-ABORT, A-ASSOCIATE-RJ or by closing. */
    boolean isEndedWithin(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        byte[] scratch = new byte[8192];
        try {
            while (true) {
                int left = (int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
                socket.setSoTimeout(left);
                int count = socket.getInputStream().read(scratch);
                if (count < 0 || scratch[0] == 7 || scratch[0] == 3) {
                    return true;
                }
                if (System.nanoTime() > deadline) {
                    return false;
                }
            }
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
