// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request for something retrievable, and the headers that its answers share. */
record HttpExchange(
        HttpServletRequest request,
        HttpServletResponse response,
        HttpHeaders headers,
        UriInfo uri,
        Request conditions) {

    /** What the client accepts: by the query parameter {@code accept}, or else the header. */
    AcceptNegotiation accepted() {
        // Undecoded, since a plus sign in application/dicom+json is meant as one.
        List<String> parameters = uri.getQueryParameters(false).getOrDefault("accept", List.of()).stream()
                .map(value -> URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
        return accepted(parameters);
    }

    /** @param parameters outweigh the header Accept, if there are any */
    AcceptNegotiation accepted(List<String> parameters) {
        try {
            return AcceptNegotiation.of(parameters, Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(e.getMessage(), e);
        }
    }

    boolean isHead() {
        return request.getMethod().equals("HEAD");
    }

    /** Whether the bytes as received are asked for, without corrections. */
    boolean wantsOriginal() {
        return uri.getQueryParameters().containsKey("original");
    }

    boolean takesGzip() {
        List<String> encodings = headers.getRequestHeader(HttpHeaders.ACCEPT_ENCODING);
        return encodings != null
                && encodings.stream()
                        .flatMap(value -> List.of(value.split(",")).stream())
                        .map(String::strip)
                        .anyMatch(value -> value.matches("(?i)(x-)?gzip(\\s*;\\s*q=(1(\\.0*)?|0?\\.0*[1-9].*))?"));
    }

    @Nullable
    String header(String name) {
        return request.getHeader(name);
    }

    /** Where {@code /studies} is. */
    String base() {
        String base = uri.getBaseUri().toString();
        return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    /** 304 or 412 if the client's conditions (RFC 9110 §13) say that this version is not to be sent. */
    Optional<Response> unchanged(EntityTag version) {
        Response.ResponseBuilder builder = conditions.evaluatePreconditions(version);
        return builder == null
                ? Optional.empty()
                : Optional.of(builder.tag(version)
                        .header(HttpHeaders.VARY, "Accept, Accept-Encoding")
                        .build());
    }

    /** The answer with its body; to HEAD without, for the container would have it made and throw it away. */
    Response with(Response.ResponseBuilder answer, StreamingOutput body) {
        return isHead() ? answer.build() : answer.entity(body).build();
    }

    /** The start of an answer: patients' data is kept by nobody on the way, and asked for anew each time. */
    static Response.ResponseBuilder answer(int status, String contentType, EntityTag version, Instant lastModified) {
        return Response.status(status)
                .header(HttpHeaders.CONTENT_TYPE, contentType)
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .header(HttpHeaders.VARY, "Accept, Accept-Encoding")
                .lastModified(Date.from(lastModified))
                .tag(version);
    }
}
