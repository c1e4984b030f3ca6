// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.dozo.access.DestinationRegistry;
import org.dozo.access.DestinationSettings;
import org.dozo.access.Destinations;
import org.dozo.access.Gate;
import org.dozo.access.KnownPeer;
import org.dozo.access.NamedDestination;
import org.dozo.access.PeerRegistry;
import org.dozo.shared.Notices;

/** The way to each destination by its name, whatever it is. */
@Singleton
public class Carriers {

    private static final int MOST_CARRIERS = 10_000;

    private final PeerRegistry peers;
    private final Destinations associations;
    private final DestinationRegistry registry;
    private final DestinationSettings settings;
    private final CarrierSettings timeouts;
    private final ObjectSender sender;
    private final Path secrets = Path.of(System.getProperty("dozo.data", "."), "secrets", "destinations");
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** For what is not to take for ever. */
    private final ScheduledExecutorService timers =
            Executors.newScheduledThreadPool(1, Thread.ofVirtual().factory());

    private final HttpClient client;
    private final Map<NamedDestination, Inspector> known = new ConcurrentHashMap<>();

    @Inject
    public Carriers(
            PeerRegistry peers,
            Destinations associations,
            DestinationRegistry registry,
            DestinationSettings settings,
            CarrierSettings timeouts,
            ObjectSender sender) {
        this.peers = peers;
        this.associations = associations;
        this.registry = registry;
        this.settings = settings;
        this.timeouts = timeouts;
        this.sender = sender;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeouts.connect())
                .executor(threads)
                .build();
    }

    /** Ends the connections; what is on its way is sent again by another node, or by this one later. */
    @PreDestroy
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
        timers.shutdownNow();
    }

    /** Of a peer or another destination, as it is in the database now; empty if there is none. */
    public Optional<Carrier> find(String name) throws SQLException {
        Optional<KnownPeer> peer = peers.get(name);
        if (peer.isPresent()) {
            return Optional.of(new AssociationCarrier(associations.of(peer.get()), sender));
        }
        return inspector(name).map(Carrier.class::cast);
    }

    /** Of a destination that is no peer; empty if there is none. */
    public Optional<Inspector> inspector(String name) throws SQLException {
        return registry.get(name).map(this::of);
    }

    /** The same for all who send to it, until its record changes. */
    private Inspector of(NamedDestination destination) {
        if (known.size() > MOST_CARRIERS) {
            // Records that destinations had over the years: what is in use is held by who uses it.
            known.clear();
        }
        return known.computeIfAbsent(destination, this::make);
    }

    private Inspector make(NamedDestination destination) {
        return switch (destination.kind()) {
            case FOLDER ->
                files(
                        destination,
                        new Folder(Path.of(destination.address())),
                        "The folder",
                        "check that it is mounted on every node and can be written");
            case S3 ->
                files(
                        destination,
                        new Bucket(destination, timeouts, secrets, timers),
                        "The bucket",
                        "check that its service runs, the destination's fields, and our keys");
            case STOW ->
                new StowCarrier(
                        destination.name(),
                        new DicomWebService(destination, client, timeouts, secrets),
                        gate(destination, "check that it runs, its address, and our secret"),
                        sender);
        };
    }

    private FileCarrier files(NamedDestination destination, FilePlace place, String what, String remedy) {
        return new FileCarrier(
                destination.name(),
                place,
                gate(destination, remedy),
                new Patience(
                        what + " " + destination.address(), settings.associationsPerDestination(), timeouts.response()),
                sender);
    }

    /** Each node finds out by itself whether it is away: it may be well on other nodes. */
    private Gate gate(NamedDestination destination, String remedy) {
        return new Gate(
                destination.name(),
                destination.address(),
                remedy + "; ./dozo destination test " + destination.name(),
                settings,
                Notices.NONE);
    }
}
