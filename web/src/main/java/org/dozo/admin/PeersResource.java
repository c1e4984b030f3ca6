// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import org.dozo.access.KnownPeer;
import org.dozo.access.PeerEcho;
import org.dozo.access.PeerRegistry;
import org.dozo.dicom.DimseStatus;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.NullUnmarked;

/** {@code /api/peers}: who may call and be called. */
@Path("peers")
@NullUnmarked
public class PeersResource {

    @Inject
    private PeerRegistry peers;

    @Inject
    private PeerEcho echo;

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String list() throws SQLException {
        return Answers.array(peers.list(), PeerJson::of);
    }

    @GET
    @Produces(AdminApplication.TEXT)
    public String table() throws SQLException {
        List<KnownPeer> all = peers.list();
        if (all.isEmpty()) {
            return "No peers yet: ./dozo peer add AET HOST PORT\n";
        }
        StringBuilder text =
                new StringBuilder("%-16s %-30s %5s %-28s %s%n".formatted("AE TITLE", "HOST", "PORT", "MAY", "NOTE"));
        for (KnownPeer peer : all) {
            text.append("%-16s %-30s %5d %-28s %s%n"
                    .formatted(peer.aeTitle(), peer.host(), peer.port(), PeerJson.words(peer), PeerJson.remarks(peer)));
        }
        return text.toString();
    }

    @GET
    @Path("{aeTitle}")
    @Produces(MediaType.APPLICATION_JSON)
    public String get(@PathParam("aeTitle") String aeTitle) throws SQLException {
        return PeerJson.of(existing(aeTitle)).toString();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(String body) throws SQLException {
        KnownPeer peer = PeerJson.parse(body);
        if (peers.get(peer.aeTitle()).isPresent()) {
            throw new FailureException(
                    Failure.CONFLICT,
                    "There is a peer " + peer.aeTitle() + " already: change it by PUT, or remove it first");
        }
        peers.put(peer);
        return Answers.created("peers", peer.aeTitle(), PeerJson.of(peer));
    }

    @PUT
    @Path("{aeTitle}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public String put(@PathParam("aeTitle") String aeTitle, String body) throws SQLException {
        KnownPeer peer = PeerJson.parse(body);
        Answers.requireSameName("aeTitle", aeTitle, peer.aeTitle());
        peers.put(peer);
        return PeerJson.of(peer).toString();
    }

    @DELETE
    @Path("{aeTitle}")
    public void remove(@PathParam("aeTitle") String aeTitle) throws SQLException {
        if (!peers.delete(aeTitle)) {
            throw unknown();
        }
    }

    /** Calls the peer with C-ECHO. */
    @POST
    @Path("{aeTitle}/echo")
    @Produces(MediaType.TEXT_PLAIN)
    public String echo(@PathParam("aeTitle") String aeTitle) throws SQLException {
        DimseStatus status = echo.call(existing(aeTitle));
        return "C-ECHO answered " + status + "\n";
    }

    private KnownPeer existing(String aeTitle) throws SQLException {
        return peers.get(aeTitle).orElseThrow(PeersResource::unknown);
    }

    private static FailureException unknown() {
        return new FailureException(Failure.NOT_FOUND, "There is no such peer; ./dozo peer list shows all");
    }
}
