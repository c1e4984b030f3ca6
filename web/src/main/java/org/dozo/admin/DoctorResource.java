// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.dozo.access.DestinationRegistry;
import org.dozo.access.KnownPeer;
import org.dozo.access.NamedDestination;
import org.dozo.access.PeerEcho;
import org.dozo.access.PeerRegistry;
import org.dozo.cluster.Node;
import org.dozo.dicom.DimseStatus;
import org.dozo.sending.Carriers;
import org.dozo.sending.Inspector;
import org.dozo.shared.Database;
import org.dozo.shared.FailureException;
import org.dozo.storage.ObjectStorage;
import org.dozo.storage.VolumeState;
import org.dozo.storage.VolumeStatus;
import org.jspecify.annotations.NullUnmarked;

/** {@code GET /api/doctor}: the checks that only the node itself can make, a line each, for {@code ./dozo doctor}. */
@Path("doctor")
@NullUnmarked
public class DoctorResource {

    private static final Duration GREATEST_SKEW = Duration.ofSeconds(2);

    @Inject
    private Node node;

    @Inject
    private ObjectStorage storage;

    @Inject
    private PeerRegistry peers;

    @Inject
    private PeerEcho echo;

    @Inject
    private DestinationRegistry destinations;

    @Inject
    private Carriers carriers;

    @Inject
    private Database database;

    @GET
    @Produces(MediaType.TEXT_PLAIN)
    public String examine() {
        StringBuilder lines = new StringBuilder();
        node.status().problems().forEach(problem -> line(lines, false, "node", problem));
        storage.volumes().forEach(volume -> examine(volume, lines));
        try {
            examineClock(lines);
            for (KnownPeer peer : peers.list()) {
                examine(peer, lines);
            }
            for (NamedDestination destination : destinations.list()) {
                examine(destination, lines);
            }
        } catch (SQLException e) {
            line(lines, false, "database", "does not answer: see docs/operations/database-down.md");
        }
        return lines.toString();
    }

    private static void examine(VolumeStatus volume, StringBuilder lines) {
        line(
                lines,
                volume.state() == VolumeState.ONLINE || volume.state() == VolumeState.ADOPTED,
                "volume",
                "%s is %s, %.1f GiB free %s"
                        .formatted(
                                volume.name(),
                                volume.state(),
                                volume.freeBytes() / (double) (1L << 30),
                                volume.detail()));
    }

    private void examineClock(StringBuilder lines) throws SQLException {
        Duration skew = Duration.between(database.clock(), Instant.now()).abs();
        line(
                lines,
                skew.compareTo(GREATEST_SKEW) <= 0,
                "clock",
                "differs from the database's by " + skew.toMillis() + " ms"
                        + (skew.compareTo(GREATEST_SKEW) <= 0 ? "" : ": run an NTP client on both"));
    }

    private void examine(KnownPeer peer, StringBuilder lines) {
        String name = peer.aeTitle() + " at " + peer.host() + ":" + peer.port();
        try {
            DimseStatus status = echo.call(peer);
            line(lines, status.isDone(), "peer", name + " answers C-ECHO with " + status);
        } catch (FailureException e) {
            line(lines, false, "peer", name + ": " + e.getMessage());
        }
    }

    private void examine(NamedDestination destination, StringBuilder lines) throws SQLException {
        Optional<Inspector> inspector = carriers.inspector(destination.name());
        if (inspector.isEmpty()) {
            // Removed since the list was read.
            return;
        }
        try {
            inspector.get().probe();
            line(lines, true, "dest", destination.name() + " at " + destination.address() + " answers");
        } catch (IOException e) {
            line(lines, false, "dest", destination.name() + ": " + e.getMessage());
        }
    }

    private static void line(StringBuilder lines, boolean good, String subject, String text) {
        lines.append("%-5s %-10s %s%n".formatted(good ? "ok" : "BAD", subject, text.strip()));
    }
}
