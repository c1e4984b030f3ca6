// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.json.JsonNumber;
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
import java.util.Set;
import org.dozo.forward.rules.Condition;
import org.dozo.forward.rules.Rule;
import org.dozo.forward.rules.RuleRegistry;
import org.dozo.forward.rules.RuleTrial;
import org.dozo.jobs.Window;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.NullUnmarked;

/** {@code /api/rules}: what is forwarded where, and how a condition would do. */
@Path("rules")
@NullUnmarked
public class RulesResource {

    private static final Set<String> TEST_FIELDS = Set.of("condition", "rule", "study", "last");

    @Inject
    private RuleRegistry rules;

    @Inject
    private RuleTrial trial;

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String list() throws SQLException {
        return Answers.array(rules.list(), RuleJson::of);
    }

    @GET
    @Produces(AdminApplication.TEXT)
    public String table() throws SQLException {
        List<Rule> all = rules.list();
        if (all.isEmpty()) {
            return "No rules yet: POST one to /api/rules\n";
        }
        StringBuilder text = new StringBuilder("%-24s %-9s %-3s %3s %-11s %-24s %s%n"
                .formatted("NAME", "WHEN", "ON", "PRI", "WINDOW", "TO", "CONDITION"));
        for (Rule rule : all) {
            text.append("%-24s %-9s %-3s %3d %-11s %-24s %s%n"
                    .formatted(
                            rule.name(),
                            rule.when().word(),
                            rule.enabled() ? "on" : "off",
                            rule.priority(),
                            rule.handling().window().map(Window::toString).orElse("any time"),
                            String.join(",", rule.destinations()),
                            rule.condition()));
        }
        return text.toString();
    }

    @GET
    @Path("{name}")
    @Produces(MediaType.APPLICATION_JSON)
    public String get(@PathParam("name") String name) throws SQLException {
        return RuleJson.of(existing(name)).toString();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(String body) throws SQLException {
        Rule rule = RuleJson.parse(RuleJson.object(body));
        rules.add(rule);
        return Answers.created("rules", rule.name(), RuleJson.of(rule));
    }

    @PUT
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public String put(@PathParam("name") String name, String body) throws SQLException {
        Rule rule = RuleJson.parse(RuleJson.object(body));
        Answers.requireSameName("name", name, rule.name());
        rules.put(rule);
        return RuleJson.of(rule).toString();
    }

    @DELETE
    @Path("{name}")
    public void remove(@PathParam("name") String name) throws SQLException {
        if (!rules.delete(name)) {
            throw unknown();
        }
    }

    /** How a condition or rule does on a study, {@code {"condition","study"}}, or on the last ones, {@code {"condition","last":1000}}. */
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
        return RuleJson.text(trial(body));
    }

    private JsonObject trial(String body) throws SQLException {
        JsonObject question = RuleJson.object(body);
        for (String field : question.keySet()) {
            if (!TEST_FIELDS.contains(field)) {
                throw invalid("has no field \"" + field + "\"; its fields are condition, rule, study, last");
            }
        }
        Condition condition = condition(question);
        if (question.containsKey("study") == question.containsKey("last")) {
            throw invalid("needs either \"study\" or \"last\"");
        }
        if (question.get("study") instanceof JsonString study) {
            return RuleJson.of(condition, study.getString(), trial.onStudy(condition, study.getString()));
        }
        if (question.get("last") instanceof JsonNumber last && last.isIntegral()) {
            int studies = last.bigIntegerValue().bitLength() < Integer.SIZE ? last.intValue() : -1;
            return RuleJson.of(condition, trial.onLatest(condition, studies));
        }
        throw invalid("needs a Study Instance UID for \"study\", or a number of studies for \"last\"");
    }

    private Condition condition(JsonObject question) throws SQLException {
        if (question.containsKey("condition") == question.containsKey("rule")) {
            throw invalid("needs either \"condition\" or \"rule\"");
        }
        JsonValue rule = question.get("rule");
        if (rule instanceof JsonString name) {
            return existing(name.getString()).condition();
        }
        if (rule instanceof JsonObject fields) {
            return RuleJson.parse(fields).condition();
        }
        if (question.get("condition") instanceof JsonString text) {
            return Condition.parse(text.getString());
        }
        throw invalid("needs a text for \"condition\", or for \"rule\" the name of one or a whole one");
    }

    private Rule existing(String name) throws SQLException {
        return rules.get(name).orElseThrow(RulesResource::unknown);
    }

    private static FailureException invalid(String fault) {
        return new FailureException(Failure.INVALID_RECORD, "A test of a rule " + fault);
    }

    private static FailureException unknown() {
        return new FailureException(Failure.NOT_FOUND, "There is no such rule; GET /api/rules lists all");
    }
}
