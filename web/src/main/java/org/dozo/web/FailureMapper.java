// SPDX-License-Identifier: Apache-2.0
package org.dozo.web;

import jakarta.json.Json;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.sql.SQLException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;
import org.jspecify.annotations.NullUnmarked;

/** The one place where a failure becomes an HTTP answer: {@code {"failure","message"}}, or the message alone as text. */
@Provider
@NullUnmarked
public class FailureMapper implements ExceptionMapper<Exception> {

    private static final Logger LOG = Logger.getLogger(FailureMapper.class.getName());

    @Context
    private HttpHeaders headers;

    @Override
    public Response toResponse(Exception exception) {
        return switch (exception) {
            case FailureException failure -> answer(failure.failure(), failure.getMessage());
            case SQLException failure -> {
                LOG.log(Level.WARNING, "DOZO-WEB-002 The database failed a request", failure);
                Failure kind = Failure.of(failure);
                yield answer(kind, kind.sentence());
            }
            case WebApplicationException failure ->
                answer(failure.getResponse().getStatus(), "HTTP", failure.getMessage());
            default -> {
                LOG.log(Level.SEVERE, "DOZO-WEB-001 A request failed inside Dozo", exception);
                yield answer(Failure.PROCESSING_FAILURE, Failure.PROCESSING_FAILURE.sentence());
            }
        };
    }

    private Response answer(Failure failure, String message) {
        return answer(failure.httpStatus(), failure.name(), message);
    }

    private Response answer(int status, String failure, String message) {
        boolean text = headers.getAcceptableMediaTypes().getFirst().isCompatible(MediaType.TEXT_PLAIN_TYPE)
                && !headers.getAcceptableMediaTypes().getFirst().isWildcardType();
        Object body = text
                ? message
                : Json.createObjectBuilder()
                        .add("failure", failure)
                        .add("message", message)
                        .build()
                        .toString();
        return Response.status(status)
                .type(text ? "text/plain; charset=utf-8" : MediaType.APPLICATION_JSON)
                .entity(body)
                .build();
    }
}
