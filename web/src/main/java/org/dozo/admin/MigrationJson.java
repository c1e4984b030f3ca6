// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.dozo.migrate.Certificate;
import org.dozo.migrate.MigratedStudy;
import org.dozo.migrate.Migration;
import org.dozo.migrate.StudyState;
import org.jspecify.annotations.Nullable;

/** Migrations, their studies and certificates as JSON, and as text. */
final class MigrationJson {

    private MigrationJson() {}

    /** {@code {"id","source","state","from","to", …, "studies":{"queued":3, …}, …}}; from and to are null for a list of studies. */
    static JsonObject of(Migration migration) {
        JsonObjectBuilder studies = Json.createObjectBuilder();
        for (StudyState state : StudyState.values()) {
            studies.add(state.word(), migration.count(state));
        }
        return Json.createObjectBuilder()
                .add("id", migration.id())
                .add("source", migration.source())
                .add("state", migration.state().word())
                .add("from", date(migration.from()))
                .add("to", date(migration.to()))
                .add("modality", migration.modality())
                .add("studiesAtOnce", migration.studiesAtOnce())
                .add("studiesPerHour", migration.studiesPerHour())
                .add("objectsPerSecond", migration.objectsPerSecond())
                .add("hours", migration.hours())
                .add("matchLimit", migration.matchLimit())
                .add("priority", migration.priority())
                .add("note", migration.note())
                .add("studies", studies)
                .add("spansOpen", migration.spansOpen())
                .add("spansCut", migration.spansCut())
                .add("objects", migration.objects())
                .add("error", migration.error())
                .add("createdAt", migration.createdAt().toString())
                .add("updatedAt", migration.updatedAt().toString())
                .build();
    }

    private static JsonValue date(@Nullable LocalDate date) {
        return date == null ? JsonValue.NULL : Json.createValue(date.toString());
    }

    static JsonObject of(MigratedStudy study) {
        return Json.createObjectBuilder()
                .add("study", study.study())
                .add("state", study.state().word())
                .add("attempts", study.attempts())
                .add("said", count(study.said()))
                .add("held", count(study.held()))
                .add("error", study.error())
                .add("updatedAt", study.updatedAt().toString())
                .build();
    }

    private static JsonValue count(int count) {
        return count < 0 ? JsonValue.NULL : Json.createValue(count);
    }

    /** UID, state, attempts, what keeps it back. */
    static String line(MigratedStudy study) {
        return "%s %s %d %s%n".formatted(study.study(), study.state().word(), study.attempts(), study.error());
    }

    /** UID, whether all is held, instances that the source has, instances held, digest. */
    static String line(Certificate certificate) {
        return "%s %s %d %d %s%n"
                .formatted(
                        certificate.study(),
                        certificate.complete() ? "complete" : "incomplete",
                        certificate.said(),
                        certificate.held(),
                        certificate.digest());
    }

    static JsonObjectBuilder of(Certificate certificate) {
        JsonArrayBuilder missing = Json.createArrayBuilder(certificate.missing());
        return Json.createObjectBuilder()
                .add("study", certificate.study())
                .add("complete", certificate.complete())
                .add("said", certificate.said())
                .add("named", certificate.named())
                .add("held", certificate.held())
                .add("missing", missing)
                .add("missingCount", certificate.missingCount())
                .add("more", certificate.more())
                .add("alternates", certificate.alternates())
                .add("digest", certificate.digest())
                .add("source", certificate.source())
                .add("sourceAddress", certificate.sourceAddress())
                .add("remark", certificate.remark())
                .add("issuedAt", certificate.issuedAt().toString());
    }

    static JsonObject of(Certificate.Full full) {
        JsonArrayBuilder instances = Json.createArrayBuilder();
        full.instances()
                .forEach(instance -> instances.add(Json.createObjectBuilder()
                        .add("instance", instance.sopInstanceUid())
                        .add("sha256", instance.sha256())
                        .add("alternates", instance.alternates())));
        return of(full.certificate())
                .add("unchanged", full.isUnchanged())
                .add("instances", instances)
                .build();
    }

    static String table(List<Migration> migrations) {
        StringBuilder text = new StringBuilder("%6s %-16s %-10s %9s %11s %8s %s%n"
                .formatted("ID", "SOURCE", "STATE", "COMPLETE", "INCOMPLETE", "OPEN", "ERROR"));
        for (Migration each : migrations) {
            text.append("%6d %-16s %-10s %9d %11d %8d %s%n"
                    .formatted(
                            each.id(),
                            each.source(),
                            each.state().word(),
                            each.count(StudyState.COMPLETE),
                            each.count(StudyState.INCOMPLETE),
                            each.count(StudyState.QUEUED) + each.count(StudyState.PULLING),
                            each.error()));
        }
        return text.toString();
    }

    /** For a terminal: what, how far, and what keeps it back. */
    static String text(Migration migration) {
        String what = migration.from() == null
                ? "a list of studies"
                : "Study Dates " + migration.from() + " to " + migration.to();
        String counts = Arrays.stream(StudyState.values())
                .map(state -> migration.count(state) + " " + state.word())
                .collect(Collectors.joining(", "));
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "Migration %d from %s, %s: %s%nstudies    %s%nobjects    %d in studies that were tried%n",
                migration.id(),
                migration.source(),
                what,
                migration.state().word(),
                counts,
                migration.objects()));
        if (migration.from() != null) {
            text.append("dates      %d parts still to be asked for, %d that may hold more than the source names%n"
                    .formatted(migration.spansOpen(), migration.spansCut()));
        }
        if (!migration.error().isEmpty()) {
            text.append("waits      ").append(migration.error()).append("\n");
        }
        return text.toString();
    }
}
