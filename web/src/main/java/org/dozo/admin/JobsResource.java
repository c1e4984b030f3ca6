// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.dozo.jobs.JobBoard;
import org.dozo.jobs.JobCounts;
import org.dozo.jobs.JobFilter;
import org.dozo.jobs.JobRow;
import org.dozo.jobs.Jobs;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.NullUnmarked;

/** {@code /api/jobs}: what is to be done, on all nodes, and the operators' hand on it. */
@Path("jobs")
@Produces(MediaType.APPLICATION_JSON)
@NullUnmarked
public class JobsResource {

    private static final Set<String> FILTER = Set.of("kind", "lane", "state", "key", "error");
    private static final Set<String> FILTER_AND_PRIORITY = Set.of("kind", "lane", "state", "key", "error", "priority");

    @Inject
    private JobBoard board;

    @Inject
    private Jobs jobs;

    /** {@code {"jobs":[…],"next":ID}}: a page; {@code next} is there if there may be more, and is asked for as {@code after}. */
    @GET
    public String list(
            @QueryParam("kind") String kind,
            @QueryParam("lane") String lane,
            @QueryParam("state") String state,
            @QueryParam("key") String key,
            @QueryParam("error") String error,
            @QueryParam("after") @DefaultValue("0") String after,
            @QueryParam("limit") @DefaultValue("100") String limit)
            throws SQLException {
        JobFilter filter = new JobFilter(null, kind, lane, JobJson.state(state), key, error);
        long most = number("limit", limit);
        List<JobRow> page = board.list(filter, number("after", after), (int) Math.min(most, Integer.MAX_VALUE));
        JsonArrayBuilder array = Json.createArrayBuilder();
        page.forEach(job -> array.add(JobJson.of(job)));
        JsonObjectBuilder answer = Json.createObjectBuilder().add("jobs", array);
        if (page.size() == most) {
            answer.add("next", page.getLast().id());
        }
        return answer.build().toString();
    }

    @GET
    @Path("kinds")
    public String kinds() throws SQLException {
        Map<String, JobCounts> counts = jobs.counts();
        JsonArrayBuilder array = Json.createArrayBuilder();
        board.kinds()
                .forEach(kind ->
                        array.add(JobJson.of(kind, counts.get(kind.kind().name()))));
        return array.build().toString();
    }

    @GET
    @Path("pauses")
    public String pauses() throws SQLException {
        return Answers.array(board.pauses(), JobJson::of);
    }

    @GET
    @Path("{id: \\d{1,18}}")
    public String get(@PathParam("id") long id) throws SQLException {
        List<JobRow> found = board.list(JobFilter.ofId(id), 0, 1);
        if (found.isEmpty()) {
            throw unknown();
        }
        return JobJson.of(found.getFirst()).toString();
    }

    @POST
    @Path("{id: \\d{1,18}}/retry")
    @Consumes(MediaType.APPLICATION_JSON)
    public String retry(@PathParam("id") long id) throws SQLException {
        return one(id, board.retry(JobFilter.ofId(id)), "is ready or at work: there is nothing to retry");
    }

    @POST
    @Path("{id: \\d{1,18}}/cancel")
    @Consumes(MediaType.APPLICATION_JSON)
    public String cancel(@PathParam("id") long id) throws SQLException {
        return one(id, board.cancel(JobFilter.ofId(id)), "could not be cancelled");
    }

    /** {@code {"priority":9}}. */
    @POST
    @Path("{id: \\d{1,18}}/priority")
    @Consumes(MediaType.APPLICATION_JSON)
    public String prioritise(@PathParam("id") long id, String body) throws SQLException {
        int priority = JobJson.priority(JobJson.object(body, Set.of("priority")));
        return one(id, board.prioritise(JobFilter.ofId(id), priority), "has this priority already");
    }

    /** {@code {"kind":…}} and what else of lane, state, key, error narrows it; answers with {@code {"changed":N}}. */
    @POST
    @Path("retry")
    @Consumes(MediaType.APPLICATION_JSON)
    public String retry(String body) throws SQLException {
        return changed(board.retry(JobJson.filter(JobJson.object(body, FILTER))));
    }

    @POST
    @Path("cancel")
    @Consumes(MediaType.APPLICATION_JSON)
    public String cancel(String body) throws SQLException {
        return changed(board.cancel(JobJson.filter(JobJson.object(body, FILTER))));
    }

    @POST
    @Path("priority")
    @Consumes(MediaType.APPLICATION_JSON)
    public String prioritise(String body) throws SQLException {
        JsonObject object = JobJson.object(body, FILTER_AND_PRIORITY);
        return changed(board.prioritise(JobJson.filter(object), JobJson.priority(object)));
    }

    /** {@code {"kind":…,"lane":…,"reason":…}}; without a lane the whole kind. */
    @POST
    @Path("pause")
    @Consumes(MediaType.APPLICATION_JSON)
    public String pause(String body) throws SQLException {
        JsonObject object = JobJson.object(body, Set.of("kind", "lane", "reason"));
        board.pause(
                kind(object),
                JobJson.text(object, "lane"),
                Objects.requireNonNullElse(JobJson.text(object, "reason"), ""));
        return pauses();
    }

    @POST
    @Path("resume")
    @Consumes(MediaType.APPLICATION_JSON)
    public String resume(String body) throws SQLException {
        JsonObject object = JobJson.object(body, Set.of("kind", "lane"));
        if (!board.resume(kind(object), JobJson.text(object, "lane"))) {
            throw new FailureException(Failure.NOT_FOUND, "There is no such pause; GET /api/jobs/pauses lists all");
        }
        return pauses();
    }

    private static String kind(JsonObject object) {
        String kind = JobJson.text(object, "kind");
        if (kind == null) {
            throw JobJson.invalid("needs a \"kind\"; GET /api/jobs/kinds lists them");
        }
        return kind;
    }

    private String one(long id, long changed, String fault) throws SQLException {
        if (changed == 0) {
            if (board.list(JobFilter.ofId(id), 0, 1).isEmpty()) {
                throw unknown();
            }
            throw new FailureException(Failure.CONFLICT, "Job " + id + " " + fault);
        }
        return changed(changed);
    }

    private static String changed(long number) {
        return Json.createObjectBuilder().add("changed", number).build().toString();
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw JobJson.invalid("needs a whole number for " + name + ", not " + value);
        }
    }

    private static FailureException unknown() {
        return new FailureException(
                Failure.NOT_FOUND, "There is no such job: it is done or cancelled, or there never was one");
    }
}
