// SPDX-License-Identifier: Apache-2.0
package org.dozo.index;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.time.LocalDate;
import java.util.List;
import org.dozo.jobs.NewJob;

/**
 * A wish for the priors of a study's patient that another archive holds, as the payload of a job: whoever brings studies does it, and
 * announces another job when that has ended. Holds nothing of the patient: who he is says the index.
 *
 * @param source AE title of the other archive
 * @param study Study Instance UID of the new study, which the index holds
 * @param modalities of one series of the prior; none for any
 * @param bodyParts of that series; none for any
 * @param from the oldest Study Date wanted
 * @param to the latest
 * @param most the newest so many, those counted that the archive holds already
 * @param priority of the jobs
 * @param next announced when all that could be brought has come, or when there was nothing to bring
 */
public record PriorRequest(
        String source,
        String study,
        List<String> modalities,
        List<String> bodyParts,
        LocalDate from,
        LocalDate to,
        int most,
        int priority,
        NewJob next) {

    /** The kind of job that carries it. */
    public static final String JOB = "prior-pull";

    public PriorRequest {
        modalities = List.copyOf(modalities);
        bodyParts = List.copyOf(bodyParts);
    }

    /** The same wish twice is one job. */
    public NewJob job() {
        String payload = Json.createObjectBuilder()
                .add("source", source)
                .add("study", study)
                .add("modalities", array(modalities))
                .add("bodyParts", array(bodyParts))
                .add("from", from.toString())
                .add("to", to.toString())
                .add("most", most)
                .add("next", json(next))
                .build()
                .toString();
        return new NewJob(JOB, next.key(), payload, priority).inLane(source);
    }

    /** @throws IllegalArgumentException if the payload is none of {@link #job} */
    public static PriorRequest of(String payload, int priority) {
        try {
            JsonObject object = object(payload);
            return new PriorRequest(
                    object.getString("source"),
                    object.getString("study"),
                    texts(object, "modalities"),
                    texts(object, "bodyParts"),
                    LocalDate.parse(object.getString("from")),
                    LocalDate.parse(object.getString("to")),
                    object.getInt("most"),
                    priority,
                    job(object.getJsonObject("next")));
        } catch (JsonException | ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException("The job's payload is no wish for priors", e);
        }
    }

    /** A job to be announced later. */
    public static JsonObject json(NewJob job) {
        return Json.createObjectBuilder()
                .add("kind", job.kind())
                .add("key", job.key())
                .add("payload", job.payload())
                .add("priority", job.priority())
                .build();
    }

    /** The reverse of {@link #json}. */
    public static NewJob job(JsonObject object) {
        return new NewJob(
                object.getString("kind"),
                object.getString("key"),
                object.getString("payload"),
                object.getInt("priority"));
    }

    public static JsonObject object(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    private static JsonArrayBuilder array(List<String> texts) {
        return Json.createArrayBuilder(texts);
    }

    private static List<String> texts(JsonObject object, String name) {
        return object.getJsonArray(name).getValuesAs(jakarta.json.JsonString::getString);
    }
}
