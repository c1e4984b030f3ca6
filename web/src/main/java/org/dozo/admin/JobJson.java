// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.Locale;
import java.util.Set;
import org.dozo.jobs.JobCounts;
import org.dozo.jobs.JobFilter;
import org.dozo.jobs.JobRow;
import org.dozo.jobs.KindStatus;
import org.dozo.jobs.Pause;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.Nullable;

/** Jobs, kinds and pauses as JSON, and what is asked of them. */
final class JobJson {

    private JobJson() {}

    static JsonObject of(JobRow job) {
        JsonObjectBuilder object = Json.createObjectBuilder()
                .add("id", job.id())
                .add("kind", job.kind())
                .add("key", job.key())
                .add("lane", job.lane())
                .add("priority", job.priority())
                .add("state", job.state().toLowerCase(Locale.ROOT))
                .add("dueAt", job.dueAt().toString())
                .add("announcedAt", job.announcedAt().toString())
                .add("attempts", job.attempts())
                .add("maxAttempts", job.maxAttempts())
                .add("error", job.error())
                .add("remedy", job.remedy());
        String owner = job.owner();
        if (owner != null) {
            object.add("node", owner);
        }
        String after = job.after();
        if (after != null) {
            object.add("after", after);
        }
        return object.build();
    }

    static JsonObject of(KindStatus status, @Nullable JobCounts counts) {
        JobCounts known = counts == null ? new JobCounts(0, 0, 0) : counts;
        return Json.createObjectBuilder()
                .add("kind", status.kind().name())
                .add("ready", known.ready())
                .add("leased", known.leased())
                .add("failed", known.failed())
                .add("concurrency", status.kind().concurrency())
                .add("laneConcurrency", status.kind().laneConcurrency())
                .add("batch", status.kind().batch())
                .add("attempts", status.kind().retry().attempts())
                .add("windows", Json.createArrayBuilder(status.windows()))
                .add("open", status.open())
                .build();
    }

    static JsonObject of(Pause pause) {
        JsonObjectBuilder object = Json.createObjectBuilder()
                .add("kind", pause.kind())
                .add("reason", pause.reason())
                .add("at", pause.at().toString());
        String lane = pause.lane();
        if (lane != null) {
            object.add("lane", lane);
        }
        return object.build();
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} if it is no object, or has another field than those */
    static JsonObject object(String body, Set<String> fields) {
        try (JsonReader reader = Json.createReader(new StringReader(body.isBlank() ? "{}" : body))) {
            JsonObject object = reader.readObject();
            for (String field : object.keySet()) {
                if (!fields.contains(field)) {
                    throw invalid("has no field \"" + field + "\"; its fields are "
                            + String.join(", ", fields.stream().sorted().toList()));
                }
            }
            return object;
        } catch (JsonException | IllegalStateException e) {
            throw invalid("must be a JSON object");
        }
    }

    /** Null if there is none. */
    static @Nullable String text(JsonObject object, String field) {
        return switch (object.get(field)) {
            case null -> null;
            case JsonString text -> text.getString();
            default -> throw invalid("needs a text in \"" + field + "\"");
        };
    }

    static int priority(JsonObject object) {
        if (object.get("priority") instanceof JsonNumber number
                && number.isIntegral()
                && number.longValue() == number.intValue()) {
            return number.intValue();
        }
        throw invalid("needs the number \"priority\", 0 (bulk) to 9 (STAT)");
    }

    /** Of many jobs: a kind must be named, so that nobody means all by mistake. */
    static JobFilter filter(JsonObject object) {
        String kind = text(object, "kind");
        if (kind == null) {
            throw invalid("needs a \"kind\"; GET /api/jobs/kinds lists them");
        }
        return new JobFilter(
                null,
                kind,
                text(object, "lane"),
                state(text(object, "state")),
                text(object, "key"),
                text(object, "error"));
    }

    static @Nullable String state(@Nullable String word) {
        return word == null ? null : word.toUpperCase(Locale.ROOT);
    }

    static FailureException invalid(String fault) {
        return new FailureException(Failure.INVALID_RECORD, "A request about jobs " + fault);
    }
}
