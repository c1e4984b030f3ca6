// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dozo.migrate.MigratedStudy;
import org.dozo.migrate.Migration;
import org.dozo.migrate.MigrationOrder;
import org.dozo.migrate.MigrationService;
import org.dozo.migrate.StudyState;
import org.jspecify.annotations.NullUnmarked;

/** {@code /api/migrations}: studies that are brought from other archives, how far that is, and the certificate of each. */
@Path("migrations")
@NullUnmarked
public class MigrationsResource {

    private static final String PAGE = "100";

    @Inject
    private MigrationService migrations;

    /** {@code {"source", "studies":[…]}} or {@code {"source","from","to"}}, and perhaps how fast: begins to bring studies to this archive. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Response start(String body) throws SQLException {
        Migration begun = begin(body);
        return Answers.created("migrations", "" + begun.id(), MigrationJson.of(begun));
    }

    /** As {@link #start}; answers with the migration's id alone. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(AdminApplication.TEXT)
    public String startForPeople(String body) throws SQLException {
        return begin(body).id() + "\n";
    }

    private Migration begin(String body) throws SQLException {
        return migrations.start(MigrationOrder.read(RuleJson.fields(RuleJson.object(body))));
    }

    /** The latest first; {@code before} is the lowest id of the page before. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String list(
            @QueryParam("before") @DefaultValue("0") long before, @QueryParam("limit") @DefaultValue(PAGE) int limit)
            throws SQLException {
        return Answers.array(migrations.list(before, limit), MigrationJson::of);
    }

    /** For a terminal, a line each. */
    @GET
    @Produces(AdminApplication.TEXT)
    public String table(
            @QueryParam("before") @DefaultValue("0") long before, @QueryParam("limit") @DefaultValue(PAGE) int limit)
            throws SQLException {
        List<Migration> all = migrations.list(before, limit);
        return all.isEmpty() ? "No migrations yet: ./dozo pull from AET …\n" : MigrationJson.table(all);
    }

    @GET
    @Path("{id: \\d{1,18}}")
    @Produces(MediaType.APPLICATION_JSON)
    public String get(@PathParam("id") long id) throws SQLException {
        return MigrationJson.of(migrations.get(id)).toString();
    }

    @GET
    @Path("{id: \\d{1,18}}")
    @Produces(AdminApplication.TEXT)
    public String show(@PathParam("id") long id) throws SQLException {
        return MigrationJson.text(migrations.get(id));
    }

    /** By Study Instance UID; {@code after} is the last of the page before. */
    @GET
    @Path("{id: \\d{1,18}}/studies")
    @Produces(MediaType.APPLICATION_JSON)
    public String studies(
            @PathParam("id") long id,
            @QueryParam("state") @DefaultValue("") String state,
            @QueryParam("after") @DefaultValue("") String after,
            @QueryParam("limit") @DefaultValue(PAGE) int limit)
            throws SQLException {
        return Answers.array(page(id, state, after, limit), MigrationJson::of);
    }

    /** For a terminal or a script, a line each. */
    @GET
    @Path("{id: \\d{1,18}}/studies")
    @Produces(AdminApplication.TEXT)
    public String studyLines(
            @PathParam("id") long id,
            @QueryParam("state") @DefaultValue("") String state,
            @QueryParam("after") @DefaultValue("") String after,
            @QueryParam("limit") @DefaultValue(PAGE) int limit)
            throws SQLException {
        return page(id, state, after, limit).stream().map(MigrationJson::line).collect(Collectors.joining());
    }

    private List<MigratedStudy> page(long id, String state, String after, int limit) throws SQLException {
        Optional<StudyState> wanted = state.isEmpty() ? Optional.empty() : Optional.of(StudyState.of(state));
        return migrations.studies(id, wanted, after, limit);
    }

    @GET
    @Path("{id: \\d{1,18}}/certificates")
    @Produces(MediaType.APPLICATION_JSON)
    public String certificates(
            @PathParam("id") long id,
            @QueryParam("after") @DefaultValue("") String after,
            @QueryParam("limit") @DefaultValue(PAGE) int limit)
            throws SQLException {
        return Answers.array(
                migrations.certificates(id, after, limit),
                certificate -> MigrationJson.of(certificate).build());
    }

    /** For a terminal or a script, a line each. */
    @GET
    @Path("{id: \\d{1,18}}/certificates")
    @Produces(AdminApplication.TEXT)
    public String certificateLines(
            @PathParam("id") long id,
            @QueryParam("after") @DefaultValue("") String after,
            @QueryParam("limit") @DefaultValue(PAGE) int limit)
            throws SQLException {
        return migrations.certificates(id, after, limit).stream()
                .map(MigrationJson::line)
                .collect(Collectors.joining());
    }

    /** With every instance that is held now, and whether these are still those certified. */
    @GET
    @Path("{id: \\d{1,18}}/certificates/{study}")
    @Produces(MediaType.APPLICATION_JSON)
    public String certificate(@PathParam("id") long id, @PathParam("study") String study) throws SQLException {
        return MigrationJson.of(migrations.certificate(id, study)).toString();
    }

    @POST
    @Path("{id: \\d{1,18}}/pause")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public String pause(@PathParam("id") long id) throws SQLException {
        return MigrationJson.of(migrations.pause(id)).toString();
    }

    @POST
    @Path("{id: \\d{1,18}}/resume")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public String resume(@PathParam("id") long id) throws SQLException {
        return MigrationJson.of(migrations.resume(id)).toString();
    }

    @POST
    @Path("{id: \\d{1,18}}/cancel")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public String cancel(@PathParam("id") long id) throws SQLException {
        return MigrationJson.of(migrations.cancel(id)).toString();
    }

    /** Tries again what is incomplete. */
    @POST
    @Path("{id: \\d{1,18}}/retry")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public String retry(@PathParam("id") long id) throws SQLException {
        return MigrationJson.of(migrations.retry(id)).toString();
    }
}
