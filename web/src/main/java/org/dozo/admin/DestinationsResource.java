// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
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
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.dozo.access.DestinationFields;
import org.dozo.access.DestinationRegistry;
import org.dozo.access.NamedDestination;
import org.dozo.sending.Carriers;
import org.dozo.sending.Inspector;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.NullUnmarked;

/** {@code /api/destinations}: where rules may send that is no peer. Secrets are files; here they have names only. */
@Path("destinations")
@NullUnmarked
public class DestinationsResource {

    @Inject
    private DestinationRegistry destinations;

    @Inject
    private Carriers carriers;

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String list() throws SQLException {
        return Answers.array(destinations.list(), DestinationsResource::json);
    }

    @GET
    @Produces(AdminApplication.TEXT)
    public String table() throws SQLException {
        List<NamedDestination> all = destinations.list();
        if (all.isEmpty()) {
            return "No destinations besides the peers: ./dozo destination add NAME ADDRESS\n";
        }
        StringBuilder text = new StringBuilder("%-16s %-6s %-50s %s%n".formatted("NAME", "KIND", "ADDRESS", "NOTE"));
        for (NamedDestination each : all) {
            text.append(
                    "%-16s %-6s %-50s %s%n".formatted(each.name(), each.kind().word(), each.address(), each.note()));
        }
        return text.toString();
    }

    @GET
    @Path("{name}")
    @Produces(MediaType.APPLICATION_JSON)
    public String get(@PathParam("name") String name) throws SQLException {
        return json(destinations.get(name).orElseThrow(DestinationsResource::unknown))
                .toString();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(String body) throws SQLException {
        NamedDestination destination = parse(body);
        destinations.add(destination);
        return Answers.created("destinations", destination.name(), json(destination));
    }

    @PUT
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public String put(@PathParam("name") String name, String body) throws SQLException {
        NamedDestination destination = parse(body);
        Answers.requireSameName("name", name, destination.name());
        destinations.put(destination);
        return json(destination).toString();
    }

    @DELETE
    @Path("{name}")
    public void remove(@PathParam("name") String name) throws SQLException {
        if (!destinations.delete(name)) {
            throw unknown();
        }
    }

    /** Tries it as far as can be without leaving anything there. */
    @POST
    @Path("{name}/probe")
    @Produces(MediaType.TEXT_PLAIN)
    public String probe(@PathParam("name") String name) throws SQLException {
        Inspector inspector = carriers.inspector(name).orElseThrow(DestinationsResource::unknown);
        try {
            return "The destination " + name + " is well. " + inspector.trial() + ".\n";
        } catch (IOException e) {
            throw new FailureException(Failure.PEER_UNREACHABLE, String.valueOf(e.getMessage()), e);
        }
    }

    private static NamedDestination parse(String body) {
        return DestinationFields.read(RuleJson.fields(RuleJson.object(body)));
    }

    private static JsonObject json(NamedDestination destination) {
        return Json.createObjectBuilder(DestinationFields.of(destination)).build();
    }

    private static FailureException unknown() {
        return new FailureException(
                Failure.NOT_FOUND,
                "There is no such destination; GET /api/destinations shows all, /api/peers the peers");
    }
}
