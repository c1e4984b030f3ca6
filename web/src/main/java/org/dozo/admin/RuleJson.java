// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dozo.forward.rules.Condition;
import org.dozo.forward.rules.PastTrial;
import org.dozo.forward.rules.Rule;
import org.dozo.forward.rules.RuleFields;
import org.dozo.forward.rules.StudyTrial;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** A rule as JSON: {@code {"name","when","condition","destinations":[…],"priority","enabled","delay","quiet","note","window","coercion":{…},"transferSyntaxes":[…]}}; and its trials. */
final class RuleJson {

    private RuleJson() {}

    static JsonObject of(Rule rule) {
        return Json.createObjectBuilder(RuleFields.of(rule)).build();
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the field */
    static Rule parse(JsonObject rule) {
        return RuleFields.read(fields(rule));
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} if it is none */
    static JsonObject object(String body) {
        try (JsonReader reader = Json.createReader(new StringReader(body))) {
            return reader.readObject();
        } catch (JsonException | IllegalStateException e) {
            throw new FailureException(Failure.INVALID_RECORD, "The body must be a JSON object", e);
        }
    }

    /** Texts, whole numbers, truth values, lists of them and such objects as Java's; whatever else as it is, which no field takes. */
    private static Map<String, Object> fields(JsonObject object) {
        Map<String, Object> fields = new LinkedHashMap<>();
        object.forEach((name, value) -> fields.put(name, value(value)));
        return fields;
    }

    private static Object value(JsonValue value) {
        return switch (value) {
            case JsonString text -> text.getString();
            case JsonNumber number when isInt(number) -> number.intValue();
            case JsonObject object -> fields(object);
            case JsonArray list -> list.stream().map(RuleJson::value).toList();
            default ->
                switch (value.getValueType()) {
                    case TRUE -> true;
                    case FALSE -> false;
                    default -> value;
                };
        };
    }

    private static boolean isInt(JsonNumber number) {
        return number.isIntegral() && number.bigIntegerValue().bitLength() < Integer.SIZE;
    }

    static JsonObject of(Condition condition, String study, StudyTrial trial) {
        var instances = Json.createArrayBuilder();
        for (StudyTrial.Verdict verdict : trial.instances()) {
            JsonObjectBuilder instance = Json.createObjectBuilder()
                    .add("series", verdict.seriesInstanceUid())
                    .add("instance", verdict.sopInstanceUid())
                    .add("matches", verdict.whyNot().isEmpty());
            if (!verdict.whyNot().isEmpty()) {
                instance.add("why", verdict.whyNot());
            }
            instances.add(instance);
        }
        return Json.createObjectBuilder()
                .add("condition", condition.toString())
                .add("study", study)
                .add("matching", trial.matching())
                .add("of", trial.of())
                .add("complete", trial.complete())
                .add(
                        "sentence",
                        "matches %d of %d instances%s"
                                .formatted(trial.matching(), trial.of(), unlessComplete(trial.complete())))
                .add("instances", instances)
                .build();
    }

    static JsonObject of(Condition condition, PastTrial trial) {
        return Json.createObjectBuilder()
                .add("condition", condition.toString())
                .add("matching", trial.matching())
                .add("of", trial.of())
                .add("complete", trial.complete())
                .add("unreadable", trial.unreadable())
                .add(
                        "sentence",
                        "would have matched %d of the last %d studies%s"
                                .formatted(trial.matching(), trial.of(), unlessComplete(trial.complete())))
                .add("studies", Json.createArrayBuilder(List.copyOf(trial.examples())))
                .build();
    }

    /** A trial for people: its sentence, then the instances and what fails, or the studies. */
    static String text(JsonObject trial) {
        StringBuilder text = new StringBuilder(trial.getString("condition"))
                .append("\n")
                .append(trial.getString("sentence"))
                .append("\n");
        for (JsonValue each :
                trial.getOrDefault("instances", JsonValue.EMPTY_JSON_ARRAY).asJsonArray()) {
            JsonObject instance = each.asJsonObject();
            text.append(instance.getBoolean("matches") ? "+ " : "- ")
                    .append(instance.getString("instance"))
                    .append(instance.containsKey("why") ? "  " + instance.getString("why") : "")
                    .append("\n");
        }
        for (JsonValue each :
                trial.getOrDefault("studies", JsonValue.EMPTY_JSON_ARRAY).asJsonArray()) {
            text.append("+ ").append(((JsonString) each).getString()).append("\n");
        }
        return text.toString();
    }

    private static String unlessComplete(boolean complete) {
        return complete ? "" : ", as far as they were looked at in the time there is";
    }
}
