// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dozo.access.OperatorSecret;
import org.dozo.ingest.imports.ImportProgress;
import org.dozo.ingest.imports.ImportService;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.NullUnmarked;

/**
 * {@code /api/imports}: files of this machine into the archive. Even in evaluation mode only for the operator's own command: otherwise
 * any user of the machine could have the node read files that are not his.
 */
@Path("imports")
@NullUnmarked
public class ImportsResource {

    private static final Set<String> FIELDS = Set.of("paths", "inPlace");

    @Inject
    private ImportService imports;

    @Inject
    private OperatorSecret operator;

    @HeaderParam(HttpHeaders.AUTHORIZATION)
    private String authorization;

    /** {@code {"paths":[…],"inPlace":false}}; answers with the import that has begun, or that runs with just these paths already. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public String start(String body) {
        return ImportJson.of(begin(body)).toString();
    }

    /** As {@link #start}; answers with the import's id alone. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(AdminApplication.TEXT)
    public String startForPeople(String body) {
        return begin(body).id() + "\n";
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String list() {
        requireOperator();
        return Answers.array(imports.list(), ImportJson::of);
    }

    @GET
    @Path("{id}")
    @Produces(MediaType.APPLICATION_JSON)
    public String get(@PathParam("id") String id) {
        return ImportJson.of(existing(id)).toString();
    }

    /** For a terminal: the state, the line of progress, the counts, the report's path, the message; a line each. */
    @GET
    @Path("{id}")
    @Produces(AdminApplication.TEXT)
    public String show(@PathParam("id") String id) {
        return ImportText.of(existing(id));
    }

    /** Stops it once the files in hand are taken. */
    @DELETE
    @Path("{id}")
    public void cancel(@PathParam("id") String id) {
        requireOperator();
        if (!imports.cancel(id)) {
            throw unknown();
        }
    }

    private ImportProgress begin(String body) {
        requireOperator();
        JsonObject request = object(body);
        return imports.start(paths(request), inPlace(request));
    }

    private static boolean inPlace(JsonObject request) {
        return switch (request.getOrDefault("inPlace", JsonValue.FALSE).getValueType()) {
            case TRUE -> true;
            case FALSE -> false;
            default -> throw invalid("needs true or false for \"inPlace\"");
        };
    }

    private static List<String> paths(JsonObject request) {
        for (String field : request.keySet()) {
            if (!FIELDS.contains(field)) {
                throw invalid("has no field \"" + field + "\"; its fields are paths and inPlace");
            }
        }
        if (!(request.get("paths") instanceof JsonArray values)) {
            throw invalid("needs the list \"paths\"");
        }
        List<String> paths = new ArrayList<>();
        for (JsonValue value : values) {
            if (!(value instanceof JsonString text)) {
                throw invalid("needs texts in \"paths\"");
            }
            paths.add(text.getString());
        }
        return paths;
    }

    private static JsonObject object(String body) {
        try (JsonReader reader = Json.createReader(new StringReader(body))) {
            return reader.readObject();
        } catch (JsonException | IllegalStateException e) {
            throw invalid("must be a JSON object");
        }
    }

    private ImportProgress existing(String id) {
        requireOperator();
        return imports.find(id).orElseThrow(ImportsResource::unknown);
    }

    private void requireOperator() {
        if (!operator.isShownBy(authorization)) {
            throw new FailureException(
                    Failure.NOT_AUTHORISED,
                    "Imports read files of this machine: use ./dozo import as the user whose data directory it is");
        }
    }

    private static FailureException invalid(String fault) {
        return new FailureException(Failure.INVALID_RECORD, "An import " + fault);
    }

    private static FailureException unknown() {
        return new FailureException(
                Failure.NOT_FOUND,
                "This node knows no such import. Was it restarted? Run the same import again: what is in the archive is"
                        + " passed over");
    }
}
