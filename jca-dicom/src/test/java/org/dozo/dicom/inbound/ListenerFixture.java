// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.inbound;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.dozo.dicom.AssociationListener;
import org.dozo.dicom.CommitmentListener;
import org.dozo.dicom.FindListener;
import org.dozo.dicom.GetListener;
import org.dozo.dicom.MoveListener;
import org.dozo.dicom.NodeProperties;
import org.dozo.dicom.StoreListener;
import org.dozo.dicom.net.Await;
import org.dozo.dicom.net.OperatorLog;
import org.dozo.dicom.net.ScriptedPeer;

/** A listener on a free port, with the archive faked behind it; on close it must have left nothing behind. */
public final class ListenerFixture implements Closeable {

    /** The JDK keeps a socket pair of its own once a socket was closed under a blocked thread. */
    private static final int SOCKETS_OF_THE_JDK = 2;

    public final FakeEndpoints archive = new FakeEndpoints();
    final ListenerStatistics statistics = new ListenerStatistics();
    final Endpoints endpoints = new Endpoints();
    final DicomListener listener;
    private final int socketsBefore = SOCKETS_OF_THE_JDK + Await.openSockets();

    private ListenerFixture(Properties properties, boolean storing, boolean retrieving) throws Exception {
        properties.putIfAbsent("dicom.port", "0");
        properties.putIfAbsent("dicom.bind", "127.0.0.1");
        ListenerSettings settings = ListenerSettings.from(new NodeProperties(properties));
        endpoints.activate(AssociationListener.class, archive.associations);
        if (storing) {
            endpoints.activate(StoreListener.class, archive.stores);
        }
        if (retrieving) {
            endpoints.activate(FindListener.class, archive.finds);
            endpoints.activate(MoveListener.class, archive.moves);
            endpoints.activate(GetListener.class, archive.gets);
            endpoints.activate(CommitmentListener.class, archive.commitments);
        }
        listener = DicomListener.open(settings, endpoints, statistics, new OperatorLog("test"), new AtomicLong());
    }

    /** @param settings key, value, key, value … */
    public static ListenerFixture with(String... settings) throws Exception {
        return new ListenerFixture(properties(settings), true, false);
    }

    /** As {@link #with}, and C-FIND, C-MOVE, C-GET and storage commitment are served too. */
    public static ListenerFixture retrieving(String... settings) throws Exception {
        return new ListenerFixture(properties(settings), true, true);
    }

    private static Properties properties(String... settings) {
        Properties properties = new Properties();
        for (int i = 0; i < settings.length; i += 2) {
            properties.setProperty(settings[i], settings[i + 1]);
        }
        return properties;
    }

    static ListenerFixture withoutStore() throws Exception {
        return new ListenerFixture(new Properties(), false, false);
    }

    public int port() {
        return listener.port();
    }

    ScriptedPeer connect() throws IOException {
        return ScriptedPeer.connect(port());
    }

    /** Aborts everything. */
    public void stop() {
        listener.close();
    }

    void awaitNoConnection() {
        Await.until(
                "every connection is closed, open " + statistics.getOpenAssociations(),
                () -> statistics.getOpenAssociations() + statistics.getPendingConnections() == 0);
    }

    /** Nothing may be left: no connection, no descriptor, no endpoint; every admitted association was told its end once. */
    @Override
    public void close() {
        listener.drain(Duration.ofSeconds(5));
        awaitNoConnection();
        Await.until("no socket is left", () -> Await.openSockets() <= socketsBefore);
        Await.until("no endpoint is left, but " + archive.leased, () -> archive.leased.get() == 0);
        if (!archive.ended.containsAll(archive.admitted) || archive.ended.size() != archive.admitted.size()) {
            throw new AssertionError(
                    archive.admitted.size() + " associations were admitted, " + archive.ended.size() + " ended");
        }
    }
}
