// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;

/** A peer that sends exactly the bytes it is told, over a real socket, and shows what comes back. */
public final class ScriptedPeer implements Closeable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    private ScriptedPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
    }

    public static ScriptedPeer connect(int port) throws IOException {
        return new ScriptedPeer(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** As acceptor: waits for one connection. */
    public static ScriptedPeer accept(ServerSocket server) throws IOException {
        server.setSoTimeout(PATIENCE_MILLIS);
        return new ScriptedPeer(server.accept());
    }

    public ScriptedPeer send(byte[]... parts) throws IOException {
        socket.getOutputStream().write(Pdus.join(parts));
        return this;
    }

    /** The next whole PDU; empty if the other side closed or reset the connection. */
    public byte[] receive() throws IOException {
        try {
            byte[] header = new byte[6];
            in.readFully(header);
            int length =
                    (header[2] & 0xFF) << 24 | (header[3] & 0xFF) << 16 | (header[4] & 0xFF) << 8 | (header[5] & 0xFF);
            byte[] body = new byte[length];
            in.readFully(body);
            return Pdus.join(header, body);
        } catch (EOFException | SocketException e) {
            return new byte[0];
        }
    }

    /** The type of the next PDU; 0 if the other side closed. */
    public int receiveType() throws IOException {
        byte[] pdu = receive();
        return pdu.length == 0 ? 0 : pdu[0];
    }

    /** Waits for the other side's close; whether nothing but the given PDU types came before. */
    public boolean endsWithin(Duration patience) throws IOException {
        socket.setSoTimeout((int) patience.toMillis());
        try {
            byte[] scratch = new byte[8192];
            while (in.read(scratch) >= 0) {
                // Whatever it still says.
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    public ScriptedPeer associated() throws IOException {
        send(Pdus.usualRequest());
        int type = receiveType();
        if (type != 2) {
            throw new AssertionError("The association was answered by PDU type " + type);
        }
        return this;
    }

    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes before the script is over. */
    public void hangUp() throws IOException {
        socket.close();
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
