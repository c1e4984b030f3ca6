// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import org.dozo.forward.Delivery;
import org.dozo.forward.ForwardService;
import org.jspecify.annotations.NullUnmarked;

/** {@code /api/deliveries}: what is to arrive where, how far it is, and how that is known. */
@Path("deliveries")
@NullUnmarked
public class DeliveriesResource {

    private static final int ROUTINE = 5;

    @Inject
    private ForwardService forward;

    /** Those touched last; with {@code study} also their history. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String list(
            @QueryParam("study") @DefaultValue("") String study,
            @QueryParam("destination") @DefaultValue("") String destination)
            throws SQLException {
        return Answers.array(forward.list(study, destination), DeliveryJson::of);
    }

    /** For a terminal, a line each. */
    @GET
    @Produces(AdminApplication.TEXT)
    public String show(
            @QueryParam("study") @DefaultValue("") String study,
            @QueryParam("destination") @DefaultValue("") String destination)
            throws SQLException {
        StringBuilder text = new StringBuilder();
        for (Delivery each : forward.list(study, destination)) {
            text.append("%-16s %-9s %d of %d %s %s %s%n"
                    .formatted(
                            each.destination(),
                            each.state().word(),
                            each.sent(),
                            each.of(),
                            each.proof().map(proof -> proof.word()).orElse("-"),
                            each.study(),
                            each.error()));
        }
        return text.toString();
    }

    /** {@code {"study","destination"}}, perhaps with {@code "priority"} and {@code "again"}: sends a study now. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response request(String body) throws SQLException {
        JsonObject wanted =
                DeliveryJson.parse(body, new TreeSet<>(List.of("study", "destination", "priority", "again")));
        Delivery delivery = forward.request(
                DeliveryJson.text(wanted, "study"),
                DeliveryJson.text(wanted, "destination"),
                DeliveryJson.number(wanted, "priority", ROUTINE),
                DeliveryJson.flag(wanted, "again"));
        return Response.accepted(DeliveryJson.of(delivery).toString())
                .type(MediaType.APPLICATION_JSON)
                .build();
    }

    /** {@code {}}, or with {@code "study"} or {@code "destination"} only those: tries again what has failed. */
    @POST
    @Path("retry")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public String retry(String body) throws SQLException {
        JsonObject wanted = DeliveryJson.parse(body, new TreeSet<>(List.of("study", "destination")));
        int deliveries =
                forward.retry(DeliveryJson.textOrNone(wanted, "study"), DeliveryJson.textOrNone(wanted, "destination"));
        return Json.createObjectBuilder().add("deliveries", deliveries).build().toString();
    }
}
