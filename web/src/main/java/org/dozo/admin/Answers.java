// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** What the collections of operators' records answer alike. */
final class Answers {

    private Answers() {}

    static <T> String array(List<T> all, Function<T, JsonObject> form) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        all.forEach(each -> array.add(form.apply(each)));
        return array.build().toString();
    }

    /**
     * 201, with the record.
     *
     * @param collection the last part of its address, such as {@code peers}
     * @param name of the record in it, in any characters
     */
    static Response created(String collection, String name, JsonObject json) {
        String part = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        return Response.created(URI.create(collection + "/" + part))
                .type(MediaType.APPLICATION_JSON)
                .entity(json.toString())
                .build();
    }

    /**
     * A record is put where its name says.
     *
     * @param field that names it
     * @throws FailureException {@link Failure#INVALID_RECORD}
     */
    static void requireSameName(String field, String ofAddress, String ofBody) {
        if (!ofBody.equals(ofAddress)) {
            throw new FailureException(
                    Failure.INVALID_RECORD,
                    "The body's " + field + " is not that of the address; remove and add to rename");
        }
    }
}
