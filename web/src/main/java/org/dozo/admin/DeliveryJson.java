// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.Set;
import org.dozo.forward.Delivery;
import org.dozo.forward.Proof;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** A delivery as JSON: {@code {"study","destination","state","sent","of","proof", …}}; {@code proof} is null until there is one. */
final class DeliveryJson {

    private DeliveryJson() {}

    static JsonObject of(Delivery delivery) {
        JsonArrayBuilder history = Json.createArrayBuilder();
        delivery.history()
                .forEach(event -> history.add(Json.createObjectBuilder()
                        .add("at", event.at().toString())
                        .add("event", event.event())
                        .add("detail", event.detail())));
        return Json.createObjectBuilder()
                .add("study", delivery.study())
                .add("destination", delivery.destination())
                .add("state", delivery.state().word())
                .add("sent", delivery.sent())
                .add("of", delivery.of())
                .add("failed", delivery.failed())
                .add(
                        "proof",
                        delivery.proof()
                                .map(Proof::word)
                                .<JsonValue>map(Json::createValue)
                                .orElse(JsonValue.NULL))
                .add("rule", delivery.rule())
                .add("priority", delivery.priority())
                .add("error", delivery.error())
                .add("note", delivery.note())
                .add("updatedAt", delivery.updatedAt().toString())
                .add("history", history)
                .build();
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the field that is not known */
    static JsonObject parse(String body, Set<String> fields) {
        try (JsonReader reader = Json.createReader(new StringReader(body))) {
            JsonObject object = reader.readObject();
            for (String field : object.keySet()) {
                if (!fields.contains(field)) {
                    throw invalid("has no field \"" + field + "\"; its fields are " + String.join(", ", fields));
                }
            }
            return object;
        } catch (JsonException | IllegalStateException e) {
            throw invalid("must be a JSON object");
        }
    }

    static String text(JsonObject object, String field) {
        if (object.get(field) instanceof JsonString text && !text.getString().isEmpty()) {
            return text.getString();
        }
        throw invalid("needs the text \"" + field + "\"");
    }

    /** Empty if it is left out. */
    static String textOrNone(JsonObject object, String field) {
        return object.containsKey(field) ? text(object, field) : "";
    }

    static int number(JsonObject object, String field, int fallback) {
        if (!object.containsKey(field)) {
            return fallback;
        }
        if (object.get(field) instanceof JsonNumber number
                && number.isIntegral()
                && number.longValue() == number.intValue()) {
            return number.intValue();
        }
        throw invalid("needs a whole number for \"" + field + "\"");
    }

    static boolean flag(JsonObject object, String field) {
        return switch (object.getOrDefault(field, JsonValue.FALSE).getValueType()) {
            case TRUE -> true;
            case FALSE -> false;
            default -> throw invalid("needs true or false for \"" + field + "\"");
        };
    }

    private static FailureException invalid(String fault) {
        return new FailureException(Failure.INVALID_RECORD, "The request " + fault);
    }
}
