// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.dozo.dicom.net.LogLine;
import org.dozo.dicom.net.OperatorLog;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket: accepts connections and gives each a virtual thread.
 *
 * <p>Life: {@link #open}, and once {@link #drain}; a drained listener is not opened again.
 */
final class DicomListener implements Closeable {

    private static final int BACKLOG = 1024;
    private static final long LAST_WORD_MILLIS = 1000;
    private static final long ACCEPT_PAUSE_NANOS = 100_000_000;

    private final AtomicLong ids;
    private final ListenerContext context;
    private final ServerSocket server;

    private DicomListener(ServerSocket server, ListenerContext context, AtomicLong ids) {
        this.server = server;
        this.context = context;
        this.ids = ids;
    }

    /**
     * Binds and accepts.
     *
     * @param ids numbers the connections
     * @throws IOException naming address and port if they can't be had
     */
    static DicomListener open(
            ListenerSettings settings,
            Endpoints endpoints,
            ListenerStatistics statistics,
            OperatorLog log,
            AtomicLong ids)
            throws IOException {
        ServerSocket server = bind(settings);
        Associations associations = new Associations(settings);
        DicomListener listener = new DicomListener(
                server,
                new ListenerContext(settings, new Negotiation(settings), endpoints, associations, statistics, log),
                ids);
        statistics.observe(
                associations::openCount,
                associations::pendingCount,
                () -> !server.isClosed() && !associations.isDraining(),
                associations::refuseNewcomers);
        Thread.ofPlatform().daemon().name("dicom-listener").start(listener::acceptAll);
        log.write(
                LogLine.LISTENING,
                "DICOM is taken at " + settings.bind() + ":" + server.getLocalPort() + " for "
                        + String.join(", ", settings.aeTitles()));
        return listener;
    }

    int port() {
        return server.getLocalPort();
    }

    /**
     * Closes in order: late associations are rejected as transient, running ones go on to the deadline, then they are
     * aborted; then the listening socket closes, and who still works for one of them is interrupted. Returns when no connection is
     * left. A second call returns at once.
     */
    void drain(Duration patience) {
        if (server.isClosed()) {
            return;
        }
        Associations associations = context.associations();
        long deadline = System.nanoTime() + patience.toNanos();
        context.log()
                .write(
                        LogLine.DRAINING,
                        associations.openCount() + " associations may go on for " + patience.toMillis() + " ms");
        associations.beginDrain();
        boolean orderly = false;
        try {
            orderly = associations.awaitNoneOpen(deadline);
            associations.open().forEach(AssociationWork::abort);
            closeServer();
            associations.awaitNone(LAST_WORD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeServer();
            associations.all().forEach(AssociationWork::giveUp);
        }
        context.log()
                .write(LogLine.DRAINED, orderly ? "The listener is closed" : "The listener is closed after aborts");
    }

    @Override
    public void close() {
        drain(Duration.ZERO);
    }

    private static ServerSocket bind(ListenerSettings settings) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getByName(settings.bind()), settings.port()), BACKLOG);
            return server;
        } catch (IOException e) {
            server.close();
            throw new IOException(
                    "DICOM can't be taken at " + settings.bind() + ":" + settings.port() + " (" + e.getMessage()
                            + "): free the port or change dicom.port and dicom.bind in dozo.properties",
                    e);
        }
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            Socket socket = accept();
            if (socket != null) {
                take(socket);
            }
        }
    }

    private @Nullable Socket accept() {
        try {
            return server.accept();
        } catch (IOException e) {
            if (!server.isClosed()) {
                makeRoom(e);
            }
            return null;
        }
    }

    private void take(Socket socket) {
        AssociationWork work = new AssociationWork(ids.incrementAndGet(), socket, context);
        AssociationWork oldest = context.associations().enter(work);
        if (oldest != null) {
            context.giveWay(oldest);
        }
        Thread.ofVirtual().name("dicom-" + ids.get()).start(work);
    }

    /** Most likely the process has no descriptors left. */
    private void makeRoom(IOException cause) {
        context.log()
                .write(
                        LogLine.ACCEPT_FAILED,
                        "A connection could not be accepted: " + cause.getMessage()
                                + "; raise the limit of open files of the service, or lower dicom.max-associations");
        AssociationWork oldest = context.associations().removeOldestPending();
        if (oldest != null) {
            oldest.closeSocket();
        } else {
            LockSupport.parkNanos(ACCEPT_PAUSE_NANOS);
        }
    }

    private void closeServer() {
        try {
            server.close();
        } catch (IOException e) {
            // The port is free either way.
        }
    }
}
