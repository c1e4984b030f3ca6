// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
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
import java.util.TreeSet;
import org.dozo.forward.PrefetchService;
import org.dozo.forward.rules.PrefetchRegistry;
import org.dozo.forward.rules.PrefetchRule;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.NullUnmarked;

/** {@code /api/prefetch}: which priors go where when a study arrives, and what a rule would do for one. */
@Path("prefetch")
@NullUnmarked
public class PrefetchResource {

    @Inject
    private PrefetchRegistry rules;

    @Inject
    private PrefetchService prefetch;

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String list() throws SQLException {
        return Answers.array(rules.list(), PrefetchJson::of);
    }

    @GET
    @Produces(AdminApplication.TEXT)
    public String table() throws SQLException {
        List<PrefetchRule> all = rules.list();
        if (all.isEmpty()) {
            return "No prefetch rules yet: POST one to /api/prefetch\n";
        }
        StringBuilder text = new StringBuilder(
                "%-24s %-3s %3s %-40s %-24s %s%n".formatted("NAME", "ON", "PRI", "PRIORS", "TO", "FOR WHAT ARRIVES"));
        for (PrefetchRule rule : all) {
            text.append("%-24s %-3s %3d %-40s %-24s %s%n"
                    .formatted(
                            rule.name(),
                            rule.enabled() ? "on" : "off",
                            rule.priority(),
                            rule.priors().inWords(),
                            String.join(",", rule.destinations()),
                            rule.condition()));
        }
        return text.toString();
    }

    @GET
    @Path("{name}")
    @Produces(MediaType.APPLICATION_JSON)
    public String get(@PathParam("name") String name) throws SQLException {
        return PrefetchJson.of(existing(name)).toString();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(String body) throws SQLException {
        PrefetchRule rule = PrefetchJson.parse(RuleJson.object(body));
        rules.add(rule);
        return Answers.created("prefetch", rule.name(), PrefetchJson.of(rule));
    }

    @PUT
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public String put(@PathParam("name") String name, String body) throws SQLException {
        PrefetchRule rule = PrefetchJson.parse(RuleJson.object(body));
        Answers.requireSameName("name", name, rule.name());
        rules.put(rule);
        return PrefetchJson.of(rule).toString();
    }

    @DELETE
    @Path("{name}")
    public void remove(@PathParam("name") String name) throws SQLException {
        if (!rules.delete(name)) {
            throw unknown();
        }
    }

    /** {@code {"rule","study"}}, the rule by name or whole: which priors of the study would go where, and why others not. */
    @POST
    @Path("test")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public String test(String body) throws SQLException {
        return trial(body).toString();
    }

    @POST
    @Path("test")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(AdminApplication.TEXT)
    public String testInWords(String body) throws SQLException {
        return PrefetchJson.text(trial(body));
    }

    /** {@code {"rule","study"}}, perhaps with {@code "again"}: sends the priors of a study now, whether the rule was called or not. */
    @POST
    @Path("run")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response run(String body) throws SQLException {
        JsonObject wanted = DeliveryJson.parse(body, new TreeSet<>(List.of("rule", "study", "again")));
        prefetch.run(
                DeliveryJson.text(wanted, "rule"),
                DeliveryJson.text(wanted, "study"),
                DeliveryJson.flag(wanted, "again"));
        return Response.accepted().build();
    }

    private JsonObject trial(String body) throws SQLException {
        JsonObject question = DeliveryJson.parse(body, new TreeSet<>(List.of("rule", "study")));
        String study = DeliveryJson.text(question, "study");
        PrefetchRule rule = rule(question.get("rule"));
        return PrefetchJson.of(rule, study, prefetch.test(rule, study));
    }

    private PrefetchRule rule(JsonValue rule) throws SQLException {
        return switch (rule) {
            case JsonString name -> existing(name.getString());
            case JsonObject fields -> PrefetchJson.parse(fields);
            case null, default ->
                throw new FailureException(
                        Failure.INVALID_RECORD,
                        "A test of a prefetch rule needs for \"rule\" the name of one or a whole one");
        };
    }

    private PrefetchRule existing(String name) throws SQLException {
        return rules.get(name).orElseThrow(PrefetchResource::unknown);
    }

    private static FailureException unknown() {
        return new FailureException(Failure.NOT_FOUND, "There is no such prefetch rule; GET /api/prefetch lists all");
    }
}
